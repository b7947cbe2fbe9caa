import { readFileSync, statSync } from 'node:fs';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A whole text file; what never ends, as a pipe may, is none. @throws {RefusalError} `usage.invalid`. */
export function readText(file: string): string {
  try {
    if (!statSync(file).isFile()) throw unreadable(file, 'no regular file');
    return strictUtf8.decode(readFileSync(file));
  } catch (error) {
    if (error instanceof TypeError) throw unreadable(file, 'not UTF-8');
    if (error instanceof Error && 'code' in error) throw unreadable(file, String(error.code));
    throw error;
  }
}

function unreadable(file: string, why: string): RefusalError {
  return new RefusalError(refusal('usage.invalid', `${file} cannot be read (${why})`));
}
