import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { errnoOf } from './file-content.ts';

const slash = Buffer.from('/');
/** Below the limit of the system for a path, so that one more name can be added. */
export const longPathBytes = 3000;

/**
 * Removes a file, link or whole folder, whatever its name, permissions or depth. Links are not
 * followed. `trash`: absolute path of a folder on the same file system; what is too deep to be
 * named is moved there first.
 */
export function removeAll(place: Buffer, trash: string): void {
  const folder = place.subarray(0, place.lastIndexOf('/'));
  const above = lstatSync(folder, { throwIfNoEntry: false });
  if (above?.isDirectory() === true) openUp(folder, above.mode);
  const doomed = [place];
  let moved = 0;
  for (let next = doomed.pop(); next !== undefined; next = doomed.pop()) {
    removeOne(next, (deep) => {
      mkdirSync(trash, { recursive: true });
      const target = Buffer.from(`${trash}/${process.pid}-${Date.now()}-${moved}`);
      moved += 1;
      renameSync(deep, target);
      doomed.push(target);
    });
  }
}

function removeOne(place: Buffer, moveAway: (deep: Buffer) => void): void {
  let stats;
  try {
    stats = lstatSync(place);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  if (!stats.isDirectory()) {
    unlinkSync(place);
    return;
  }
  openUp(place, stats.mode);
  if (place.length > longPathBytes) {
    moveAway(place);
    return;
  }
  for (const name of readdirSync(place, { encoding: 'buffer' })) {
    removeOne(Buffer.concat([place, slash, name]), moveAway);
  }
  rmdirSync(place);
}

/** Lets the owner read, write and enter a folder. `mode` is the present one. */
export function openUp(folder: Buffer | string, mode: number): void {
  if ((mode & 0o700) !== 0o700) chmodSync(folder, (mode & 0o7777) | 0o700);
}
