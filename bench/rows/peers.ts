import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { startPostgres } from '@chancery/testkit/postgres-server';
import { npmCi } from '../../scripts/setup/npm.mjs';
import { governedHouse, governedLane, type Lane } from '../governed-house.ts';
import { steps, workflows } from '../peers/rounds.mjs';
import { percentiles, type BenchRow } from '../row.ts';

const folder = join(import.meta.dirname, '../peers');
const rounds = { warmUp: 2, measured: 6 };
const bar = 5;

/**
 * Governed actions beside the durable steps of other runtimes, by turns: as many of both, in as many
 * runs and workflows at once. No rows, and a word of why, where a peer cannot be had.
 */
export async function peersRows(): Promise<BenchRow[]> {
  if (!(await installed())) return [];
  const scratch = mkdtempSync(join(tmpdir(), 'bench-peers-'));
  const house = await governedHouse(join(scratch, 'ledger.db'));
  try {
    const lanes = await Promise.all(Array.from({ length: workflows }, () => governedLane(house)));
    return [...(await besideDbos(lanes)), ...(await besideRestate(lanes, scratch))];
  } finally {
    await house.store.close();
    rmSync(scratch, { recursive: true });
  }
}

async function installed(): Promise<boolean> {
  process.stderr.write('peers: installing DBOS and Restate, 240 MB, into bench/peers …\n');
  try {
    const code = 'PEERS_MISSING';
    const what = 'Installing the peers';
    await npmCi({ node: process.execPath, cwd: folder, code, what });
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`peers: left out, they cannot be installed: ${why}\n`);
    return false;
  }
}

async function besideDbos(lanes: readonly Lane[]): Promise<BenchRow[]> {
  const server = await startPostgres();
  if (server === undefined) {
    process.stderr.write('governed-vs-dbos: left out, there is no PostgreSQL on this machine\n');
    return [];
  }
  try {
    return [await besidePeer('dbos', lanes, server.url)];
  } finally {
    await server.dispose();
  }
}

async function besideRestate(lanes: readonly Lane[], scratch: string): Promise<BenchRow[]> {
  return [await besidePeer('restate', lanes, join(scratch, 'restate'))];
}

async function besidePeer(
  name: string,
  lanes: readonly Lane[],
  argument: string,
): Promise<BenchRow> {
  const peer = await Peer.start(name, argument);
  const samples: number[] = [];
  const sum = { ourMs: 0, peerMs: 0 };
  try {
    for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
      const peerMs = await peer.round();
      const at = performance.now();
      const taken = await Promise.all(lanes.map((lane) => lane(steps)));
      const ourMs = performance.now() - at;
      if (round < 0) continue;
      samples.push(...taken.flat());
      sum.ourMs += ourMs;
      sum.peerMs += peerMs;
    }
  } finally {
    await peer.end();
  }
  const perSecond = (samples.length / sum.ourMs) * 1_000;
  const reference = (samples.length / sum.peerMs) * 1_000;
  const ratio = perSecond / reference;
  return {
    name: `governed-vs-${name}`,
    unit: 'ms',
    ...percentiles(samples),
    perSecond,
    reference: { name: `${name} steps`, perSecond: reference },
    ratio,
    bar,
    met: ratio >= bar,
  };
}

/** A program of `bench/peers`: it runs a round for each line that it is told, and says how long that took. */
class Peer {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #said: AsyncIterator<string>;

  static async start(name: string, argument: string): Promise<Peer> {
    const child = spawn(process.execPath, [join(folder, `${name}.mjs`), argument], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const peer = new Peer(child);
    await peer.#hear('ready');
    return peer;
  }

  private constructor(child: ChildProcess) {
    const { stdout } = child;
    if (stdout === null) throw new Error('the output of a child is not piped');
    this.#child = child;
    this.#lines = createInterface({ input: stdout });
    this.#said = this.#lines[Symbol.asyncIterator]();
  }

  async round(): Promise<number> {
    this.#child.stdin?.write('go\n');
    return Number(await this.#hear('ms'));
  }

  /** Ends it, and its servers with it. */
  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin?.end();
    if (exitCode === null && signalCode === null) await ended;
    this.#lines.close();
  }

  async #hear(member: string): Promise<unknown> {
    const line = await this.#said.next();
    const told: unknown = line.done === true ? undefined : JSON.parse(line.value);
    if (typeof told === 'object' && told !== null && member in told) {
      return (told as Readonly<Record<string, unknown>>)[member];
    }
    throw new Error(`a peer has ended, or told no ${member}`);
  }
}
