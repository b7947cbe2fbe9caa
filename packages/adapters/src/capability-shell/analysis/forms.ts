import { optionsOf } from '../programs/options.ts';
import type { Form, Row } from '../programs/row.ts';
import { fed, readFind } from './find.ts';
import { readGit, readGitConfig } from './git.ts';
import { playOperands, readOptions } from './operands.ts';
import { play } from './role.ts';
import { readAgain, readRunner, readScriptNames, readScripts } from './packages.ts';
import { readShell } from './shell.ts';
import type { Site } from './site.ts';
import { readTar } from './tar.ts';
import { readUnpack } from './unpack.ts';
import { readCompress } from './compress.ts';
import { readClone, readFetched, readSplit } from './fetched.ts';
import { readSubcommand } from './subcommand.ts';
import { anyWords, isWhole, settingIn, whole, type Word } from './word.ts';

export type FormReader = (words: readonly Word[], row: Row, site: Site) => void;

/** Programs whose words a row alone does not tell. */
export const forms: Readonly<Record<Form, FormReader>> = {
  rsync: readRsync,
  sed: readSedWords,
  awk: readAwkWords,
  'in-place': readInPlace,
  find: (words, _row, site) => readFind(words, site),
  git: readGit,
  'git-config': readGitConfig,
  shell: readShell,
  tar: readTar,
  unpack: readUnpack,
  compress: readCompress,
  fetched: readFetched,
  clone: readClone,
  split: readSplit,
  runner: readRunner,
  scripts: readScripts,
  env: readEnv,
  command: readCommand,
  xargs: readXargs,
  eval: readEval,
  trap: readTrap,
  declare: readDeclared,
  again: readAgain,
  'run-all': readScriptNames,
  lines: readLines,
  cd: readFolder,
  dd: readSettings,
  make: readMake,
  script: readScript,
  python: readPython,
  cargo: readCargo,
  tasks: readTasks,
  test: (words, _row, site) => {
    for (const word of words) if (!/^(?:-\w+|[!()\]=<>]*)$/.test(word.text)) site.reads(word);
  },
  opaque: (_words, _row, site) => site.unclear('it runs what it is told in a form of its own'),
};

/** Without an option that gives a script, the first operand is one. */
function readSedWords(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  const has = (...names: readonly string[]): boolean => met.some(({ name }) => named(name, names));
  const isGiven = has('e', 'expression', 'f', 'file');
  const [script, ...rest] = operands;
  if (!isGiven && script !== undefined) play('sed', script, site);
  const isInPlace = has('i', 'in-place');
  playOperands(isGiven ? operands : rest, isInPlace ? 'edit*' : 'read*', site);
}

/** A text, then files, which it edits where an option says so. */
function readInPlace(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  const edits = met.some(({ name }) => named(name, ['i', 'inplace', 'in-place']));
  playOperands(operands, edits ? 'text edit*' : 'text read*', site);
}

/** A long name may be shortened. */
const named = (name: string, names: readonly string[]): boolean =>
  names.some(
    (long) => long === name || (name.length > 1 && long.length > 1 && long.startsWith(name)),
  );

function readAwkWords(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, { ...row, leading: true }, site);
  const isGiven = met.some(({ name }) => named(name, ['f', 'file', 'e', 'source', 'E', 'exec']));
  const [program, ...rest] = operands;
  if (!isGiven && program !== undefined) play('awk', program, site);
  playOperands(isGiven ? operands : rest, 'read*', site);
}

/** Programs that run another one: options, assignments, words of their own, then a command. */
function readEnv(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  const end = operands.findIndex((word) => !/^\w+=/.test(word.text));
  const assigned = end === -1 ? operands : operands.slice(0, end);
  for (const word of assigned) play('assignment', word, site);
  for (const { name, value } of met) {
    if (value !== undefined && /^(C|D|chdir)$/.test(name)) site.enters(value);
  }
  const rest = end === -1 ? [] : operands.slice(end);
  const hasLine = met.some(({ name }) => optionsOf(row).byName.get(name)?.role === 'line');
  // A line that is continued by further words is not read as it stands.
  if (hasLine && rest.length > 0) site.unclear('a line that goes on in other words');
  if (rest.length > 0) site.readWords(rest);
}

/** `command -v` tells where a program is, and runs none. */
function readCommand(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  const isTold = met.some(({ name }) => name === 'v' || name === 'V');
  if (!isTold && operands.length > 0) site.readWords(operands);
}

/** Adds words to those of the program, which nobody can know before. */
function readXargs(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  const texts = met.flatMap(({ name, value }) =>
    name === 'I' || name === 'replace' ? [value?.text ?? '{}'] : name === 'i' ? ['{}'] : [],
  );
  const [program = whole('echo'), ...rest] = operands;
  const filled = fed(rest, texts, { ...anyWords, splits: false });
  site.readWords(
    texts.length > 0
      ? [...fed([program], texts, anyWords), ...filled]
      : [program, ...rest, anyWords],
  );
}

/** `eval` joins its words by spaces. */
function readEval(words: readonly Word[], _row: Row, site: Site): void {
  if (words.every(isWhole)) site.readLine(words.map(({ text }) => text).join(' '));
  else site.unclear('the line that it runs is not told');
}

function readTrap(words: readonly Word[], _row: Row, site: Site): void {
  const [action] = words[0]?.text === '--' ? words.slice(1) : words;
  if (action === undefined || (isWhole(action) && /^(?:-|-l|-p|)$/.test(action.text))) return;
  play('line', action, site);
}

/** `export`, `readonly`, `local`, `declare`, `read`: names, or assignments. */
function readDeclared(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, row, site);
  for (const word of operands) {
    const [, name, value] = /^(\w+)\+?(?:=([\s\S]*))?$/.exec(word.text) ?? [];
    if (name === undefined || (word.kind !== 'whole' && value === undefined)) {
      site.unclear('a variable that is not told');
    } else site.assigns(name, value === undefined ? anyWords : { ...word, text: value });
  }
}

function readFolder(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, row, site);
  const [folder = whole('~')] = operands;
  site.enters(folder.kind === 'whole' && folder.text === '-' ? anyWords : folder);
}

/** `HOST:PATH` is on another machine. */
function readRsync(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, row, site);
  for (const [index, word] of operands.entries()) {
    if (/^[^/]*:/.test(word.text)) site.does('external');
    else play(index === operands.length - 1 && index > 0 ? 'write' : 'read', word, site);
  }
}

/** Each operand is a line; `npm:NAME` is a script. */
function readLines(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, row, site);
  for (const word of operands) {
    const script = /^(npm|yarn|pnpm|bun|node|deno):(.*)$/.exec(word.text)?.[2];
    if (script === undefined) play('line', word, site);
    else readScriptNames([{ ...word, text: script }], row, site);
  }
}

/** `dd`: `if=` and `of=`. */
function readSettings(words: readonly Word[], _row: Row, site: Site): void {
  for (const word of words) {
    const setting = settingIn(word);
    if (setting?.name === 'if') site.reads(setting.value);
    else if (setting?.name === 'of') site.writes(setting.value);
    else if (
      setting === undefined ||
      !/^(bs|ibs|obs|cbs|count|skip|seek|iseek|oseek|conv|iflag|oflag|status)$/.test(setting.name)
    ) {
      site.unclear(`its setting ${word.text}`);
    }
  }
}

/** Recipes of the project run; a variable that names a program would run another. */
function readMake(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, row, site);
  for (const { name, value } of met) {
    if ((name === 'C' || name === 'directory') && value !== undefined) site.enters(value);
  }
  for (const word of operands) {
    const [, name, value = ''] = /^(\w+)[:?+]*=([\s\S]*)$/.exec(word.text) ?? [];
    if (name === 'SHELL') site.unclear('the shell of its recipes');
    else if (name !== undefined) makeVariable(name, { ...word, text: value }, site);
  }
}

function makeVariable(name: string, value: Word, site: Site): void {
  if (isWhole(value) && /^[\w@%+:,./ =-]*$/.test(value.text)) site.assigns(name, value);
  else site.unclear(`its variable ${name}`);
}

/** Options by which an interpreter is given code in its words, and takes no script. */
const inline: ReadonlySet<string> = new Set(['e', 'eval', 'p', 'print', 'pe', 'c', 'r', 'E']);
const telling: ReadonlySet<string> = new Set(['version', 'V', 'v', 'help', 'h', 'test', 'l']);

/** Interpreters: options, then a file that they run, whose own words are its own affair. */
function readScript(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, { ...row, leading: true }, site);
  const table = optionsOf(row).byName;
  const takesCode = met.some(({ name }) => inline.has(name) && isCode(table.get(name)?.role));
  if (takesCode) return;
  if (met.some(({ name }) => name === 'test')) {
    site.does('executes');
    return;
  }
  const [script] = operands;
  // The debugger of Node, which is told by its input what to run.
  if (row.operands === 'node' && script?.text === 'inspect') readInput(row, site);
  if (script !== undefined) runsFile(script, site);
  else if (!met.some(({ name }) => telling.has(name))) readInput(row, site);
}

const isCode = (role: string | undefined): boolean =>
  role === 'node' || role === 'python' || role === 'unclear';

function runsFile(script: Word, site: Site): void {
  if (script.kind !== 'whole' && script.text === '') site.unclear('the script is not told');
  else play('run', script, site);
}

/** Without a script, what it is fed is one. */
function readInput(row: Row, site: Site): void {
  const input = site.input === undefined ? anyWords : whole(site.input);
  if (row.operands === undefined) site.unclear('what it is fed, and runs');
  else playOperands([input], row.operands, site);
}

/** `-m MODULE` runs a module by its name. */
function readPython(words: readonly Word[], row: Row, site: Site): void {
  const at = words.findIndex(({ text }) => /^-[A-Za-z]*[mc]/.test(text) || !text.startsWith('-'));
  const word = words[at];
  const isModule = word !== undefined && /^-[A-Za-z]*m/.test(word.text);
  if (!isModule) {
    readScript(words, row, site);
    return;
  }
  readOptions(words.slice(0, at), row, site);
  const attached = word.text.replace(/^-[A-Za-z]*m/, '');
  const [name = anyWords, ...rest] =
    attached === '' ? words.slice(at + 1) : [whole(attached), ...words.slice(at + 1)];
  // The folder in which it runs is looked into first.
  site.does('executes');
  if (name.kind !== 'whole') site.unclear('the module is not told');
  else if (name.text === 'json.tool') site.readRow(rest, jsonTool);
  else if (!quietModules.has(name.text)) {
    site.readWords([{ ...name, text: moduleProgram(name.text) }, ...rest], 'python');
  }
}

const jsonTool: Row = {
  options: 'sort-keys no-ensure-ascii json-lines indent= tab no-indent compact help h',
  operands: 'read write',
};

const quietModules: ReadonlySet<string> = new Set(
  'unittest doctest venv ensurepip compileall py_compile build tokenize ast dis site sysconfig platform this calendar virtualenv'.split(
    ' ',
  ),
);

/** A module that is a program, too; `http.server` is none. */
const moduleProgram = (name: string): string => (name.includes('/') ? '' : name);

/** `+TOOLCHAIN` may stand before the subcommand. */
function readCargo(words: readonly Word[], row: Row, site: Site): void {
  const [first, ...rest] = words;
  const hasToolchain = first?.kind === 'whole' && /^\+[\w.-]+$/.test(first.text);
  const { operands, met } = readOptions(hasToolchain ? rest : words, row, site);
  for (const { name, value } of met) if (name === 'C' && value !== undefined) site.enters(value);
  readSubcommand(operands, row, site);
}

const lasting =
  /(?:^|:)(?:publish\w*|deploy\w*|release\w*|uploadArchives|bintrayUpload|site-deploy|dockerPush|jib)$/i;

/** Build tools of Java: operands are tasks, some of which publish. */
function readTasks(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, row, site);
  for (const { text } of operands) {
    if (/^(?:[\w.-]+:)?(?:exec|antrun):/.test(text)) site.unclear('a task that runs a program');
    if (!lasting.test(text)) continue;
    site.does('external');
    site.does('irreversible');
  }
}
