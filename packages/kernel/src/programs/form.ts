import { isJsonObject, recordText, textOf, type Form, type Json } from '../encoding/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import {
  declaredForms,
  deeds,
  optionsIn,
  readOptionText,
  roles,
  wordsIn,
  type DeclaredRow,
  type ProgramRow,
  type ProgramRows,
} from './row.ts';
import { tellsWhatRuns, valueRuns } from './running.ts';

/** As a program is called, without a path. */
export const programForm = /^(?=.{1,64}$)[A-Za-z0-9_][A-Za-z0-9_.+-]*$/;

const subcommandForm = /^(?=.{1,128}$)[A-Za-z0-9_@:.-]+(?:\|[A-Za-z0-9_@:.-]+)*$/;
const optionNameForm = /^[A-Za-z0-9][\w.:-]{0,63}$/;

/** Rows in rows. */
const maxDepth = 4;
const most = { names: 64, programs: 64, cases: 64, subcommands: 128 };

/** More, in base64 and signed, would not fit into an entry. */
const bytesMax = 47_000;

type Members = Readonly<Record<string, Form>>;

const among =
  (values: readonly string[]): Form =>
  (value) =>
    typeof value === 'string' && values.includes(value);

const isTrue: Form = (value) => value === true;

const isDeeds: Form = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((each) => among(deeds)(each as Json));

const isOption = (word: string): boolean => {
  if (word === '#') return true;
  const option = readOptionText(word);
  if (option === undefined || !optionNameForm.test(option.name)) return false;
  const { sign, role, deed } = option;
  const isRole = role === '' || (sign !== undefined && among(roles)(role) && role !== 'command');
  return isRole && (deed === undefined || deed === 'unclear' || among(deeds)(deed));
};

const isOptions: Form = (value) =>
  textOf(1, 8_192)(value) && wordsIn(value as string).every(isOption);

/** One role may repeat; a command is whatever comes behind it. */
const isOperands: Form = (value) => {
  if (!textOf(1, 256)(value)) return false;
  const words = wordsIn(value as string);
  const all = words.map((word) => word.replace(/\*$/, ''));
  const repeated = words.filter((word) => word.endsWith('*'));
  return (
    repeated.length < 2 &&
    all.every((role) => among(roles)(role)) &&
    all.every((role, at) => role !== 'command' || (at === all.length - 1 && words[at] === role))
  );
};

const rowMembers: Members = {
  options: isOptions,
  operands: isOperands,
  does: isDeeds,
  because: textOf(1, 200),
  lenient: isTrue,
  single: isTrue,
  leading: isTrue,
  form: among(declaredForms),
  subcommands: isJsonObject,
  otherwise: isJsonObject,
  alone: isJsonObject,
  shortens: isTrue,
};

const isCases: Form = (value) =>
  isJsonObject(value) &&
  Object.entries(value).length > 0 &&
  Object.entries(value).length <= most.cases &&
  Object.entries(value).every(([line, found]) => textOf(1, 1_024)(line) && textOf(0, 1_024)(found));

/** Names of options and subcommands by which a program is told to run something. */
const running = /^(?:[\w-]+-)?(?:cmd|command|eval|exec|execute|shell)$/;

/**
 * Why rows could not be declared: their form, and what of them would have something understood that no
 * row can tell. Refuses with `programs.invalid`, naming the place.
 */
export function checkProgramRows(rows: unknown): Refusal | undefined {
  const why = wrongIn(rows as Json | undefined);
  return why === undefined ? undefined : refusal('programs.invalid', why);
}

function wrongIn(rows: Json | undefined): string | undefined {
  if (!isJsonObject(rows)) return '"programs" must be an object of rows by their names';
  const entries = Object.entries(rows);
  if (entries.length === 0) return '"programs" has no row';
  if (entries.length > most.programs) return `there are more than ${most.programs} rows`;
  const names = entries.flatMap(([key]) => wordsIn(key));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `${twice} stands in two rows`;
  for (const [key, row] of entries) {
    const own = wordsIn(key);
    if (own.length === 0 || own.length > most.names || own.join(' ') !== key) {
      return `${quoted(key)} must be names of programs, each parted by one blank`;
    }
    const misnamed = own.find((name) => !programForm.test(name));
    if (misnamed !== undefined) return `${quoted(misnamed)} is no name of a program`;
    const wrong = wrongProgram(row, key, own);
    if (wrong !== undefined) return wrong;
  }
  const { length } = new TextEncoder().encode(recordText(rows));
  return length > bytesMax ? `the rows take ${length} bytes, ${bytesMax} at most` : undefined;
}

function wrongProgram(
  row: Json | undefined,
  at: string,
  names: readonly string[],
): string | undefined {
  if (!isJsonObject(row)) return `${quoted(at)} must be an object`;
  const { cases, ...rest } = row;
  if (!isCases(cases)) return `"${at}.cases" must be lines, each with what is found in it`;
  const lines = Object.keys(cases as ProgramRow['cases']);
  const isTold = lines.some((line) => wordsIn(line).some((word) => names.includes(word)));
  if (!isTold) return `no line of "${at}.cases" has the program in it`;
  return wrongRow(rest, at, 0);
}

function wrongRow(row: Json | undefined, at: string, depth: number): string | undefined {
  if (!isJsonObject(row)) return `"${at}" must be an object`;
  if (depth > maxDepth) return `"${at}" lies more than ${maxDepth} rows deep`;
  for (const [name, value] of Object.entries(row)) {
    const fits = Object.hasOwn(rowMembers, name) ? rowMembers[name] : undefined;
    if (fits === undefined) return `"${at}.${name}" is not known`;
    if (!fits(value)) return `"${at}.${name}" is malformed`;
  }
  const typed = row as DeclaredRow;
  return unsound(typed, at) ?? wrongBelow(typed, at, depth);
}

/** What would say more than a row can. */
function unsound(row: DeclaredRow, at: string): string | undefined {
  const { options = '', operands, does = [], because, lenient, form, subcommands } = row;
  if (lenient === true && !does.includes('executes')) {
    return `"${at}.lenient" takes options that nobody has looked at, so "does" must have "executes"`;
  }
  if (because !== undefined && !does.includes('external') && !does.includes('irreversible')) {
    return `"${at}.because" tells why it leaves the machine or cannot be undone, and "does" has neither`;
  }
  if (subcommands !== undefined && (operands !== undefined || form !== undefined)) {
    return `"${at}" has subcommands, so that "operands" and "form" say nothing`;
  }
  if (form === 'script' && operands !== undefined) {
    return `"${at}.operands" says nothing beside the form "script"`;
  }
  for (const { name, sign, role, deed } of optionsIn(options)) {
    const tells = valueRuns({ role, deed });
    if (sign !== undefined && running.test(name) && !tells) {
      return `the option ${name} of "${at}" is told what to run: its value is no text`;
    }
  }
  return undefined;
}

function wrongBelow(row: DeclaredRow, at: string, depth: number): string | undefined {
  const { subcommands = {}, otherwise, alone } = row;
  const entries = Object.entries(subcommands);
  if (entries.length > most.subcommands) return `"${at}.subcommands" are too many`;
  const spelled = entries.flatMap(([names]) => wordsIn(names).flatMap((word) => word.split('|')));
  const twice = spelled.find((name, index) => spelled.indexOf(name) !== index);
  if (twice !== undefined) return `the subcommand ${twice} of "${at}" stands in two rows`;
  for (const [names, sub] of entries) {
    const place = `${at}.subcommands.${names}`;
    const words = wordsIn(names);
    if (
      words.join(' ') !== names ||
      words.length === 0 ||
      !words.every((w) => subcommandForm.test(w))
    ) {
      return `"${place}" must be names of subcommands, each parted by one blank`;
    }
    const wrong = wrongRow(sub as Json, place, depth + 1);
    if (wrong !== undefined) return wrong;
    const runs = words.flatMap((word) => word.split('|')).find((name) => running.test(name));
    if (runs !== undefined && !tellsWhatRuns(sub)) {
      return `the subcommand ${runs} of "${at}" runs something, which its row does not say`;
    }
  }
  const others = Object.entries({ otherwise, alone });
  for (const [name, sub] of others) {
    const wrong = sub && wrongRow(sub as Json, `${at}.${name}`, depth + 1);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const quoted = (text: string): string => JSON.stringify(text);

/** Names with their rows, each for itself. */
export function rowsByName(rows: ProgramRows): readonly (readonly [string, ProgramRow])[] {
  return Object.entries(rows).flatMap(([names, row]) =>
    wordsIn(names).map((name) => [name, row] as const),
  );
}
