import { contentOf, tags, type Element } from './der.ts';

/** A number that is not negative and not large; undefined for any other, and for what is none. */
export function countOf(
  element: Element | undefined,
  tag: number = tags.integer,
): number | undefined {
  const content = contentOf(element, tag);
  if (content === undefined || !isInteger(content)) return undefined;
  if (content.length > 6 || isNegative(content)) return undefined;
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** In as few bytes as it takes (X.690, section 8.3.2). */
export function isInteger(content: Uint8Array): boolean {
  const [first, second = 0] = content;
  if (first === undefined) return false;
  if (content.length === 1) return true;
  return !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}

function isNegative(content: Uint8Array): boolean {
  return content.subarray(0, 1).some((byte) => byte >= 0x80);
}

/** Bytes of a number that is not negative, without the zero that says so. */
export function magnitudeOf(element: Element | undefined): Uint8Array | undefined {
  const content = contentOf(element, tags.integer);
  if (content === undefined || !isInteger(content) || isNegative(content)) return undefined;
  return content[0] === 0 ? content.subarray(1) : content;
}

const arcsMax = 64;
const arcBitsMax = 128n;

/** An object identifier with dots. */
export function oidOf(element: Element | undefined): string | undefined {
  const content = contentOf(element, tags.oid);
  const last = content?.at(-1);
  if (content === undefined || last === undefined || last >= 0x80) return undefined;
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    // No arc begins with a zero that tells nothing.
    if (arc === 0n && byte === 0x80) return undefined;
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (arc >> arcBitsMax > 0n || arcs.length > arcsMax) return undefined;
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [both = 0n, ...rest] = arcs;
  const first = both < 80n ? both / 40n : 2n;
  return [first, both - first * 40n, ...rest].join('.');
}

/** Content of the element of an object identifier. */
export function oidBytes(oid: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  return Uint8Array.from([first * 40 + second, ...rest].flatMap(arcBytes));
}

function arcBytes(arc: number): readonly number[] {
  const bytes = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
    bytes.unshift(0x80 | (left % 128));
  }
  return bytes;
}

/** Bytes of a bit string that has whole bytes. */
export function bitsOf(element: Element | undefined): Uint8Array | undefined {
  const content = contentOf(element, tags.bitString);
  return content?.[0] === 0 ? content.subarray(1) : undefined;
}

/** Whether the bit of this number is set; undefined for what is no string of bits. */
export function hasBit(element: Element | undefined, number: number): boolean | undefined {
  const content = contentOf(element, tags.bitString);
  const unused = content?.[0];
  if (content === undefined || unused === undefined || unused > 7) return undefined;
  const byte = content[1 + Math.floor(number / 8)] ?? 0;
  return (byte & (0x80 >> (number % 8))) !== 0;
}
