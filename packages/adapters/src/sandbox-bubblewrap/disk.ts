import { existsSync, statfsSync } from 'node:fs';

/**
 * Tells whether less is free on the disk of a folder than has to be. Where there was less at the
 * beginning, half of that has to be left. A folder that is gone has nothing left.
 */
export function diskWatch(folder: string, freeBytes: number): () => boolean {
  const foundBytes = freeOn(folder);
  const leastBytes = foundBytes < freeBytes ? foundBytes / 2 : freeBytes;
  return () => !existsSync(folder) || freeOn(folder) < leastBytes;
}

function freeOn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
