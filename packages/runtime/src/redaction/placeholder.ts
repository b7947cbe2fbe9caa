import { createHash } from 'node:crypto';
import { secretOf } from '@chancery/kernel/contract';
import { entropyOf } from './randomness.ts';

/** Words by which a text says itself that it is none; long enough to be in no random text. */
const telling =
  /example|placeholder|change[-_]?me|xxxxx|dummy|redacted|your[-_]|-?goes[-_]?here|insert[-_]|\.\.\.\.|\*\*\*\*|0123456789abcdef0|aaaaaaaa/i;

/** Begins like a reference to a value, and so holds none. */
const reference = /^(?:\$[({A-Za-z_]|%[A-Z_]+%|\{\{|<|\[redacted:)/;

/** Whether a text stands where a secret would, without being one, as a handle of the vault does. */
export function isPlaceholder(text: string): boolean {
  if (secretOf(text) !== undefined) return true;
  return telling.test(text) || reference.test(text) || isMonotonous(text) || isSample(text);
}

const longText = 40;
/** Hexadecimal digits that are drawn have more than 3.5 bits each. */
const leastEntropy = 3;

/** Few different characters in the last part, as in `ghp_0000…`, or in all of a long text. */
function isMonotonous(text: string): boolean {
  const tail = text.slice(-16);
  if (tail.length >= 8 && new Set(tail).size <= 3) return true;
  return text.length >= longText && entropyOf(text) < leastEntropy;
}

/** Sample keys of vendors' documentation, in pages and tests all over: digests of them. */
const samples: ReadonlySet<string> = new Set([
  // Two test keys of Stripe's documentation.
  '2cafc0970149a84f3b9e62ea',
  'f2d6ca16515033e5dce14eba',
  // The token of the front page of jwt.io.
  '7f75367e7881255134e1375e',
]);

function isSample(text: string): boolean {
  return samples.has(createHash('sha256').update(text).digest('hex').slice(0, 24));
}
