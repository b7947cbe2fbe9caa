import { array, digest, envelope, object } from '../schema.ts';

/** Most blobs that one `blob.pruned` names, so that its text keeps well below what an entry may have. */
export const prunedMost = 512;

/** Kinds of the stream `ledger`. The payloads of the envelopes are read by the rooms writ and removal. */
export const ledgerKinds = {
  'ledger.created': object({ envelope }),
  'key.trusted': object({ envelope }),
  'key.retired': object({ envelope }),
  'key.compromised': object({ envelope }),
  /** Another key may answer in the place of an approver for a time, signed by the approver. */
  'approver.delegated': object({ envelope }),
  'approver.delegation-ended': object({ envelope }),
  /** The bytes of these blobs go with this entry, in one transaction; their digests stay. */
  'blob.pruned': object({ blobs: { ...array(digest), maxItems: prunedMost }, envelope }),
  /** From here on nobody reads what a subject's key has sealed; the key is destroyed after. */
  'subject.erased': object({ envelope }),
} as const;
