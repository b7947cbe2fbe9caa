import { type Digest } from '../encoding/index.ts';
import { type Body } from '../ledger/index.ts';

/** What later entries are compared with of an intent, so that it need not be kept in whole. */
export interface ProposedIntent {
  readonly origin: Body<'intent.proposed'>['origin'];
  /** Null where it names none; undefined where it could not be read. */
  readonly capability: string | null | undefined;
  /** The command that its arguments hold; null where they hold none, undefined as above. */
  readonly command: string | null | undefined;
}

/** The intents of a run, by digest. */
export type ProposedIntents = Map<Digest, ProposedIntent>;
