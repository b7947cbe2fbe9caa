import { crc32 } from 'node:zlib';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits = 6;

/**
 * Whether a token ends with the checksum that GitHub introduced and npm took over: CRC-32 of what
 * stands between prefix and checksum, in six digits to the base of 62.
 */
export function isChecksummed(token: string): boolean {
  const body = token.slice(token.lastIndexOf('_') + 1);
  return body.slice(-digits) === checksumOf(body.slice(0, -digits));
}

/** The six digits. */
export function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let nth = 0; nth < digits; nth += 1) {
    text = base62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
