import { posix } from 'node:path';
import { opaque, shells, wrappers, type Wrapper } from './wrapper.ts';

/** A word of a command; undefined when only the run itself will tell it. */
export type Word = string | undefined;

/** Collects what a command runs. */
export interface Findings {
  /** Adds the name of a program, or a program with its subcommand. */
  add(program: string): void;
  /** Reads a line for a shell. */
  readLine(line: string): void;
  /** What is fed to the command as its input, if that is known. */
  readonly input: Word;
}

/** Stands for whatever cannot be told. */
export const unknown = 'unknown';

/**
 * Tells what running these words runs: the program, its subcommand where that decides what it does,
 * and what wrappers (`env`, `sudo`, `xargs`, `sh -c` …) run in turn.
 */
export function readWords(words: readonly Word[], findings: Findings): void {
  const [first, ...rest] = words;
  const program = posix.basename(first ?? '');
  // An option in the place of a program: the words before it were not read as their program does.
  if (first === undefined || program === '' || first.startsWith('-')) {
    findings.add(unknown);
    return;
  }
  findings.add(program);
  if (opaque.has(program)) findings.add(unknown);
  const wrapper = wrappers.get(program);
  if (wrapper !== undefined) readWrapped(rest, wrapper, findings);
  if (shells.has(program)) readShell(rest, findings);
  readers.get(program)?.(rest, findings);
}

type Reader = (words: readonly Word[], findings: Findings) => void;

const readers: ReadonlyMap<string, Reader> = new Map([
  ['git', readGit],
  ['find', readFind],
  ['eval', readEval],
  ['trap', readTrap],
  ['npm', readPackageManager('npm', ['exec', 'x'])],
  ['pnpm', readPackageManager('pnpm', ['exec', 'dlx'])],
  ['yarn', readPackageManager('yarn', ['exec', 'dlx'])],
  ['npx', readPackageRunner],
  ['pnpx', readPackageRunner],
  ['bunx', readPackageRunner],
]);

interface Options {
  readonly valued: readonly string[];
  readonly flags: readonly string[];
}

interface ReadOptions {
  readonly rest: readonly Word[];
  readonly values: readonly { readonly option: string; readonly value: Word }[];
  /** False when an option was met whose form is not known. */
  readonly certain: boolean;
}

/** Reads options up to the first word that is none, or past `--`. */
function readOptions(words: readonly Word[], known: Options): ReadOptions {
  const values: { option: string; value: Word }[] = [];
  let certain = true;
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index];
    if (word === '--') return { rest: words.slice(index + 1), values, certain };
    if (word === undefined || !word.startsWith('-') || word === '-') break;
    const met = word.startsWith('--') ? longOption(word, known) : shortOptions(word, known);
    certain &&= met.certain;
    if (met.option === undefined) continue;
    values.push({ option: met.option, value: met.value ?? words[index + 1] });
    if (met.value === undefined) index += 1;
  }
  return { rest: words.slice(index), values, certain };
}

interface MetOption {
  readonly certain: boolean;
  /** The option that takes a value. */
  readonly option?: string;
  /** Its value when it stands in the same word. */
  readonly value?: string;
}

function longOption(word: string, known: Options): MetOption {
  const [name = '', ...parts] = word.slice(2).split('=');
  if (known.valued.includes(name)) {
    return { certain: true, option: name, ...(parts.length > 0 && { value: parts.join('=') }) };
  }
  return { certain: known.flags.includes(name) };
}

/** A cluster: the first letter that takes a value has the rest of the word for it. */
function shortOptions(word: string, known: Options): MetOption {
  const letters = word.slice(1);
  for (const [index, letter] of letters.split('').entries()) {
    if (known.valued.includes(letter)) {
      const value = letters.slice(index + 1);
      return { certain: true, option: letter, ...(value !== '' && { value }) };
    }
    if (!known.flags.includes(letter)) return { certain: known.flags.includes(letters) };
  }
  return { certain: true };
}

function readWrapped(words: readonly Word[], wrapper: Wrapper, findings: Findings): void {
  const { line, flags } = wrapper;
  const read = readOptions(words, { valued: [...wrapper.valued, ...line], flags });
  if (!read.certain) findings.add(unknown);
  for (const { option, value } of read.values) {
    if (line.includes(option)) readLineWord(value, findings);
  }
  const operands = wrapper.assignments ? afterAssignments(read.rest) : read.rest;
  const rest = operands.slice(wrapper.operands);
  if (rest.length === 0) return;
  // A line that is continued by further words is not read as it stands.
  if (read.values.some(({ option }) => line.includes(option))) findings.add(unknown);
  readWords(wrapper.feeds ? fed(rest, placeholders(read)) : rest, findings);
}

function afterAssignments(words: readonly Word[]): readonly Word[] {
  const start = words.findIndex((word) => word === undefined || !/^\w+=/.test(word));
  return start === -1 ? [] : words.slice(start);
}

/** Texts that `xargs -I TEXT` replaces. */
const placeholders = (read: ReadOptions): readonly string[] =>
  read.values.flatMap(({ option, value }) => (option === 'I' ? [value ?? ''] : []));

/** Words with unknown ones in the place of those that are filled in, and after them. */
const fed = (words: readonly Word[], texts: readonly string[]): readonly Word[] => [
  ...words.map((word) =>
    ['{}', ...texts].some((text) => word?.includes(text)) ? undefined : word,
  ),
  undefined,
];

function readLineWord(line: Word, findings: Findings): void {
  if (line === undefined) findings.add(unknown);
  else findings.readLine(line);
}

const shellOptions = {
  valued: ['o', 'O', 'rcfile', 'init-file'],
  flags: [
    'a',
    'b',
    'e',
    'f',
    'h',
    'i',
    'k',
    'l',
    'm',
    'n',
    'p',
    'r',
    's',
    't',
    'u',
    'v',
    'x',
    'B',
    'C',
    'E',
    'H',
    'P',
    'T',
    'posix',
    'norc',
    'noprofile',
    'login',
  ],
};

/** `-c LINE`, a script file, or, without either, whatever comes as input. */
function readShell(words: readonly Word[], findings: Findings): void {
  const read = readOptions(words, { ...shellOptions, flags: [...shellOptions.flags, 'c'] });
  // `+x` is an option as well, and may stand before the line.
  if (!read.certain || read.rest[0]?.startsWith('+') === true) findings.add(unknown);
  const own = words.slice(0, words.length - read.rest.length);
  const isLine = own.some((word) => word !== undefined && /^-[A-Za-z]*c/.test(word));
  const isInput = own.some((word) => word !== undefined && /^-[A-Za-z]*s/.test(word));
  if (isLine) readLineWord(read.rest[0], findings);
  else if (read.rest.length === 0 || isInput) readLineWord(findings.input, findings);
}

/** `eval` joins its words by spaces. */
function readEval(words: readonly Word[], findings: Findings): void {
  const known = words.filter((word) => word !== undefined);
  if (known.length < words.length) findings.add(unknown);
  else findings.readLine(known.join(' '));
}

function readTrap(words: readonly Word[], findings: Findings): void {
  const [action] = words[0] === '--' ? words.slice(1) : words;
  if (words.length > 0 && action !== '-' && action !== '-l' && action !== '-p') {
    readLineWord(action, findings);
  }
}

const execActions = ['-exec', '-execdir', '-ok', '-okdir'];

function readFind(words: readonly Word[], findings: Findings): void {
  for (const [index, word] of words.entries()) {
    if (word === undefined) findings.add(unknown);
    else if (execActions.includes(word)) {
      const rest = words.slice(index + 1);
      const end = rest.findIndex((part) => part === ';' || part === '+');
      readWords(fed(end === -1 ? rest : rest.slice(0, end), []), findings);
    }
  }
}

const gitOptions = {
  valued: ['C', 'c', 'git-dir', 'work-tree', 'namespace', 'super-prefix', 'config-env'],
  flags: [
    ...['p', 'P', 'v', 'h', 'paginate', 'no-pager', 'version', 'help', 'bare', 'html-path'],
    ...['literal-pathspecs', 'glob-pathspecs', 'noglob-pathspecs', 'icase-pathspecs'],
    ...['no-replace-objects', 'no-optional-locks', 'no-lazy-fetch', 'no-advice'],
  ],
};

/** Settings that name no program; any other given with `-c` might. */
const harmlessSetting =
  /^(user|author|committer|color|advice|init|safe|log|status|diff\.color)\w*\./i;

/** Options of subcommands (long ones may be shortened) by which they run other commands. */
const gitRunners: ReadonlyMap<string, RegExp> = new Map([
  ...['bisect', 'difftool', 'filter-branch', 'for-each-repo', 'mergetool', 'submodule'].map(
    (name) => [name, /^/] as const,
  ),
  ['archive', /^--ex/],
  ['clone', /^(-[a-z]*[cu]|--(co|up))/],
  ['fetch', /^--upl/],
  ['grep', /^(-[a-zA-Z]*O|--op)/],
  ['ls-remote', /^--(upl|ex)/],
  ['pull', /^--upl/],
  ['push', /^--(ex|rece)/],
  ['rebase', /^(-[a-z]*x|--ex)/],
]);

function readGit(words: readonly Word[], findings: Findings): void {
  const { rest, values, certain } = readOptions(words, gitOptions);
  const runsOther = values.some(
    ({ option, value }) =>
      option === 'config-env' || (option === 'c' && !harmlessSetting.test(value ?? '')),
  );
  const [subcommand, ...args] = rest;
  if (rest.length > 0) findings.add(subcommand === undefined ? unknown : `git ${subcommand}`);
  const runner = gitRunners.get(subcommand ?? '');
  const uncertain = runner !== undefined && ['', ...args].some((word) => runner.test(word ?? '-'));
  if (!certain || runsOther || uncertain) findings.add(unknown);
}

const packageOptions = {
  valued: [
    ...['prefix', 'C', 'w', 'workspace', 'registry', 'userconfig', 'cache', 'cwd', 'dir'],
    ...['loglevel', 'filter', 'p', 'package', 'c', 'call'],
  ],
  flags: ['s', 'silent', 'y', 'yes', 'no', 'g', 'global', 'ws', 'workspaces', 'version', 'v'],
};

function readPackageManager(program: string, runners: readonly string[]): Reader {
  return (words, findings) => {
    const { rest, certain } = readOptions(words, packageOptions);
    if (!certain) findings.add(unknown);
    const [subcommand, ...args] = rest;
    if (rest.length === 0) return;
    findings.add(subcommand === undefined ? unknown : `${program} ${subcommand}`);
    if (subcommand !== undefined && runners.includes(subcommand)) readPackageRunner(args, findings);
  };
}

/** `npx [options] PROGRAM …` or `npx -c LINE`. */
function readPackageRunner(words: readonly Word[], findings: Findings): void {
  const { rest, values, certain } = readOptions(words, packageOptions);
  if (!certain) findings.add(unknown);
  for (const { option, value } of values) {
    if (option === 'c' || option === 'call') readLineWord(value, findings);
  }
  if (rest.length > 0) readWords(rest, findings);
}
