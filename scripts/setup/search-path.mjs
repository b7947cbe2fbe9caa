import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * The programs of this name on a search path, in its order, without starting anything.
 *
 * @param {string} name
 * @param {string} [searchPath]
 * @returns {string[]}
 */
export function programsNamed(name, searchPath = process.env['PATH'] || '') {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name))
    .filter(isProgram);
}

/**
 * @param {string} file
 * @returns {boolean}
 */
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(realpathSync(file)).isFile();
  } catch {
    return false;
  }
}
