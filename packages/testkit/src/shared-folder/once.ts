import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { inject } from 'vitest';

/**
 * A folder that is made once for all test files of one `vitest`: the first that asks makes it, and
 * the others wait. `make` gets the path of a folder that is not there yet. Answers where it lies; it
 * is for reading alone.
 * @throws {Error} when making it has failed, to each that asks.
 */
export async function madeOnce(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const place = (suffix: string): string => path.join(inject('sharedFolder'), `${name}${suffix}`);
  const made = place('');
  const failed = place('.failed');
  if (isFirst(place('.begun'))) {
    try {
      await make(place('.new'));
      renameSync(place('.new'), made);
    } catch (error) {
      writeFileSync(`${failed}.new`, String(error));
      renameSync(`${failed}.new`, failed);
    }
  }
  while (!existsSync(made)) {
    if (existsSync(failed)) throw new Error(`${name}: ${readFileSync(failed, 'utf8')}`);
    await passed(20);
  }
  return made;
}

/** Whether nobody has made the folder before. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
