import { envelope, object } from '../schema.ts';

/** Kinds of the stream `ledger`. The payloads of the envelopes are read by the writ room. */
export const ledgerKinds = {
  'ledger.created': object({ envelope }),
  'key.trusted': object({ envelope }),
} as const;
