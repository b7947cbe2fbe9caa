import type { Row } from '../programs/row.ts';
import { playOperands, readOptions } from './operands.ts';
import { play } from './role.ts';
import type { Site } from './site.ts';
import { writesIn } from './unpack.ts';
import { whole, type Word } from './word.ts';

/** `tar`: the archive is read or written, and so are the files, by the mode. */
export function readTar(words: readonly Word[], row: Row, site: Site): void {
  const { met, operands } = readOptions(unbundled(words), row, site);
  const has = (...names: readonly string[]): boolean =>
    met.some(({ name }) => names.includes(name));
  const creates = has('c', 'create', 'r', 'append', 'u', 'update', 'A', 'delete');
  const extracts = has('x', 'extract', 'get');
  for (const { name, value } of met) {
    if (value === undefined) continue;
    if (name === 'f' || name === 'file') archive(value, creates, site);
    if (name === 'C' || name === 'directory') {
      if (extracts) writesIn(value, site);
      else site.enters(value);
    }
  }
  if (extracts && !has('C', 'directory', 'O', 'to-stdout')) {
    site.writes({ kind: 'glob', text: '', splits: true });
  }
  if (creates) playOperands(operands, 'read*', site);
}

/** `HOST:FILE` is fetched from, or sent to, another machine. */
function archive(file: Word, isWritten: boolean, site: Site): void {
  // What goes through a pipe is no file.
  if (file.kind === 'whole' && file.text === '-') return;
  if (/^[^/]*:/.test(file.text)) site.does('external');
  play(isWritten ? 'write' : 'read', file, site);
}

/** The first word may hold letters of options without a dash, and take the words after it as values. */
function unbundled(words: readonly Word[]): readonly Word[] {
  const [first, ...rest] = words;
  if (first?.kind !== 'whole' || first.text === '' || first.text.startsWith('-')) return words;
  const read: Word[] = [];
  let at = 0;
  for (const letter of first.text) {
    read.push(whole(`-${letter}`));
    const value = 'fCbIKTXFNVgHL'.includes(letter) ? rest[at] : undefined;
    if (value === undefined) continue;
    read.push(value);
    at += 1;
  }
  return [...read, ...rest.slice(at)];
}
