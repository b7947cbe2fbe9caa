/** What a command does to what is around it; `outside`: it writes where the workspace is not. In this order they are told. */
export const deeds = ['read', 'write', 'executes', 'outside', 'external', 'irreversible'] as const;

export type Deed = (typeof deeds)[number];

/** What a word is to the program that is given it. */
export const roles = [
  'text',
  'read',
  'write',
  'edit',
  /** The one folder that all its names are of. */
  'folder',
  /** A file, or a text, that the program runs in a language that is not read here. */
  'run',
  /** A command in one word: a pager, an editor, a preprocessor. */
  'program',
  /** A line for a shell. */
  'line',
  /** The word, and all after it, are a command. */
  'command',
  /** The name of a variable that it gives a value. */
  'variable',
  /** `NAME=VALUE` for the environment of what follows. */
  'assignment',
  /** A text in a language of which the harmless part is read. */
  'node',
  'sed',
  'awk',
  'python',
  /** Makes it do what is not told by its words. */
  'unclear',
] as const;

export type Role = (typeof roles)[number];

/** Forms of words that a declared row may name; what is built in has more. */
export const declaredForms = ['env', 'in-place', 'script', 'opaque'] as const;

/**
 * What is known of a program, or of a subcommand; `F` are the forms that its words may have.
 *
 * `options`: names between blanks, a letter for `-x` and more for `--xyz`. `x=role` takes a value
 * (`=` alone: a text), `x?role` takes one only in the same word, `x!deed` does something, `#` stands
 * for `-5`. `operands`: roles in their order, one of which may repeat: `read* write`.
 */
export interface RowOf<F extends string> {
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
  readonly form?: F;
  /** By names, separated by blanks; of the spellings of one, between `|`, the first is told. */
  readonly subcommands?: Readonly<Record<string, RowOf<F>>>;
  /** What a word is that is no subcommand: by default nothing that is understood. */
  readonly otherwise?: RowOf<F>;
  /** Without any subcommand. */
  readonly alone?: RowOf<F>;
  /** Whether a subcommand may be shortened. */
  readonly shortens?: boolean;
}

/** A row as a ledger declares it. */
export type DeclaredRow = RowOf<(typeof declaredForms)[number]>;

/** With lines beside it, and what is found in each. */
export interface ProgramRow extends DeclaredRow {
  readonly cases: Readonly<Record<string, string>>;
}

/** By the names of the programs, separated by blanks. */
export type ProgramRows = Readonly<Record<string, ProgramRow>>;

/** An option in the text of a row, and the value and the deed that it may have. The role may be empty. */
export interface OptionText {
  readonly name: string;
  readonly sign: string | undefined;
  readonly role: string;
  readonly deed: string | undefined;
}

/** Undefined for what has another form. */
export function readOptionText(word: string): OptionText | undefined {
  const match = /^([^=?!]+)([=?])?([a-z]*)(?:!([a-z]+))?$/.exec(word);
  if (match === null) return undefined;
  const [, name = '', sign, role = '', deed] = match;
  return { name, sign, role, deed };
}

export const wordsIn = (text: string): readonly string[] =>
  text.split(/\s+/).filter((word) => word !== '');

/** Options of a text that has the form; `#` is none that has a name. */
export const optionsIn = (text: string): readonly OptionText[] =>
  wordsIn(text)
    .filter((word) => word !== '#')
    .flatMap((word) => readOptionText(word) ?? []);
