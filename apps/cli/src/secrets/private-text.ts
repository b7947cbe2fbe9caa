import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { systemCodeOf } from '../exit.ts';
import { utf8Of } from '../text-file.ts';

export type PrivateText =
  | { readonly kind: 'text'; readonly text: string }
  /** Others may read it, or it is another user's. */
  | { readonly kind: 'exposed' }
  | { readonly kind: 'none'; readonly why: string };

/** What a file holds that its user alone may read. A pipe in place of the file is not waited for. */
export function privateText(file: string): PrivateText {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    return { kind: 'none', why: code === 'ENOENT' ? 'is not there' : `cannot be read (${code})` };
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { kind: 'none', why: 'is no file' };
    const isOurs = stats.uid === 0 || stats.uid === process.getuid?.();
    if ((stats.mode & 0o077) !== 0 || !isOurs) return { kind: 'exposed' };
    const text = utf8Of(readFileSync(descriptor));
    return text === undefined ? { kind: 'none', why: 'is not UTF-8' } : { kind: 'text', text };
  } finally {
    closeSync(descriptor);
  }
}
