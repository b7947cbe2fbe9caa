import type { Deed } from '@chancery/kernel/programs';

/** One simple command that could run. */
export interface FoundCommand {
  readonly program: string;
  /** In its one spelling: `publish` for `npm pub`. */
  readonly subcommand: string | undefined;
  readonly words: readonly string[];
  readonly does: readonly Deed[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Why something of it is not understood. */
  readonly unclear: readonly string[];
}

/** All that a line, or the words of a command, could run. */
export interface Analysis {
  /** Sorted; `unknown` among them where something is not understood. */
  readonly programs: readonly string[];
  readonly commands: readonly FoundCommand[];
  /** Of all commands and redirections together. */
  readonly does: readonly Deed[];
  /** Relative to the workspace where they lie in it; `a/**` for what lies somewhere in `a`. Sorted. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly unclear: readonly string[];
}

/** Stands for whatever cannot be told. */
export const unknown = 'unknown';
