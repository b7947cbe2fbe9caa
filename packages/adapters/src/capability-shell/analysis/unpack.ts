import type { Row } from '../programs/row.ts';
import { playOperands, readOptions } from './operands.ts';
import type { Site } from './site.ts';
import type { Word } from './word.ts';

/** Programs that write the files which an archive or a patch names: any in a folder. */
export function readUnpack(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  if (row.operands !== undefined) playOperands(operands, row.operands, site);
  const { unpacks } = row;
  const isAmong = (names: string | undefined, name: string): boolean =>
    names?.split(' ').includes(name) === true;
  const has = (names: string | undefined): boolean => met.some(({ name }) => isAmong(names, name));
  if (has(unpacks?.looks) && !has(unpacks?.acts) && !words.some(isUndoing)) return;
  const folders = met.flatMap(({ name, value }) =>
    value !== undefined && isAmong(unpacks?.into, name) ? [value] : [],
  );
  for (const folder of folders) writesIn(folder, site);
  if (folders.length === 0) site.writes({ kind: 'glob', text: '', splits: true });
}

/** `--no-check`, shortened or not: which of those before it is undone, is not looked into. */
const isUndoing = ({ text }: Word): boolean => /^--no-/.test(text);

/** Writes something below a folder. */
export function writesIn(folder: Word, site: Site): void {
  const isTold = folder.kind === 'whole';
  site.writes(isTold ? { ...folder, kind: 'glob', text: `${folder.text}/` } : folder);
}
