import type { Digest } from '@chancery/kernel/encoding';
import type { Kind } from '@chancery/kernel/ledger';

/** Kinds of entries that somebody outside may want to hear of, in the order in which they are listed. */
export const notifiedKinds = [
  'approval.requested',
  'approval.resolved',
  'execution.in-doubt',
  'run.finished',
  'control.engaged',
  'control.cleared',
] as const satisfies readonly Kind[];

export type NotifiedKind = (typeof notifiedKinds)[number];

/**
 * What is told of an entry outside: no argument, file or answer of an action, only which action of
 * which run it is about, and the reasons that are recorded, which are redacted.
 */
export interface Notification {
  readonly v: 1;
  /** Digest of the entry. One that is delivered twice has it twice. */
  readonly id: Digest;
  readonly kind: NotifiedKind;
  readonly ledger: Digest;
  /** Place of the entry in the order of the whole ledger. */
  readonly position: number;
  /** When it was recorded, milliseconds since the epoch. */
  readonly atMs: number;
  /** Id of the run that it is about; null for what is about none, or all. */
  readonly run: string | null;
  /** Digest of the action that it is about; null for what is about none. */
  readonly action: Digest | null;
  /** Channel of the approval that is asked for; null for anything else. */
  readonly channel: string | null;
  /** One line for a person. */
  readonly text: string;
}

/** Where notifications go, as its file says. */
export type Destination =
  | { readonly type: 'command'; readonly argv: readonly string[] }
  /** `url`: absolute, of HTTPS, or of HTTP on this machine. */
  | { readonly type: 'webhook'; readonly url: string };

export interface Hook {
  /** Lowercase letters and digits, at most 63. */
  readonly name: string;
  /** What it is told of; never empty. */
  readonly on: readonly NotifiedKind[];
  /** Only requests on these channels; empty for all. */
  readonly channels: readonly string[];
  readonly to: Destination;
}
