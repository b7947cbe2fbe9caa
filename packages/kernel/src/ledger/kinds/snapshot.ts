import { count, digest, object, streamName, text } from '../schema.ts';

/** Kinds of the streams `snapshot:<id>`, one for each run of which snapshots were taken. */
export const snapshotKinds = {
  'snapshot.taken': object({
    /** Stream of the run. */
    run: streamName,
    /** Its head here, which is the last entry that the snapshot covers. */
    at: object({ seq: count, digest }),
    /** Digest of the state of the run after that entry. */
    state: digest,
    /** The signed snapshot. */
    snapshot: object({ blob: object({ digest, bytes: count, mediaType: text }) }),
  }),
} as const;
