import type { Word } from './word.ts';

/** What is known at a place of a line. Its maps are never changed, but replaced. */
export interface Scope {
  /** Folders in which it may run; undefined when it may be any. */
  folders: readonly string[] | undefined;
  /** Values of variables that the line itself gives, each certain here. */
  values: ReadonlyMap<string, Word>;
  functions: ReadonlySet<string>;
}

export const beginning = (folder: string): Scope => ({
  ...{ folders: [folder], values: new Map(), functions: new Set() },
});

export const copied = ({ folders, values, functions }: Scope): Scope => ({
  ...{ folders, values, functions },
});

/** Gives a variable a value; undefined where nobody knows it. */
export function assign(scope: Scope, name: string, value: Word | undefined): void {
  const isKnown = value !== undefined && (value.kind !== 'open' || value.text !== '');
  if (!isKnown && !scope.values.has(name)) return;
  const values = new Map(scope.values);
  if (isKnown) values.set(name, value);
  else values.delete(name);
  scope.values = values;
}

/** After something that may have happened, or not, in `inner`. */
export function joinInto(scope: Scope, inner: Scope): void {
  if (inner.values !== scope.values) {
    const names = new Set([...inner.values.keys(), ...scope.values.keys()]);
    for (const name of names) {
      if (inner.values.get(name) !== scope.values.get(name)) assign(scope, name, undefined);
    }
  }
  if (inner.functions !== scope.functions) {
    scope.functions = new Set([...scope.functions, ...inner.functions]);
  }
}

/** More folders than these are any. */
const mostFolders = 8;

/** Any of the folders of both. */
export function eitherFolder(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (one === other) return one;
  const both = [...new Set([...one, ...other])];
  return both.length > mostFolders ? undefined : both;
}
