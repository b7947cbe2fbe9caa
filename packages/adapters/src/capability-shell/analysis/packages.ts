import type { Row } from '../programs/row.ts';
import { readOptions } from './operands.ts';
import type { Site } from './site.ts';
import { isWhole, whole, type Word } from './word.ts';

/** `npm run NAME`, `yarn NAME`: the script of that name, where the package is known. */
export function readScripts(words: readonly Word[], row: Row, site: Site): void {
  const { operands, met } = readOptions(words, { ...row, leading: row.script === undefined }, site);
  const named = row.script === undefined ? operands[0] : whole(row.script);
  const rest = row.script === undefined ? operands.slice(1) : operands;
  const elsewhere = met.some(meansElsewhere) || (row.scattered === true && isElsewhere(rest));
  if (named === undefined) return;
  if (named.kind !== 'whole') {
    site.unclear('the script is not told');
    return;
  }
  if (row.scattered === true && row.script === undefined) {
    readOptions(untilDashes(rest), { ...row, leading: false }, site);
  }
  site.does('executes');
  const name = named.text;
  const scripts = elsewhere ? undefined : site.facts?.scripts;
  if (scripts === undefined) return;
  const script = scripts.get(name);
  if (script === undefined) {
    // What is no script is a file, or a program of the package.
    if (row.otherwise !== undefined && !sourceFile.test(name)) site.readWords(operands, 'project');
    return;
  }
  for (const line of [
    scripts.get(`pre${name}`),
    continued(script, rest),
    scripts.get(`post${name}`),
  ]) {
    if (line !== undefined) site.readLine(line, 'project');
  }
}

const sourceFile = /\.[cm]?[jt]sx?$/;

/** By these another package is meant than that of the folder. */
const elsewhereOptions: ReadonlySet<string> = new Set(
  'w workspace workspaces ws prefix C dir cwd filter F r recursive all'.split(' '),
);

/** Whether an option means another package than that of the folder. */
export const meansElsewhere = ({ name }: { readonly name: string }): boolean =>
  elsewhereOptions.has(name);

/** Options of npm may stand behind the script. */
function isElsewhere(words: readonly Word[]): boolean {
  return untilDashes(words).some(
    ({ text }) =>
      elsewhereOptions.has(text.replace(/^--?/, '').replace(/=.*/s, '')) && text.startsWith('-'),
  );
}

function untilDashes(words: readonly Word[]): readonly Word[] {
  const end = words.findIndex(({ text }) => text === '--');
  return end === -1 ? words : words.slice(0, end);
}

/** `yarn workspace NAME …`: what follows is read as words of yarn. */
export function readAgain(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, row, site);
  const own = row.operands === undefined ? 0 : 1;
  if (operands.length > own) site.readWords([whole('yarn'), ...operands.slice(own)]);
}

/** The words behind the name are added to the line. */
function continued(script: string, rest: readonly Word[]): string {
  const words = rest[0]?.kind === 'whole' && rest[0].text === '--' ? rest.slice(1) : rest;
  return [script, ...words.map((word) => (isWhole(word) ? quoted(word.text) : '$@'))].join(' ');
}

const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** `npx PROGRAM …`: of a package that is installed, or fetched where it is named with a version. */
export function readRunner(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, { ...row, leading: true }, site);
  const [program] = operands;
  if (program === undefined) return;
  if (row.onPath !== true) site.does('executes');
  // The first `@` of a scope is none of a version.
  const version = program.text.indexOf('@', 1);
  // What is named by a scope, a repository or an address is no program that is there by its name.
  const isElsewhere = version !== -1 || /^@|[/:]/.test(program.text);
  if (isElsewhere) site.does('external');
  const called = version === -1 ? program : { ...program, text: program.text.slice(0, version) };
  site.readWords([called, ...operands.slice(1)], row.onPath === true ? 'project' : 'npm');
}

/** Programs that run several scripts of the package: each operand is a name, or a pattern of names. */
export function readScriptNames(words: readonly Word[], row: Row, site: Site): void {
  const { operands } = readOptions(words, row, site);
  site.does('executes');
  for (const word of operands) {
    if (word.kind === 'open') {
      site.unclear('the script is not told');
      continue;
    }
    // What a shell takes for names of files stays as it is where there are none.
    const [name = '', ...rest] = (isWhole(word) ? word.text : `${word.text}**`).split(' ');
    for (const [script, line] of site.facts?.scripts ?? []) {
      if (matches(script, name)) site.readLine([line, ...rest].join(' '), 'project');
    }
  }
}

/** `*` is any part of a name up to the next `:`, `**` any number of parts. */
function matches(script: string, pattern: string): boolean {
  if (!pattern.includes('*')) return script === pattern;
  const body = pattern
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^:]*'));
  return new RegExp(`^${body}$`).test(script);
}
