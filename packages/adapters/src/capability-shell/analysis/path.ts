import { posix } from 'node:path';
import type { Word } from './word.ts';

/** Files that a shell or the system answers itself. */
const noFile = /^\/dev\/(null|zero|full|tty|stdin|stdout|stderr|random|urandom|fd\/\d+)$/;

/** What a path leads to that is no file. */
export function deviceOf(path: string): 'none' | 'network' | 'device' | undefined {
  if (!path.startsWith('/')) return undefined;
  if (noFile.test(path)) return 'none';
  if (/^\/dev\/(tcp|udp)\//.test(path)) return 'network';
  return /^\/(dev|proc|sys)\//.test(path) ? 'device' : undefined;
}

/** Whether a place is neither in the workspace nor one for what is passing. */
export const isOutside = (place: string): boolean =>
  /^(?:[/~]|\.\.(?:\/|$))/.test(place) && !/^\/(?:tmp|var\/tmp)\/./.test(place);

/** Places that a word may name, seen from each of the folders; undefined when it may be any. */
export function placesOf(
  word: Word,
  folders: readonly string[] | undefined,
): readonly string[] | undefined {
  const { kind, text } = word;
  const isFixed = text.startsWith('/') || text.startsWith('~');
  if (kind === 'open' && text === '') return undefined;
  const bases = isFixed ? [''] : folders;
  return bases?.map((folder) => placeAt(folder, word));
}

function placeAt(folder: string, { kind, text }: Word): string {
  if (kind === 'whole' && folder === '.' && isTidy(text)) return text;
  if (kind === 'whole') return tidy(posix.join(folder, text === '' ? '.' : text));
  const known = text.slice(0, text.lastIndexOf('/') + 1);
  const inside = tidy(posix.join(folder, known === '' ? '.' : known));
  return inside === '.' ? '**' : posix.join(inside, '**');
}

/** A path that stays as it is. */
const isTidy = (path: string): boolean => /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(path);

const tidy = (path: string): string =>
  path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
