import { randomBytes } from 'node:crypto';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

/** Crockford's base 32 in lowercase: digits before letters, none that is taken for another. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeChars = 7;
const randomChars = 6;
/** A name's time goes in steps of this; seven characters last for 278 years from the epoch. */
const stepMs = 256;

/**
 * A name that was never given before: 13 letters and digits that begin with the time, so that names
 * sort in the order in which they were given, to a quarter of a second. Thirty bits are random.
 * @throws {RefusalError} `clock.unset` for a time before the epoch, which no name can begin with.
 */
export function newName(nowMs = Date.now()): string {
  if (!(nowMs >= 0)) {
    throw new RefusalError(refusal('clock.unset', 'the clock of this machine is before 1970'));
  }
  const random = Array.from(randomBytes(randomChars), (byte) => alphabet[byte % 32]).join('');
  return timeText(Math.floor(nowMs / stepMs)) + random;
}

function timeText(steps: number): string {
  let text = '';
  for (let rest = steps; text.length < timeChars; rest = Math.floor(rest / 32)) {
    text = `${alphabet[rest % 32] ?? ''}${text}`;
  }
  return text;
}
