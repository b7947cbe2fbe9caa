import { renameSync, writeFileSync } from 'node:fs';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { refuse, systemCodeOf } from './exit.ts';
import { readNamedFile } from './named-file.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes; undefined where they are not UTF-8: it would be another text. */
export function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * The text of a file that was named. Refuses `usage.invalid` for one that cannot be read, is no regular
 * file, is too long or not UTF-8.
 */
export function readText(file: string): Result<string> {
  const read = readNamedFile(file);
  if (read.kind === 'none') {
    return refused('usage.invalid', `${file} ${read.why}`, {
      remedy:
        'Name a regular file of text that you may read; save what a pipe or a device gives first.',
    });
  }
  const text = utf8Of(read.bytes);
  return text === undefined
    ? refused('usage.invalid', `${file} is not UTF-8`, {
        remedy: 'Write it anew as UTF-8; of other bytes nobody knows what they say.',
      })
    : done(text);
}

/** See `readText`. */
export function textIn(file: string): string {
  const read = readText(file);
  if (read.ok) return read.value;
  const { code, message, remedy } = read.refusal;
  return refuse(code, message, { remedy });
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
