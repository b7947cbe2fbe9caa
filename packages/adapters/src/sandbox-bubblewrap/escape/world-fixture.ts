import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Person, Running } from './person-fixture.ts';

/** Things outside that an attempt may reach for; the test's own. */
export interface World {
  readonly person: Person;
  readonly outside: string;
  /** A folder that a grant shows. */
  readonly granted: string;
  readonly workspace: string;
  readonly victim: ChildProcess;
  /** Of a System V shared memory segment that holds the secret. */
  readonly memoryKey: number;
  readonly ports: Readonly<Record<'tcp' | 'udp', number>>;
  readonly knocks: Record<'tcp' | 'udp', number>;
  /** Runs a script and tells what it printed. */
  attempt(how: Running, script: string, cwd?: string): Promise<string>;
  /** Whether a knock that was made is sure to have been heard. */
  heard(kind: 'tcp' | 'udp'): Promise<boolean>;
  remove(): Promise<void>;
}

export const secret = 'the planted secret';

const protectedPaths: readonly string[] = ['.ci/jobs/main', 'absent/settings'];

/** A file as text; `absent` where it is not. */
export function read(...path: readonly string[]): string {
  const file = join(...path);
  return existsSync(file) ? readFileSync(file, 'utf8') : 'absent';
}

let worlds = 0;

export async function makeWorld(person: Person): Promise<World> {
  worlds += 1;
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-escape-')));
  chmodSync(base, 0o755);
  const [outside, granted, workspace] = ['outside', 'granted', 'workspace'].map((name) =>
    join(base, name),
  ) as [string, string, string];
  for (const folder of [outside, granted, ...['.git/hooks', '.ci/jobs'].map(inside(workspace))]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(join(outside, 'secret'), secret);
  for (const path of [
    join(outside, 'file'),
    ...['.git/config', '.ci/jobs/main'].map(inside(workspace)),
  ]) {
    writeFileSync(path, 'before');
  }
  linkSync(join(workspace, '.ci/jobs/main'), join(workspace, 'second-name'));
  linkSync(join(workspace, '.git/config'), join(workspace, 'second-config'));
  symlinkSync(outside, join(workspace, 'way-out'));
  const shared = `/dev/shm/chancery-escape-${process.pid}-${worlds}`;
  writeFileSync(shared, secret);
  chmodSync(shared, 0o666);
  person.own(base);
  // After it was given away: a file of root's that everybody runs as root.
  const program = join(workspace, 'as-root');
  copyFileSync('/usr/bin/id', program);
  chmodSync(program, 0o4755);
  const memoryKey = 0x5ec00000 + ((process.pid * 64 + worlds) & 0xfffff);
  const segment = `my $id = shmget(${memoryKey}, 64, 0666 | 01000); shmwrite($id, "${secret}", 0, 18)`;
  spawnSync('/usr/bin/perl', ['-e', segment]);
  const victim = startVictim(person, join(outside, 'secret'));
  const knocks = { tcp: 0, udp: 0 };
  const servers = await startServers({ outside, granted, workspace }, knocks);
  const ports = { tcp: portOf(servers.tcp), udp: servers.udp.address().port };
  return {
    ...{ person, outside, granted, workspace, victim, memoryKey, ports, knocks },
    attempt: async (how, script, cwd = '.') => {
      const { stdout } = await person.run(how, {
        argv: ['sh', '-c', script],
        ...{ workspace, cwd, stdin: null, timeoutMs: 20_000, outputBytes: 65_536 },
        env: {
          ...{ OUTSIDE: outside, GRANTED: granted, VICTIM: String(victim.pid), SHARED: shared },
          ...{ PORT: String(ports.tcp), UDP: String(ports.udp), KEY: String(memoryKey) },
          ...{ NODE: process.execPath, SECRET_NAME: abstractName() },
        },
        ...{ readable: [granted], readOnly: protectedPaths },
      });
      return Buffer.from(stdout).toString();
    },
    heard: async (kind) => {
      const before = knocks[kind];
      await knock(kind, ports[kind]);
      // Knocks are heard in their order: when ours was, any before it was as well.
      while (knocks[kind] === before) await new Promise((done) => setTimeout(done, 2));
      return before > 0 || knocks[kind] > 1;
    },
    remove: async () => {
      victim.kill('SIGKILL');
      spawnSync('/usr/bin/perl', ['-e', `shmctl(shmget(${memoryKey}, 64, 0), 0, 0)`]);
      rmSync(shared, { force: true });
      await servers.close();
      rmSync(dirname(workspace), { recursive: true, force: true });
    },
  };
}

const inside =
  (workspace: string) =>
  (path: string): string =>
    join(workspace, path);

/** Holds the secret in its environment and in descriptor 3. */
function startVictim({ uid }: Person, file: string): ChildProcess {
  const held = openSync(file, 'r');
  const child = spawn('sleep', ['600'], {
    env: { SECRET: secret },
    stdio: ['ignore', 'ignore', 'ignore', held],
    ...(process.getuid?.() === uid ? {} : { uid, gid: uid }),
  });
  closeSync(held);
  return child;
}

const abstractName = (): string => `chancery-escape-${process.pid}-${worlds}`;

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

interface Folders {
  readonly outside: string;
  readonly granted: string;
  readonly workspace: string;
}

interface Servers {
  readonly tcp: Server;
  readonly udp: Socket;
  close(): Promise<void>;
}

async function startServers(
  { outside, granted, workspace }: Folders,
  knocks: World['knocks'],
): Promise<Servers> {
  const tcp = createServer((socket) => {
    knocks.tcp += 1;
    socket.end();
  });
  const udp = createSocket('udp4').on('message', () => {
    knocks.udp += 1;
  });
  const telling = (): Server => createServer((socket) => socket.on('error', () => 0).end(secret));
  const paths = [join(outside, 'bus'), join(granted, 'bus'), join(workspace, 'deep/bus')];
  mkdirSync(join(workspace, 'deep'));
  chmodSync(join(workspace, 'deep'), 0o777);
  const told = [...paths, `\0${abstractName()}`].map((path) => telling().listen(path));
  await Promise.all([
    ...told.map((server) => once(server, 'listening')),
    once(tcp.listen(0, '127.0.0.1'), 'listening'),
    once(udp.bind(0, '127.0.0.1'), 'listening'),
  ]);
  for (const path of paths) chmodSync(path, 0o777);
  return {
    ...{ tcp, udp },
    close: async () => {
      udp.close();
      await Promise.all([tcp, ...told].map((server) => once(server.close(), 'close')));
    },
  };
}

async function knock(kind: 'tcp' | 'udp', port: number): Promise<void> {
  if (kind === 'tcp') {
    await once(createConnection(port, '127.0.0.1').resume(), 'close');
    return;
  }
  const socket = createSocket('udp4');
  await new Promise((done) => {
    socket.send('x', port, '127.0.0.1', done);
  });
  socket.close();
}
