import type { Body } from '../ledger/index.ts';

/** What later entries are compared with of an intent, so that it need not be kept in whole. */
export interface ProposedIntent {
  readonly origin: Body<'intent.proposed'>['origin'];
  /** Its kind; null and undefined as below. */
  readonly kind: string | null | undefined;
  /** Null where it names none; undefined where it could not be read. */
  readonly capability: string | null | undefined;
  /** The command of a gate; null where there is none, undefined as above. */
  readonly command: string | null | undefined;
}
