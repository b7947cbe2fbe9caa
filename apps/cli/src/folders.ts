import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { refuse, systemCodeOf } from './exit.ts';

/**
 * Makes a folder and those above it. Node's own recursive form never ends where a folder that is
 * there takes no other, as below /proc.
 * @throws the system's error.
 */
export function makeFolders(folder: string, mode = 0o777): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolders(above, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process was faster.
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  }
}

/** Makes a folder where there is none. Refuses `usage.invalid` for one that is not empty, naming the flag. */
export function makeEmptyFolder(flag: string, folder: string): void {
  try {
    makeFolders(folder);
    if (readdirSync(folder).length === 0) return;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    refuse('usage.invalid', `${flag} ${folder}: there can be no folder (${code})`, {
      remedy: 'Name a folder that can be made and written.',
    });
  }
  refuse('usage.invalid', `${flag} ${folder}: the folder is not empty`, {
    remedy: 'Name a new folder, or an empty one.',
  });
}
