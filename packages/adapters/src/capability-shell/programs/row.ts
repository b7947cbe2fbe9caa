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
  /** Options may stand behind the script that it runs. */
  readonly scattered?: boolean;
  /** What it runs is looked for in the system, too. */
  readonly onPath?: boolean;
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
