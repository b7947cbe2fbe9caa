import type { Deed } from '@chancery/kernel/programs';
import type { Row } from '../programs/row.ts';
import type { Registry } from '../programs/index.ts';
import type { Word } from './word.ts';

/** What the folder of a package tells. */
export interface PackageFacts {
  readonly scripts: ReadonlyMap<string, string>;
  /** Programs that are installed in it. */
  readonly installed: ReadonlySet<string>;
}

/**
 * Where a program is looked for by its name: in the system; in the package first, as for its scripts; or
 * among the packages of a registry alone, as by `npx` and `python -m`.
 */
export type Lookup = 'system' | 'project' | Registry;

/** Where a command stands, and what takes up what is found of it. */
export interface Site {
  /** What is fed to it, if that is known. */
  readonly input: string | undefined;
  /** Folders, relative to the workspace, in which it may run; undefined where it may be any. */
  readonly folders: readonly string[] | undefined;
  /** Of the package in whose folder it runs, where that is known. */
  readonly facts: PackageFacts | undefined;
  /** Adds to the name of the program that of a subcommand. */
  subcommand(name: string): void;
  does(deed: Deed): void;
  reads(word: Word): void;
  writes(word: Word): void;
  /** Something of it is not understood. */
  unclear(why: string): void;
  readWords(words: readonly Word[], from?: Lookup): void;
  readLine(line: string, from?: Lookup): void;
  readRow(words: readonly Word[], row: Row): void;
  /** A variable of the environment gets a value. */
  assigns(name: string, value: Word): void;
  /** What follows is of another package, which is not told. */
  elsewhere(): void;
  /** All names are of that folder, wherever among the words it is told. */
  standsIn(folder: Word): void;
  /** What follows runs in another folder. */
  enters(folder: Word): void;
}
