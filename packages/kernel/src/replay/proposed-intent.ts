import { type Digest } from '../encoding/index.ts';
import { type Body } from '../ledger/index.ts';

/** What later entries are compared with of an intent, so that it need not be kept in whole. */
export interface ProposedIntent {
  readonly origin: Body<'intent.proposed'>['origin'];
  /** Null where it names none. */
  readonly capability: string | null;
  /** The command that its arguments hold; null where they hold none. */
  readonly command: string | null;
}

/** Of the intents of a run, those that could be read, by digest. */
export type ProposedIntents = Map<Digest, ProposedIntent>;
