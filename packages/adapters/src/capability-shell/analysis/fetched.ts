import type { Row } from '../programs/row.ts';
import { play } from './role.ts';
import { readOptions } from './operands.ts';
import type { Site } from './site.ts';
import { writesIn } from './unpack.ts';
import { whole, type Word } from './word.ts';

/** The last part of an address; undefined where it is not told, or is none. */
function lastName({ kind, text }: Word): string | undefined {
  const [path = ''] = text.split(/[?#]/);
  const name = path.replace(/\/+$/, '').replace(/^.*[/:]/s, '');
  return kind === 'whole' && name !== '' ? name : undefined;
}

/** Programs that name files by the addresses that they fetch; the server may say another name. */
export function readFetched(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  const { into = '', looks = '', acts } = row.unpacks ?? {};
  const has = (names: string): boolean => met.some(({ name }) => names.split(' ').includes(name));
  const told = met.findLast(({ name }) => into.split(' ').includes(name))?.value;
  const writesNone = has(looks) || (acts !== undefined && !has(acts));
  if (told === undefined && writesNone) return;
  const folder = told ?? whole('.');
  writesIn(folder, site);
  for (const word of writesNone ? [] : operands) {
    const name = lastName(word);
    if (name !== undefined) site.writes({ ...folder, text: `${folder.text}/${name}` });
  }
}

/** `git clone ADDRESS FOLDER`: without a folder, one by the name in the address. */
export function readClone(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, row, site);
  const [address, folder] = operands;
  if (address === undefined) return;
  const name = lastName(address)?.replace(/\.git$/, '');
  if (folder !== undefined) play('write', folder, site);
  else if (name !== undefined && name !== '') site.writes(whole(name));
  else site.unclear('the folder that it makes is not told');
}

/** `split`: a prefix, by an operand or an option, is the beginning of the names of what is written. */
export function readSplit(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  const [file, second] = operands;
  if (file !== undefined) play('read', file, site);
  const into = row.unpacks?.into;
  const given =
    into === undefined ? second : met.findLast(({ name }) => into.split(' ').includes(name))?.value;
  const prefix = given ?? whole('x');
  site.writes(prefix.kind === 'whole' ? { ...prefix, kind: 'glob' } : prefix);
}
