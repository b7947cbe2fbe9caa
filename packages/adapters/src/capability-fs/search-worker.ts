import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from './failure.ts';
import { search, type SearchJob, type SearchResult } from './search-job.ts';
import type { ExecutionFailure } from '@chancery/runtime/broker';

export type SearchAnswer =
  | { readonly kind: 'found'; readonly result: SearchResult }
  | { readonly kind: 'failed'; readonly failure: ExecutionFailure };

function answer(job: SearchJob): SearchAnswer {
  try {
    return { kind: 'found', result: search(job) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

parentPort?.postMessage(answer(workerData as SearchJob));
