import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findBinaries, type Binaries } from './binaries.ts';

/** A PostgreSQL for tests. */
export interface PostgresServer {
  /** Address of an empty database, for a role that may do everything. */
  readonly url: string;
  /** Whether it was started here, so that it can be killed. */
  readonly isOwn: boolean;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again over the same files, at the same address. */
  restart(): Promise<void>;
  /** Ends it and removes what it wrote. */
  dispose(): Promise<void>;
}

const host = '127.0.0.1';
const startsTried = 100;
const pauseMs = 100;

/**
 * Starts a server on a free port of this machine, in a folder of its own, or takes that of
 * `DATABASE_URL`. Undefined when there is no PostgreSQL to start.
 */
export async function startPostgres(
  find: (scratch: string) => Binaries | undefined = findBinaries,
): Promise<PostgresServer | undefined> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && find === findBinaries) return givenServer(given);
  const folder = mkdtempSync(join(tmpdir(), 'chancery-postgres-'));
  const binaries = find(folder);
  if (binaries === undefined) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const server = new OwnServer(folder, binaries, await freePort());
  try {
    server.initialise();
    await server.restart();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  return server;
}

function givenServer(url: string): PostgresServer {
  const refuse = async (): Promise<never> => {
    throw new Error('the server of DATABASE_URL is not ours to kill');
  };
  return { url, isOwn: false, kill: refuse, restart: refuse, dispose: async () => undefined };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a port has a number');
  return address.port;
}

/** PostgreSQL does not run as root: root lends it another user. */
function user(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const named = spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' });
  const group = spawnSync('id', ['-g', 'postgres'], { encoding: 'utf8' });
  if (named.status !== 0 || group.status !== 0) return { uid: 65_534, gid: 65_534 };
  return { uid: Number(named.stdout), gid: Number(group.stdout) };
}

class OwnServer implements PostgresServer {
  readonly isOwn = true;
  readonly url: string;
  readonly #folder: string;
  readonly #binaries: Binaries;
  readonly #port: number;
  readonly #user = user();
  readonly #password = randomBytes(16).toString('hex');
  #process: ChildProcess | undefined;
  readonly #killAtExit = (): void => {
    this.#process?.kill('SIGKILL');
  };

  constructor(folder: string, binaries: Binaries, port: number) {
    this.#folder = folder;
    this.#binaries = binaries;
    this.#port = port;
    this.url = `postgres://owner:${this.#password}@${host}:${port}/postgres`;
    process.once('exit', this.#killAtExit);
  }

  initialise(): void {
    const secret = join(this.#folder, 'password');
    writeFileSync(secret, this.#password, { mode: 0o600 });
    if (this.#user !== undefined) {
      chownSync(this.#folder, this.#user.uid, this.#user.gid);
      chownSync(secret, this.#user.uid, this.#user.gid);
    }
    const { status, stderr } = spawnSync(
      join(this.#binaries.folder, 'initdb'),
      ['-D', this.#data(), '-U', 'owner', '-A', 'scram-sha-256', '--pwfile', secret].concat([
        '--encoding',
        'UTF8',
        '--locale',
        'C',
        '--no-sync',
      ]),
      { ...this.#options(), encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`initdb: ${stderr}`);
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return;
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  /** After a kill, the sessions of the old server may take a moment to end. */
  async restart(): Promise<void> {
    for (let tried = 0; tried < startsTried; tried += 1) {
      if (this.#process === undefined) this.#process = this.#start();
      const { exitCode } = this.#process;
      if (exitCode !== null) this.#process = undefined;
      else if (await isReady(this.#port)) return;
      await wait(pauseMs);
    }
    throw new Error('PostgreSQL does not start');
  }

  async dispose(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    process.removeListener('exit', this.#killAtExit);
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: pauseMs });
  }

  #start(): ChildProcess {
    const settings = ['-c', `listen_addresses=${host}`, '-c', 'max_connections=60'];
    return spawn(
      join(this.#binaries.folder, 'postgres'),
      ['-D', this.#data(), '-p', String(this.#port), '-k', this.#folder, ...settings],
      { ...this.#options(), stdio: 'ignore' },
    );
  }

  #data(): string {
    return join(this.#folder, 'data');
  }

  #options(): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
    return {
      cwd: this.#folder,
      env: { ...process.env, LC_ALL: 'C', ...this.#binaries.env },
      ...this.#user,
    };
  }
}

/** The server asks for a password when it is ready; while it starts it answers with an error. */
async function isReady(port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    socket.write(greeting());
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString('latin1', 0, 1) === 'R';
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** The first message of version 3 of the protocol. */
function greeting(): Buffer {
  const parameters = Buffer.from('user\0owner\0database\0postgres\0\0');
  const start = Buffer.alloc(8);
  start.writeInt32BE(start.length + parameters.length, 0);
  start.writeInt32BE(3 << 16, 4);
  return Buffer.concat([start, parameters]);
}
