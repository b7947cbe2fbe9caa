import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type {
  Sandbox,
  SandboxCommand,
  SandboxLimits,
  SandboxOutcome,
  SandboxReport,
} from '@chancery/runtime/broker';
import { bubblewrapSandbox, unsafeSandbox } from '../index.ts';
import type { Errand } from './errand-fixture.ts';

/** How a person has a command run. */
export interface Running {
  readonly confined: boolean;
  readonly limits?: Partial<SandboxLimits>;
}

type Told = Omit<SandboxCommand, 'signal'>;

/** Somebody as whom commands are run: with other rights outside, and the same inside. */
export interface Person {
  readonly name: string;
  readonly uid: number;
  run(how: Running, command: Told): Promise<SandboxOutcome>;
  report(limits?: Partial<SandboxLimits>): Promise<SandboxReport>;
  /** Gives a folder to the person, with all that is in it. */
  own(path: string): void;
  leave(): void;
}

/** A number that no account of a usual system has. */
const ordinaryId = 61_234;
const uid = process.getuid?.() ?? 0;

/** Covers the control groups, in a namespace of mounts of its own. */
const hideGroups = 'mount -t tmpfs none /sys/fs/cgroup';

/** Everybody as whom the present user can run something: root is another as well. */
export const persons: readonly (() => Person)[] =
  uid === 0 ? [() => ourselves('root'), anotherUser] : [() => ourselves('an ordinary user')];

/** Those, and root where there are no control groups. */
export const personsOfLimits: readonly (() => Person)[] = mayHideGroups()
  ? [...persons, rootWithoutGroups]
  : persons;

function mayHideGroups(): boolean {
  return (
    uid === 0 && spawnSync('/usr/bin/unshare', ['--mount', 'sh', '-c', hideGroups]).status === 0
  );
}

function ourselves(name: string): Person {
  const sandboxOf = ({ confined, limits = {} }: Running): Sandbox =>
    confined ? bubblewrapSandbox({ limits }) : unsafeSandbox();
  return {
    ...{ name, uid, own: () => undefined, leave: () => undefined },
    run: async (how, command) => {
      const { signal } = new AbortController();
      const ran = await sandboxOf(how).run({ ...command, signal });
      if (!ran.ok) throw new Error(ran.refusal.message);
      return ran.value;
    },
    report: (limits = {}) => sandboxOf({ confined: true, limits }).probe(),
  };
}

type Answer = { readonly ok: true; readonly value: SandboxOutcome } | { readonly ok: false };

function rootWithoutGroups(): Person {
  const start = ['/usr/bin/unshare', '--mount', 'sh', '-c', `${hideGroups} && exec "$@"`, 'sh'];
  return another('root without control groups', 0, start);
}

/** A process of an ordinary user, which has no more rights than the files of the project give all. */
function anotherUser(): Person {
  const start = ['--reuid', String(ordinaryId), '--regid', String(ordinaryId), '--clear-groups'];
  return another('an ordinary user', ordinaryId, ['/usr/bin/setpriv', ...start]);
}

/** A process of its own that `start` makes somebody else. */
function another(name: string, id: number, [program = '', ...words]: readonly string[]): Person {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'person-')));
  const own = (path: string): void => {
    const { status } = spawnSync('chown', ['-hR', `${id}:${id}`, path]);
    if (status !== 0) throw new Error(`${path} cannot be given away`);
  };
  own(folder);
  const child = spawn(
    program,
    [...words, process.execPath, join(import.meta.dirname, 'runner-fixture.ts')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder },
    },
  );
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (errand: Errand): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(errand)}\n`);
    const { value, done } = await answers.next();
    if (done === true) throw new Error('the process of somebody else has ended');
    return JSON.parse(value);
  };
  return {
    ...{ name, uid: id, own },
    run: async ({ confined, limits = {} }, command) => {
      const answer = (await ask({ confined, limits, command })) as Answer;
      if (!answer.ok) throw new Error(JSON.stringify(answer));
      const { stdout, stderr } = answer.value as unknown as Record<'stdout' | 'stderr', string>;
      const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
      return { ...answer.value, stdout: bytes(stdout), stderr: bytes(stderr) };
    },
    report: async (limits = {}) => (await ask({ confined: true, limits })) as SandboxReport,
    leave: () => {
      end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function end(child: ChildProcess): void {
  child.stdin?.end();
  child.kill('SIGKILL');
}
