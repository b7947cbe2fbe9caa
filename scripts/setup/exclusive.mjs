import {
  constants,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { say, SetupError, systemCode } from './report.mjs';

const POLL_MS = 200;
const BEAT_MS = 1_000;
const SILENT_MS = 20_000;
const WAIT_MS = 15 * 60_000;

/**
 * Runs the work while no other launcher of this project runs work under the same lock. The owner
 * touches the lock file as it works; a lock whose owner is dead or silent is taken over.
 *
 * @template T
 * @param {string} lock a file that does not exist while nobody holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(lock, work) {
  await take(lock);
  const release = () => rmSync(lock, { force: true });
  const beat = setInterval(() => touch(lock), BEAT_MS);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.removeListener('exit', release);
    release();
  }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return systemCode(cause) === 'EPERM';
  }
}

/** @param {string} lock */
async function take(lock) {
  const startedMs = Date.now();
  for (let announced = false; !tryTake(lock); announced = true) {
    if (removeAbandoned(lock)) continue;
    if (!announced) say('waiting for another set-up of this project …');
    if (Date.now() - startedMs > WAIT_MS)
      throw new SetupError(
        'SETUP_BUSY',
        `Another set-up holds ${lock}.`,
        `If none is running, remove ${lock}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @param {string} lock */
function tryTake(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return false;
    throw cause;
  }
}

/**
 * Moves an abandoned lock away. Moving is atomic, so of several that wait only one removes it; what
 * was moved is looked at again, because a new owner may have taken it over meanwhile.
 *
 * @param {string} lock
 */
function removeAbandoned(lock) {
  if (!isAbandoned(lock)) return false;
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    const mistaken = !isAbandoned(aside);
    if (mistaken) copyFileSync(aside, lock, constants.COPYFILE_EXCL);
    return !mistaken;
  } catch (cause) {
    if (['ENOENT', 'EEXIST'].includes(systemCode(cause))) return false;
    throw cause;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {string} lock */
function isAbandoned(lock) {
  try {
    const silentMs = Date.now() - statSync(lock).mtimeMs;
    return silentMs > SILENT_MS || !isAlive(Number(readFileSync(lock, 'utf8')));
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return false;
    throw cause;
  }
}

/** @param {string} lock */
function touch(lock) {
  const now = new Date();
  try {
    utimesSync(lock, now, now);
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw cause;
  }
}
