import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { emptyTally, united, type Tally } from '@chancery/domain/simulation';
import { RefusalError } from '@chancery/kernel/refusal';
import type { SimulatedStream } from '@chancery/runtime/simulation';
import type { OpenLedger } from '../opening.ts';
import { sharesOf, type Answer, type Asking } from './share.ts';

export interface CrewOptions {
  /** Threads; undefined for as many as there are processors, where that pays. */
  readonly jobs: number | undefined;
  /** Told how many entries have been gone through. */
  readonly onProgress: (entries: number) => void;
}

/** Entries that are handed to a thread at once. */
const shareEntries = 4_096;
/** Entries below which the start of threads takes longer than the work. */
const threadsPayFrom = 50_000;

/**
 * Goes through runs of a ledger, on several threads where it is large, each of which reads for itself.
 * What comes of it does not depend on how many they are.
 */
export async function simulateLedger(
  open: OpenLedger,
  asking: Asking,
  streams: readonly SimulatedStream[],
  { jobs, onProgress }: CrewOptions,
): Promise<Tally> {
  const shares = sharesIn(streams);
  const entries = streams.reduce((sum, { lastSeq }) => sum + lastSeq + 1, 0);
  const wanted = jobs ?? (entries < threadsPayFrom ? 1 : availableParallelism());
  const threads = Math.min(wanted, shares.length);
  const counting = new Counting(onProgress);
  if (threads > 1) {
    await onThreads(asking, { shares, threads, counting });
    return counting.tally;
  }
  const take = await sharesOf(open.store, open.keys, asking);
  for (const share of shares) counting.add(share, await take(share));
  return counting.tally;
}

type Share = readonly SimulatedStream[];

function sharesIn(streams: readonly SimulatedStream[]): readonly Share[] {
  const shares: SimulatedStream[][] = [];
  let room = 0;
  for (const stream of streams) {
    if (room <= 0) {
      shares.push([]);
      room = shareEntries;
    }
    shares.at(-1)?.push(stream);
    room -= stream.lastSeq + 1;
  }
  return shares;
}

class Counting {
  tally = emptyTally;
  private entries = 0;
  private readonly onProgress: (entries: number) => void;

  constructor(onProgress: (entries: number) => void) {
    this.onProgress = onProgress;
  }

  add(share: Share, tally: Tally): void {
    this.tally = united(this.tally, tally);
    for (const { lastSeq } of share) this.entries += lastSeq + 1;
    this.onProgress(this.entries);
  }
}

interface Work {
  readonly shares: readonly Share[];
  readonly threads: number;
  readonly counting: Counting;
}

async function onThreads(asking: Asking, { shares, threads, counting }: Work): Promise<void> {
  const left = shares.values();
  const workers = Array.from({ length: threads }, () => startThread(asking));
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const share of left) counting.add(share, await asked(worker, share));
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function startThread(asking: Asking): Worker {
  return new Worker(new URL('thread-program.ts', import.meta.url), {
    workerData: asking,
    // Options of our process may be about its own program, and break another one.
    execArgv: [],
  });
}

/** A thread that fails rejects what it was asked. */
async function asked(worker: Worker, share: Share): Promise<Tally> {
  worker.postMessage(share);
  const [answer] = (await once(worker, 'message')) as [Answer];
  if (answer.kind === 'refused') throw new RefusalError(answer.refusal);
  return answer.tally;
}
