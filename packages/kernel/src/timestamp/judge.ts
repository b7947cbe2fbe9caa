import type { Digest } from '../encoding/index.ts';
import { refused, type Result } from '../refusal/index.ts';
import { parseCheckpoint, parseNote } from '../tree/index.ts';
import type { AttestedTime } from './attested-time.ts';
import type { Certificate } from './certificate.ts';
import { checkReply } from './check.ts';
import type { TimestampFile } from './timestamp-file.ts';

/** A time by which a checkpoint existed. Who signed the checkpoint is for others to say. */
export interface AttestedHead extends AttestedTime {
  /** Entries that the checkpoint covers. */
  readonly size: number;
  readonly root: Digest;
}

/**
 * What a timestamp of a checkpoint is worth to somebody who trusts these authorities. Refuses what
 * `checkReply` does, and `checkpoint.invalid`. A time that is `timestamp.unjudged` is neither believed
 * nor called false; one that is wrong in itself is called so whoever is trusted.
 */
export function judgeTimestamp(
  { reply, checkpoint: note }: TimestampFile,
  trusted: readonly Certificate[],
): Result<AttestedHead> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const checkpoint = parseCheckpoint(parsed.value.text);
  if (!checkpoint.ok) return checkpoint;
  const { size, root } = checkpoint.value;
  const time = checkReply(reply, { content: new TextEncoder().encode(note), trusted });
  if (time.ok) return { ok: true, value: { size, root, ...time.value } };
  if (time.refusal.code !== 'timestamp.unjudged') return time;
  const what = `the timestamp of the checkpoint of ${size} entries`;
  return refused('timestamp.unjudged', `${what} was not judged: no authority of time is trusted`);
}
