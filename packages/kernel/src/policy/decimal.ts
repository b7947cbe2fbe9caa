import { ExtensionValue, Failure } from './value.ts';
import { fitsLong } from './long.ts';

const form = /^(-?)([0-9]+)\.([0-9]{1,4})$/;
const malformed = new Failure('decimal: not a well-formed decimal value of 64 bits');

/** Reads `-?digits.digits` with one to four digits after the point; ten-thousandths in an i64. */
export function parseDecimal(text: string): ExtensionValue | Failure {
  const [, sign, whole = '', fraction = ''] = form.exec(text) ?? [];
  if (sign === undefined) return malformed;
  const size = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'));
  const amount = sign === '-' ? -size : size;
  return fitsLong(amount) ? new ExtensionValue('decimal', amount) : malformed;
}
