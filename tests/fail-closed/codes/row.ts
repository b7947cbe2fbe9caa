import type { RefusalCode } from '@chancery/kernel/refusal';

/**
 * In the way of what a code is answered:
 * - `action`: of an action that is proposed, or has begun;
 * - `run`: of a run that is to begin or to go on;
 * - `saying`: of what somebody says who has authority, so that it is recorded;
 * - `ledger`: of the ledger and its entries;
 * - `repository`: of the files that a run works on;
 * - `secret`: of a key, the vault, a passphrase;
 * - `command`: of what a command is given, before anything else;
 * - `notice`: of what others are told;
 * - `removal`: of what is taken away for good;
 * - `evidence`: of what is to prove something;
 * - `transfer`: of an export or what it is made of.
 */
export type Sort =
  | 'action'
  | 'run'
  | 'saying'
  | 'ledger'
  | 'repository'
  | 'secret'
  | 'command'
  | 'notice'
  | 'removal'
  | 'evidence'
  | 'transfer';

/** What a case has come to. */
export interface Shown {
  /** What it was refused with. */
  readonly code: RefusalCode | undefined;
  /** How often a capability was executed since. */
  readonly effects: number;
  /** Kinds of the entries that have come to the ledger since and name the code. */
  readonly recorded: readonly string[];
  /** Whether anything at all has come to the ledger since. */
  readonly grown: boolean;
  /** Whether full verification finds nothing. */
  readonly verifies: boolean;
}

/** Drives the runtime into a refusal. */
export interface Case {
  readonly name: string;
  readonly recorded: readonly string[];
  /** Somebody has written to the ledger what nobody was allowed to, and verification finds it. */
  readonly isForged?: true;
  readonly run: () => Promise<Shown>;
}

/** A test: where it is, and how it is called. */
export interface Named {
  readonly file: string;
  readonly title: string;
}

/** How a code is seen to be refused, without an effect: here, unless a test elsewhere alone shows it. */
export interface Row {
  readonly sort: Sort;
  readonly cases: readonly Case[];
}

export type Rows = Readonly<Partial<Record<RefusalCode, Row>>>;
