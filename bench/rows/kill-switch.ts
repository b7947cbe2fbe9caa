import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { shellCapability } from '@chancery/adapters/capability-shell';
import { bubblewrapSandbox } from '@chancery/adapters/sandbox-bubblewrap';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { switchFile } from '@chancery/adapters/switch-file';
import { Authority, clearControl, engageControl } from '@chancery/runtime/authority';
import { drive, watchAuthority } from '@chancery/runtime/drive';
import {
  houseOf,
  MemoryWorkspace,
  modelOf,
  startTestRun,
  stubbornLine,
  stubbornSleepers,
  treesBelow,
  type TestHouse,
} from '@chancery/testkit/house';
import type { GoneAtMs } from '../gone-watch.ts';
import { inFlight } from '../governed-house.ts';
import { valueOf } from '../policy-text.ts';
import { percentiles, type BenchRow } from '../row.ts';

const mostMs = 500;
const rounds = { warmUp: 1, measured: 3 };

/** Processes of each tree. */
type Trees = readonly (readonly number[])[];

/** One way to end them all. */
interface Way {
  /** Starts one command, and answers once it is on its way. */
  readonly start: () => Promise<{ readonly ended: Promise<unknown> }>;
  /** Sets the switch, and answers how to take it back. */
  readonly set: (trees: Trees) => Promise<() => Promise<unknown>>;
}

/**
 * From the moment before a switch is set until the last process of a run is gone, of each of 64 runs
 * whose commands ignore signals, leave their session and fork twice, in the real sandbox. One process
 * drives all of them; the switch is set in it, and so is not late by the start of another. The last
 * row is the floor of the machine: the same commands in the same sandboxes, whose launchers are killed
 * by hand; the kernel kills what is inside.
 */
export async function killSwitchRows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-kill-'));
  const watcher = new Worker(new URL('../gone-watch.ts', import.meta.url));
  const store = openSqliteStore({ path: join(folder, 'ledger.db'), create: true });
  try {
    const file = join(folder, 'halt');
    const house = await stubbornHouse(store, folder, file);
    const start = (): ReturnType<Way['start']> => driven(house);
    const ways: Readonly<Record<string, Way>> = {
      'kill-switch-entry': { start, set: () => byEntry(house) },
      'kill-switch-file': { start, set: () => byFile(file) },
      'kill-switch-floor': { start: () => confined(house, folder), set: byHand },
    };
    const rows: BenchRow[] = [];
    for (const [name, way] of Object.entries(ways)) {
      const samples: number[] = [];
      for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
        const tookMs = await killAll(watcher, way);
        if (round >= 0) samples.push(...tookMs);
      }
      rows.push(rowOf(name, samples));
    }
    return rows;
  } finally {
    await watcher.terminate();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

async function stubbornHouse(
  store: ReturnType<typeof openSqliteStore>,
  folder: string,
  file: string,
): Promise<TestHouse> {
  const house = await houseOf({
    store,
    capabilities: [shellCapability()],
    clock: { nowMs: () => Date.now() },
    workspace: (run) => new FolderWorkspace(run, folder),
  });
  const authority = new Authority(store, house.ledger, switchFile(file));
  return { ...house, authority, sandbox: bubblewrapSandbox() };
}

/** A folder for commands to run in; what they write there is not looked at. */
class FolderWorkspace extends MemoryWorkspace {
  override readonly root: string;

  constructor(run: string, folder: string) {
    super(run);
    this.root = join(folder, run);
    mkdirSync(this.root);
  }
}

async function byEntry({ store, ledger, clock, owner }: TestHouse) {
  const signatory = { store, ledger, clock, by: owner, authority: new Authority(store, ledger) };
  const asked = { scope: 'all', run: null, mode: 'kill', reason: 'bench' } as const;
  const engaged = valueOf(await engageControl(signatory, asked));
  return () => clearControl(signatory, { engaged, reason: 'bench' });
}

async function byFile(file: string) {
  writeFileSync(file, '');
  return async () => rmSync(file);
}

async function byHand(trees: Trees) {
  for (const [launcher] of trees) {
    if (launcher !== undefined) process.kill(launcher, 'SIGKILL');
  }
  return () => Promise.resolve();
}

/** Milliseconds that each of 64 trees took to be gone. */
async function killAll(watcher: Worker, { start, set }: Way): Promise<readonly number[]> {
  const started = await Promise.all(Array.from({ length: inFlight }, start));
  const trees = await grownTrees();
  const watching = once(watcher, 'message');
  watcher.postMessage(trees);
  await watching;
  const gone = once(watcher, 'message') as Promise<[GoneAtMs]>;
  const setAtMs = performance.timeOrigin + performance.now();
  const takeBack = await set(trees);
  const [goneAtMs] = await gone;
  await Promise.all(started.map(({ ended }) => ended));
  await takeBack();
  return goneAtMs.map((atMs) => atMs - setAtMs);
}

/** The same command in the same sandbox, of no run. */
async function confined({ sandbox }: TestHouse, workspace: string) {
  const ended = sandbox.run({
    argv: ['/bin/sh', '-c', stubbornLine()],
    ...{ workspace, cwd: '.', env: {}, stdin: null, readable: [], readOnly: [] },
    ...{ timeoutMs: 600_000, outputBytes: 1_024, signal: new AbortController().signal },
  });
  return { ended };
}

async function driven(house: TestHouse): Promise<{ readonly ended: Promise<unknown> }> {
  const args = { command: stubbornLine(), timeoutMs: 600_000 };
  const model = modelOf([{ calls: [{ name: 'shell.run', args }] }]);
  const held = await startTestRun(house, model);
  const unwatch = watchAuthority(house, held, (error) => {
    throw error;
  });
  const options = {
    stop: new AbortController().signal,
    rest: () => Promise.resolve(),
    waitForHumans: false,
  };
  const ended = drive(held.driven, options).then((end) => {
    if (end.kind === 'finished' && end.body.outcome === 'cancelled') return;
    throw new Error(`a run that was killed is ${end.kind}`);
  });
  return { ended: ended.finally(unwatch) };
}

/** The processes of each sandbox, once all commands have come to where they wait. */
async function grownTrees(): Promise<Trees> {
  for (;;) {
    const trees = treesBelow(process.pid).filter((tree) => sleepers(tree) === stubbornSleepers);
    if (trees.length === inFlight) return trees.map((tree) => tree.map(({ pid }) => pid));
    await sleep(50);
  }
}

function sleepers(tree: readonly { readonly name: string }[]): number {
  return tree.filter(({ name }) => name === 'sleep').length;
}

function rowOf(name: string, samples: readonly number[]): BenchRow {
  const times = percentiles(samples);
  const ratio = mostMs / times.p99;
  return {
    ...{ name, unit: 'ms', ...times, perSecond: 1_000 / times.p50 },
    reference: { name: `${mostMs} ms at p99`, perSecond: 1_000 / mostMs },
    ...{ ratio, bar: 1, met: ratio >= 1 },
  };
}
