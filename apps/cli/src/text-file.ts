import { isUtf8 } from 'node:buffer';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { refuse, systemCodeOf } from './exit.ts';

/**
 * The text of a file that was named. Refuses `usage.invalid` where it cannot be read, or is not UTF-8:
 * what is put in the place of a broken character is another text than its author meant.
 */
export function textIn(file: string): string {
  const bytes = bytesIn(file);
  if (!isUtf8(bytes)) {
    refuse('usage.invalid', `${file} is not UTF-8`, { remedy: 'Save it as text in UTF-8.' });
  }
  return bytes.toString('utf8');
}

function bytesIn(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    return refuse('usage.invalid', `${file} cannot be read (${code})`);
  }
}

/** Writes a file that is not there yet. Refuses `usage.invalid` where it is, or cannot be made. */
export function writeNewText(file: string, text: string): void {
  write(file, text, file);
}

/** Puts another text in the place of a file, whole or not at all. Refuses `usage.invalid`. */
export function replaceText(file: string, text: string): void {
  const next = `${file}.${process.pid}.new`;
  write(file, text, next);
  renameSync(next, file);
}

function write(file: string, text: string, into: string): void {
  try {
    writeFileSync(into, text, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    refuse('usage.invalid', `${file} cannot be written (${code})`, {
      remedy: 'Name a file that is not there yet, in a folder that is.',
    });
  }
}
