import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { originOf, signCheckpoint } from '@chancery/kernel/tree';
import { gitAnchor, gitAnchorSource } from './index.ts';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(7)));
const branch = 'chancery/anchor';
const noteOf = (size: number): string => {
  const root = String(size % 10).repeat(64);
  return signCheckpoint({ origin: originOf('a'.repeat(64)), size, root, heads: undefined }, [
    signer,
  ]);
};

const path = process.env['PATH'] ?? '';
const realGit = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

/** Whether git can be told to make durable what it writes: since 2.36. */
const [, major = '0', minor = '0'] =
  /([0-9]+)\.([0-9]+)/.exec(execFileSync(realGit, ['version'], { encoding: 'utf8' })) ?? [];
const isTold = Number(major) > 2 || (major === '2' && Number(minor) >= 36);

let folder: string;
let repository: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'failing-git-')));
  repository = join(folder, 'repository');
  git('init', '--quiet', '-b', 'main', repository);
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

function git(...args: readonly string[]): string {
  return execFileSync(realGit, args, { cwd: folder, encoding: 'utf8' }).trim();
}

/** Lets the git that is found be a program of the shell before the real one. */
function gitIs(script: string): void {
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\nexec ${realGit} "$@"\n`, {
    mode: 0o755,
  });
  process.env['PATH'] = `${folder}${delimiter}${path}`;
}

const publish = (size: number) =>
  gitAnchor({ repository, branch, signer, nowMs: () => 1_700_000_000_000 }).publish(noteOf(size));
const published = () => gitAnchorSource({ repository, branch }).published();
const unreachable = { ok: false, refusal: { code: 'anchor.unreachable', retryable: true } };

/** What each way to fail leaves once it is over: what was acknowledged, and room for more. */
async function goesOn(sizes: readonly number[], next: number): Promise<void> {
  process.env['PATH'] = path;
  expect(await published()).toEqual({ ok: true, value: sizes.map(noteOf) });
  expect(await publish(next)).toEqual({ ok: true, value: null });
  expect(await published()).toEqual({ ok: true, value: [...sizes, next].map(noteOf) });
  git('-C', repository, 'fsck', '--strict');
}

describe('an anchor in a git repository that fails', () => {
  it('keeps what it has while another git has the branch locked, or has left its lock', async () => {
    await publish(1);
    const lock = join(repository, `.git/refs/heads/${branch}.lock`);
    writeFileSync(lock, '');
    expect(await publish(2)).toMatchObject(unreachable);
    expect(await published()).toEqual({ ok: true, value: [noteOf(1)] });
    rmSync(lock);
    await goesOn([1], 2);
  });

  it.each(['hash-object', 'update-ref'])(
    'keeps what it has where there is no room for what %s writes',
    async (command) => {
      await publish(1);
      gitIs(`case "$*" in *${command}*) trap '' XFSZ; ulimit -f 0;; esac`);
      expect(await publish(2)).toMatchObject(unreachable);
      await goesOn([1], 2);
    },
  );

  it.each(['hash-object', 'update-ref'])(
    'keeps what it has where git is killed before, or after, its %s',
    async (command) => {
      await publish(1);
      gitIs(`case "$*" in *${command}*) kill -9 $$;; esac`);
      expect(await publish(2)).toMatchObject(unreachable);
      expect(existsSync(join(repository, `.git/refs/heads/${branch}`))).toBe(true);
      gitIs(`case "$*" in *${command}*) ${realGit} "$@" >/dev/null; kill -9 $$;; esac`);
      expect(await publish(2)).toMatchObject(unreachable);
      // Nobody was told that it is kept; it is, and nothing is lost by publishing it again.
      await goesOn(command === 'update-ref' ? [1, 2] : [1], 3);
    },
  );

  it('says that it cannot be read where the disk has taken a commit, and adds nothing', async () => {
    for (const size of [1, 2]) await publish(size);
    const id = git('-C', repository, 'rev-parse', branch);
    const object = join(repository, '.git/objects', id.slice(0, 2), id.slice(2));
    execFileSync('chmod', ['600', object]);
    const whole = readFileSync(object);
    truncateSync(object, 0);
    expect(await published()).toMatchObject(unreachable);
    expect(await publish(3)).toMatchObject(unreachable);
    writeFileSync(object, whole);
    await goesOn([1, 2], 3);
  });

  it.runIf(isTold)('has made durable what it says it keeps', async () => {
    const trace = join(folder, 'trace');
    gitIs(`GIT_TRACE2_EVENT=${trace}; export GIT_TRACE2_EVENT`);
    expect(await publish(1)).toEqual({ ok: true, value: null });
    const lines = readFileSync(trace, 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as Traced);
    const commands = new Map<string, Written>();
    for (const { event, sid, argv = [], category, value = '0' } of events) {
      const command = argv.find((word) => word === 'hash-object' || word === 'update-ref');
      if (event === 'start' && command !== undefined) commands.set(sid, { command, barriers: 0 });
      const written = commands.get(sid);
      if (category === 'fsync' && written !== undefined) written.barriers += Number(value);
    }
    expect([...commands.values()]).toEqual([
      ...['hash-object', 'hash-object', 'hash-object', 'update-ref'].map((command) => ({
        ...{ command, barriers: 1 },
      })),
    ]);
  });
});

interface Written {
  readonly command: string;
  barriers: number;
}

/** A line of what git tells of itself (its trace2, in the form of events). */
interface Traced {
  readonly event: string;
  readonly sid: string;
  readonly argv?: readonly string[];
  readonly category?: string;
  readonly value?: string;
}
