import type { RowOf } from '@chancery/kernel/programs';

/** Programs whose words have a form of their own. */
export type Form =
  | 'find'
  | 'rsync'
  | 'sed'
  | 'awk'
  | 'in-place'
  | 'test'
  | 'tar'
  | 'unpack'
  | 'compress'
  | 'fetched'
  | 'clone'
  | 'split'
  | 'dd'
  | 'make'
  | 'git'
  | 'git-config'
  | 'shell'
  | 'env'
  | 'command'
  | 'xargs'
  | 'eval'
  | 'trap'
  | 'declare'
  | 'cd'
  | 'script'
  | 'python'
  | 'cargo'
  | 'tasks'
  | 'runner'
  | 'scripts'
  | 'again'
  | 'run-all'
  | 'lines'
  | 'opaque';

/** What is known of a program, or of a subcommand: as a ledger declares it, and more. */
export interface Row extends RowOf<Form> {
  /** Its options are not shortened, and none takes a word that begins with a dash for its value. */
  readonly exact?: boolean;
  /** Options may stand behind the script that it runs. */
  readonly scattered?: boolean;
  /** What it runs is looked for in the system, too. */
  readonly onPath?: boolean;
  /**
   * It writes files that are named in what it reads: options that name the folder for them, those by
   * which it writes none of them, and those by which it does all the same. Names are parted by blanks.
   */
  readonly unpacks?: { readonly into?: string; readonly looks?: string; readonly acts?: string };
  /** What it adds to the name of a file that it packs. */
  readonly suffix?: string;
  /** The script of a package that it runs; else the first operand names it. */
  readonly script?: string;
  readonly subcommands?: Readonly<Record<string, Row>>;
  readonly otherwise?: Row;
  readonly alone?: Row;
}

/** A row with lines beside it, and what is found in each: see `summary`. */
export interface ProgramRow extends Row {
  readonly cases: Readonly<Record<string, string>>;
}

/** By the names of the programs, separated by blanks. */
export type Family = Readonly<Record<string, ProgramRow>>;
