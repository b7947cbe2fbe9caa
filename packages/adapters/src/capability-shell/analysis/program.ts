import { posix } from 'node:path';
import type { Row } from '../programs/row.ts';
import { isBuiltIn, packageRow, rowOf } from '../programs/index.ts';
import { forms } from './forms.ts';
import { playOperands, readOptions } from './operands.ts';
import { meansElsewhere } from './packages.ts';
import type { Lookup, Site } from './site.ts';
import { readSubcommand } from './subcommand.ts';
import type { Word } from './word.ts';

const systemFolders: ReadonlySet<string> = new Set([
  ...['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'],
]);

/** Runs code of the project, and no more is known of it. */
const ownProgram: Row = { lenient: true, does: ['executes'] };

/** What a ledger tells of programs, by their names. */
export type DeclaredRows = ReadonlyMap<string, { readonly row: Row }>;

interface Known {
  readonly from: Lookup;
  /** Whether a program of that name is installed in the package. */
  readonly isInstalled: boolean;
  readonly declared: DeclaredRows | undefined;
}

/**
 * The row of a program as it is called. What is built in stands before what is declared, and what is
 * declared is said of a program of the system: a package may bring another one of that name. Of what a
 * registry alone is asked for, only that is known which its packages bring.
 */
export function rowFor(called: string, known: Known): Row | undefined {
  const { from } = known;
  if (from === 'system' || from === 'project') return ofThisMachine(called, known);
  if (called.includes('/')) return ownProgram;
  return packageRow(called, from) ?? (known.isInstalled ? ownProgram : undefined);
}

/** Whether a package brings a program under the name of another one, of which something is known. */
export function takesName(name: string, { isInstalled, declared }: Known): boolean {
  const isKnown = rowOf(name) !== undefined || declared?.has(name) === true;
  return isInstalled && isKnown && packageRow(name, 'npm') === undefined;
}

function ofThisMachine(called: string, { from, isInstalled, declared }: Known): Row | undefined {
  const path = posix.normalize(called);
  const name = posix.basename(path);
  const builtIn = rowOf(name);
  const folder = posix.dirname(path);
  if (/(^|\/)node_modules\/\.bin$/.test(folder)) return packageRow(name, 'npm') ?? ownProgram;
  // What is looked for in the package first is no program that anything was declared of.
  const known = builtIn ?? declaredRow(name, from === 'system' ? declared : undefined);
  if (!called.includes('/')) return isInstalled ? brought(name, known) : known;
  if (systemFolders.has(folder)) return known;
  return known === undefined ? ownProgram : executing(known);
}

/** A program that a package brings, under a name that another one may have. */
function brought(name: string, known: Row | undefined): Row {
  return packageRow(name, 'npm') ?? (known === undefined ? ownProgram : executing(known));
}

function declaredRow(name: string, declared: DeclaredRows | undefined): Row | undefined {
  const said = declared?.get(name);
  return said === undefined || isBuiltIn(name) ? undefined : said.row;
}

/** One for each row: what is made ready of a row is kept under it. */
const ofTheProject = new WeakMap<Row, Row>();

/** A file of the project that is called as a program is called. */
function executing(row: Row): Row {
  const known = ofTheProject.get(row);
  if (known !== undefined) return known;
  const made: Row = { ...row, does: [...(row.does ?? []), 'executes'] };
  ofTheProject.set(row, made);
  return made;
}

/** Reads the words of a program as its row says. */
export function readRow(words: readonly Word[], row: Row, site: Site): void {
  for (const deed of row.does ?? []) site.does(deed);
  if (row.form !== undefined) {
    forms[row.form](words, row, site);
    return;
  }
  const { operands, met } = readOptions(words, row, site);
  if (row.subcommands !== undefined) {
    if (met.some(meansElsewhere)) site.elsewhere();
    readSubcommand(operands, row, site);
  } else playOperands(operands, row.operands ?? 'text*', site);
}

/** As long as the path of a program may be (PATH_MAX). */
const longestPath = 4_096;

/** Whether what stands in the place of a program is one at all. */
export const isProgramName = (called: string): boolean =>
  called !== '' &&
  called.length <= longestPath &&
  posix.basename(called) !== '' &&
  !called.startsWith('-');
