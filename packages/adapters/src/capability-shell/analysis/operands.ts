import type { Role } from '@chancery/kernel/programs';
import {
  isDeed,
  longOption,
  optionsOf,
  type Option,
  type OptionTable,
} from '../programs/options.ts';
import type { Row } from '../programs/row.ts';
import { play } from './role.ts';
import type { Site } from './site.ts';
import { mayBeOption, shown, type Word } from './word.ts';

/** Words of a program, told apart. */
export interface ReadWords {
  readonly operands: readonly Word[];
  /** Options that were met, by the name under which the row has them, with their values. */
  readonly met: readonly { readonly name: string; readonly value: Word | undefined }[];
}

interface Reading {
  readonly row: Row;
  readonly table: OptionTable;
  readonly words: readonly Word[];
  readonly site: Site;
  readonly operands: Word[];
  readonly met: { name: string; value: Word | undefined }[];
  /** Values of options, with what each is. */
  readonly values: { role: Role; word: Word }[];
}

/** Reads the options of a row and does what they say. */
export function readOptions(words: readonly Word[], row: Row, site: Site): ReadWords {
  const reading = {
    row,
    table: optionsOf(row),
    words,
    site,
    operands: [],
    met: [],
    values: [],
  } as Reading;
  const leading = row.leading === true || row.subcommands !== undefined;
  let at = 0;
  while (at < words.length) {
    const word = words[at];
    if (word === undefined) break;
    if (word.kind === 'whole' && word.text === '--') {
      reading.operands.push(...words.slice(at + 1));
      break;
    }
    if (!isOption(word, reading)) {
      if (leading) {
        reading.operands.push(...words.slice(at));
        break;
      }
      reading.operands.push(word);
      at += 1;
    } else at += readOption(reading, word, at);
  }
  playValues(reading);
  return reading;
}

/** The folder comes first, of which all names are, wherever it is told. */
function playValues({ values, site }: Reading): void {
  const rank = ({ role }: { readonly role: Role }): number => (role === 'folder' ? 0 : 1);
  for (const { role, word } of values.toSorted((a, b) => rank(a) - rank(b))) play(role, word, site);
}

function isOption(word: Word, { row, table, site }: Reading): boolean {
  const { kind, text } = word;
  if (kind === 'whole') return text.startsWith('-') && text !== '-';
  if (/^--[\w-]+=/.test(text)) return true;
  if (!runsProject(row) && table.dangerous && mayBeOption(word)) {
    site.unclear('a word that is not told may be an option');
  }
  return false;
}

/** What runs code of the project anyway does no more by an option that is not told. */
const runsProject = ({ lenient, does }: Row): boolean =>
  lenient === true && does?.includes('executes') === true;

/** How many words the option takes. */
function readOption(reading: Reading, word: Word, at: number): number {
  const { row } = reading;
  if (row.single === true) return singleOption(reading, word, at);
  return word.text.startsWith('--') ? namedOption(reading, word, at) : letters(reading, word, at);
}

/** Name and value of `-name=value` or `--name=value`. */
function named(text: string): { readonly name: string; readonly value: string | undefined } {
  const own = text.replace(/^--?/, '');
  const at = own.indexOf('=');
  return at === -1
    ? { name: own, value: undefined }
    : { name: own.slice(0, at), value: own.slice(at + 1) };
}

function namedOption(reading: Reading, word: Word, at: number): number {
  const { name, value } = named(word.text);
  const { table, row } = reading;
  const option = row.exact === true ? table.byName.get(name) : longOption(table, name);
  return take(reading, { name, option, word, value, at });
}

function singleOption(reading: Reading, word: Word, at: number): number {
  const { name, value } = named(word.text);
  const { byName } = reading.table;
  const exact = byName.get(name);
  if (exact !== undefined || value !== undefined) {
    return take(reading, { name, option: exact, word, value, at });
  }
  const letter = word.text.slice(1, 2);
  const attached = word.text.startsWith('--') ? undefined : byName.get(letter);
  if (attached?.value !== 'own') return take(reading, { name, option: undefined, word, value, at });
  return take(reading, { name: letter, option: attached, word, value: word.text.slice(2), at });
}

interface Taken {
  readonly name: string;
  readonly option: Option | undefined;
  readonly word: Word;
  readonly value: string | undefined;
  readonly at: number;
}

function take(reading: Reading, { name, option, word, value, at }: Taken): number {
  const { site, row, words, met, values } = reading;
  if (option === undefined) {
    if (row.lenient !== true) site.unclear(`the option ${shown(word)}`);
    return 1;
  }
  const given = value === undefined ? undefined : { ...word, text: value };
  doneBy(option, site, name);
  if (option.value === 'none' || (option.value === 'same-word' && given === undefined)) {
    met.push({ name: option.name, value: undefined });
    return 1;
  }
  const own = given ?? words[at + 1];
  if (row.exact === true && given === undefined && own?.text.startsWith('-') === true) {
    site.unclear(`the value of the option ${name}`);
  }
  met.push({ name: option.name, value: own });
  if (own !== undefined) values.push({ role: option.role, word: own });
  return given === undefined ? 2 : 1;
}

function doneBy({ does }: Option, site: Site, name: string): void {
  if (does === undefined) return;
  if (isDeed(does)) site.does(does);
  else site.unclear(`the option ${name}`);
}

/** A cluster: the first letter that takes a value has the rest of the word for it. */
function letters(reading: Reading, word: Word, at: number): number {
  const { table, site, row } = reading;
  const text = word.text.slice(1);
  if (table.numbers && /^\d+$/.test(text)) return 1;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charAt(index);
    const option = table.byName.get(letter);
    const rest = text.slice(index + 1);
    if (option === undefined) {
      if (row.lenient !== true) site.unclear(`the option -${letter}`);
      if (runsProject(row)) return 1;
      continue;
    }
    if (option.value !== 'none') {
      return take(reading, {
        name: letter,
        option,
        word,
        value: rest === '' ? undefined : rest,
        at,
      });
    }
    doneBy(option, site, letter);
    reading.met.push({ name: letter, value: undefined });
  }
  if (word.kind !== 'whole') site.unclear('options that are not told');
  return 1;
}

/** Gives each operand its role. */
export function playOperands(operands: readonly Word[], roles: string, site: Site): void {
  const all = roles.split(' ').filter((role) => role !== '');
  const star = all.findIndex((role) => role.endsWith('*'));
  const after = star === -1 ? 0 : all.length - star - 1;
  for (const [index, word] of operands.entries()) {
    const fromEnd = operands.length - index;
    const isLast = star !== -1 && fromEnd <= after && index >= star;
    const place = isLast ? all.length - fromEnd : star === -1 ? index : Math.min(index, star);
    const role = (all[place] ?? 'extra').replace('*', '');
    if (role === 'command') {
      site.readWords(operands.slice(index));
      return;
    }
    if (role === 'extra') continue;
    play(role as Role, word, site);
  }
}
