import { parentPort, workerData } from 'node:worker_threads';
import { RefusalError } from '@chancery/kernel/refusal';
import type { SimulatedStream } from '@chancery/runtime/simulation';
import { subjectKeysOf } from '../compose/keys.ts';
import { openReader } from '../compose/stores.ts';
import { sharesOf, type Answer, type Asking, type TakeShare } from './share.ts';

/** Counts one share of the runs after the other, as it is given them, until it is ended. */
const asking = workerData as Asking;
const store = await openReader(asking.home);
const keys = await subjectKeysOf(asking.home);
let taking: Promise<TakeShare> | undefined;

async function answer(runs: readonly SimulatedStream[]): Promise<Answer> {
  try {
    taking ??= sharesOf(store, keys, asking);
    const take = await taking;
    return { kind: 'counted', tally: await take(runs) };
  } catch (error) {
    if (error instanceof RefusalError) return { kind: 'refused', refusal: error.refusal };
    throw error;
  }
}

parentPort?.on('message', (runs: readonly SimulatedStream[]) => {
  void answer(runs).then((told) => parentPort?.postMessage(told));
});
