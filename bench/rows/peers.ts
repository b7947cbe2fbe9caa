import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { installPackages } from '../../scripts/setup/packages.mjs';
import { SetupError } from '../../scripts/setup/report.mjs';
import { governedHouse, governedLanes, inFlight, takeTurn, type Lane } from '../governed-house.ts';
import { Peer, PeerMissing } from '../peer.ts';
import { steps } from '../peers/rounds.mjs';
import { percentiles, type BenchRow } from '../row.ts';

const root = join(import.meta.dirname, '../..');
const peers = join(root, 'bench/peers');
const rounds = { warmUp: 2, measured: 6 };
const bar = 5;
const livesMs = 50_000;

/**
 * Governed actions beside the durable steps of other runtimes, by turns: as many of both, in as many
 * runs and workflows at once. Where a peer cannot be had, its row is missing, and a line says why.
 */
export async function peersRows(): Promise<BenchRow[]> {
  const isThere = await unlessMissing('DBOS and Restate', () => installPeers(peers));
  if (isThere === undefined) return [];
  const scratch = mkdtempSync(join(tmpdir(), 'bench-peers-'));
  const house = await governedHouse(join(scratch, 'ledger.db'));
  const restoreSignals = exitOnSignals();
  try {
    const lanes = await governedLanes(house);
    const rows = [
      await unlessMissing('governed-vs-dbos', () => besideDbos(lanes)),
      await unlessMissing('governed-vs-restate', () =>
        besidePeer('restate', lanes, join(scratch, 'restate')),
      ),
    ];
    return rows.filter((row) => row !== undefined);
  } finally {
    restoreSignals();
    await house.store.close();
    rmSync(scratch, { recursive: true });
  }
}

/** What the work gives; undefined, and a line of why, when a peer is missing for it. */
export async function unlessMissing<T>(
  name: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PeerMissing)) throw error;
    process.stderr.write(`peers: ${name} left out: ${error.message}\n`);
    return undefined;
  }
}

/**
 * Installs what the lockfile of the folder names, unless it is there already.
 *
 * @throws {PeerMissing} when that fails
 */
export async function installPeers(folder: string): Promise<true> {
  const label = 'installing DBOS and Restate, 240 MB, into bench/peers';
  try {
    await installPackages({
      root: folder,
      home: join(root, '.node'),
      node: process.execPath,
      label,
    });
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new PeerMissing(`not installed: ${error.message}\n  remedy: ${error.remedy}`);
  }
}

/** A signal that ends the bench lets it end the servers that it has started. */
function exitOnSignals(): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const exit = (): never => process.exit(1);
  for (const signal of signals) process.once(signal, exit);
  return () => {
    for (const signal of signals) process.removeListener(signal, exit);
  };
}

async function besideDbos(lanes: readonly Lane[]): Promise<BenchRow> {
  const server = await postgres();
  try {
    return await besidePeer('dbos', lanes, server.url);
  } finally {
    await server.dispose();
  }
}

async function postgres(): Promise<PostgresServer> {
  const none = 'there is no PostgreSQL on this machine';
  const server = await startPostgres().catch((cause: unknown) => {
    throw new PeerMissing(cause instanceof Error ? cause.message : none, { cause });
  });
  if (server === undefined) throw new PeerMissing(none);
  return server;
}

async function besidePeer(
  name: string,
  lanes: readonly Lane[],
  argument: string,
): Promise<BenchRow> {
  const peer = await Peer.start({ file: join(peers, `${name}.mjs`), args: [argument], livesMs });
  const samples: number[] = [];
  const sum = { ourMs: 0, peerMs: 0 };
  try {
    for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
      const peerMs = await peer.round();
      const { tookMs, samplesMs } = await takeTurn(lanes, steps);
      if (round < 0) continue;
      samples.push(...samplesMs);
      sum.ourMs += tookMs;
      sum.peerMs += peerMs;
    }
  } finally {
    await peer.end();
  }
  const perSecond = (samples.length / sum.ourMs) * 1_000;
  const reference = ((rounds.measured * inFlight * steps) / sum.peerMs) * 1_000;
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
