import { readNamedFile } from '../named-file.ts';
import { utf8Of } from '../text-file.ts';

export type PrivateText =
  | { readonly kind: 'text'; readonly text: string }
  /** Others may read it, or it is another user's. */
  | { readonly kind: 'exposed' }
  | { readonly kind: 'none'; readonly why: string };

/** What a file holds that its user alone may read. See `readNamedFile`. */
export function privateText(file: string): PrivateText {
  const read = readNamedFile(file);
  if (read.kind === 'none') {
    return { kind: 'none', why: read.code === 'ENOENT' ? 'is not there' : read.why };
  }
  const { mode, uid } = read.stats;
  const isOurs = uid === 0 || uid === process.getuid?.();
  if ((mode & 0o077) !== 0 || !isOurs) return { kind: 'exposed' };
  const text = utf8Of(read.bytes);
  return text === undefined ? { kind: 'none', why: 'is not UTF-8' } : { kind: 'text', text };
}
