import { done, type Result } from '../refusal/index.ts';
import {
  judgeTimestamp,
  type AttestedHead,
  type Certificate,
  type TimestampFile,
} from '../timestamp/index.ts';

/** What became of the timestamps of an export. */
export interface Times {
  /** Times that are attested by who is trusted. */
  readonly attested: readonly AttestedHead[];
  /** How many others there are, where nobody is trusted. */
  readonly unjudged: number;
}

/** Refuses what `judgeTimestamp` refuses of a timestamp that can be judged. */
export function timesOf(
  timestamps: readonly TimestampFile[],
  trusted: readonly Certificate[],
): Result<Times> {
  const attested: AttestedHead[] = [];
  let unjudged = 0;
  for (const timestamp of timestamps) {
    const judged = judgeTimestamp(timestamp, trusted);
    if (judged.ok) attested.push(judged.value);
    else if (judged.refusal.code === 'timestamp.unjudged') unjudged += 1;
    else return judged;
  }
  return done({ attested, unjudged });
}
