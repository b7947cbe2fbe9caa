import type { Refusal } from '@chancery/kernel/refusal';
import {
  judgeTimestamp,
  type AttestedHead,
  type Certificate,
  type TimestampFile,
} from '@chancery/kernel/timestamp';

/** What became of timestamps. */
export interface TimeVerdict {
  readonly times: readonly AttestedHead[];
  /** Why the others are not believed, or were not judged. */
  readonly refusals: readonly Refusal[];
}

/** Judges each by itself; who signed their checkpoints is for the audit to say. */
export function judgeTimes(
  timestamps: readonly TimestampFile[],
  authorities: readonly Certificate[],
): TimeVerdict {
  const judged = timestamps.map((timestamp) => judgeTimestamp(timestamp, authorities));
  return {
    times: judged.flatMap((each) => (each.ok ? [each.value] : [])),
    refusals: judged.flatMap((each) => (each.ok ? [] : [each.refusal])),
  };
}
