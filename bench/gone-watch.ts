import { parentPort } from 'node:worker_threads';
import { seenProcess } from '@chancery/testkit/house';

/** Numbers of the processes of each tree, from the thread that measures. */
export type Trees = readonly (readonly number[])[];

/** When the last process of each tree was seen to be gone, milliseconds since the epoch. */
export type GoneAtMs = readonly number[];

/** A thread of its own, so that what it sees does not wait for the thread that kills. */
parentPort?.on('message', (trees: Trees) => {
  const left = trees.map((tree) => new Set(tree));
  const gone = new Map<number, number>();
  const look = (): void => {
    for (const [index, tree] of left.entries()) {
      for (const pid of tree) if (seenProcess(pid) === undefined) tree.delete(pid);
      if (tree.size === 0 && !gone.has(index)) {
        gone.set(index, performance.timeOrigin + performance.now());
      }
    }
    if (gone.size < trees.length) setTimeout(look, 1);
    else parentPort?.postMessage(trees.map((_, index) => gone.get(index)));
  };
  look();
  parentPort?.postMessage('watching');
});
