import { type Deed } from '../analysis/finding.ts';

/** What a word is to the program that is given it. */
export type Role =
  | 'text'
  | 'read'
  | 'write'
  | 'edit'
  /** The one folder that all its names are of. */
  | 'folder'
  /** A file, or a text, that the program runs in a language that is not read here. */
  | 'run'
  /** A command in one word: a pager, an editor, a preprocessor. */
  | 'program'
  /** A line for a shell. */
  | 'line'
  /** The word, and all after it, are a command. */
  | 'command'
  /** The name of a variable that it gives a value. */
  | 'variable'
  /** `NAME=VALUE` for the environment of what follows. */
  | 'assignment'
  /** A text in a language of which the harmless part is read. */
  | 'node'
  | 'sed'
  | 'awk'
  | 'python'
  /** Makes it do what is not told by its words. */
  | 'unclear';

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

/**
 * What is known of a program, or of a subcommand.
 *
 * `options`: names between blanks, a letter for `-x` and more for `--xyz`. `x=role` takes a value
 * (`=` alone: a text), `x?role` takes one only in the same word, `x!deed` does something, `#` stands
 * for `-5`. `operands`: roles in their order, one of which may repeat: `read* write`.
 */
export interface Row {
  readonly options?: string;
  readonly operands?: string;
  /** What it does whatever it is told. */
  readonly does?: readonly Deed[];
  /** Why it leaves the machine or cannot be undone, for whoever is asked. */
  readonly because?: string;
  /** Options that are not listed are flags: it runs code of the project, and they steer no more than that. */
  readonly lenient?: boolean;
  /** Options are written `-name`. */
  readonly single?: boolean;
  /** Options end with the first operand. */
  readonly leading?: boolean;
  readonly form?: Form;
  /** Options may stand behind the script that it runs. */
  readonly scattered?: boolean;
  /** The script of a package that it runs; else the first operand names it. */
  readonly script?: string;
  /** By names, separated by blanks; of the spellings of one, between `|`, the first is told. */
  readonly subcommands?: Readonly<Record<string, Row>>;
  /** What a word is that is no subcommand: by default nothing that is understood. */
  readonly otherwise?: Row;
  /** Without any subcommand. */
  readonly alone?: Row;
  /** Whether a subcommand may be shortened. */
  readonly shortens?: boolean;
}

/** A row with lines beside it, and what is found in each: see `summary`. */
export interface ProgramRow extends Row {
  readonly cases: Readonly<Record<string, string>>;
}

/** By the names of the programs, separated by blanks. */
export type Family = Readonly<Record<string, ProgramRow>>;
