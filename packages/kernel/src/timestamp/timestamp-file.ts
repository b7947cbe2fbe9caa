import { decodeBase64, encodeBase64 } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';

/** A checkpoint, and what an authority said of the time by which it existed. */
export interface TimestampFile {
  /** As the authority sent it, in DER: a TimeStampResp of RFC 3161. */
  readonly reply: Uint8Array;
  /** Signed note; its bytes, signatures included, are those that are attested. */
  readonly checkpoint: string;
}

const magic = 'chancery-timestamp/v1';
const replyPrefix = 'reply ';

/** Text of a timestamp of a checkpoint; kept in a file named `*.timestamp`. */
export function formatTimestampFile({ reply, checkpoint }: TimestampFile): string {
  return `${magic}\n${replyPrefix}${encodeBase64(reply)}\n\n${checkpoint}`;
}

/** Nothing of it is to be believed before both parts are checked. Refuses `timestamp.invalid`. */
export function parseTimestampFile(text: string): Result<TimestampFile> {
  const blank = text.indexOf('\n\n');
  if (blank < 0) return malformed('it has no checkpoint');
  const [first, line = '', ...more] = text.slice(0, blank).split('\n');
  if (first !== magic) return malformed(`it does not begin with ${magic}`);
  if (!line.startsWith(replyPrefix) || more.length > 0) return malformed('it has no single reply');
  const reply = decodeBase64(line.slice(replyPrefix.length));
  if (reply === undefined || reply.length === 0) return malformed('its reply is no base64');
  return done({ reply, checkpoint: text.slice(blank + 2) });
}

function malformed(message: string): Result<never> {
  return refused('timestamp.invalid', `not a timestamp of a checkpoint: ${message}`);
}
