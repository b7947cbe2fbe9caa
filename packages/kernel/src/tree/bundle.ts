import { leafDigest, type Digest } from '../encoding/index.ts';
import { entryBytesMax } from '../ledger/index.ts';
import { assert, done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { tileWidth, type BundlePlace } from './tile.ts';

const lengthBytes = 2;
const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of an entry bundle: each canonical text after its length. Refuses `entry.too-long`. */
export function encodeBundle(texts: readonly string[]): Result<Uint8Array> {
  assert(texts.length > 0 && texts.length <= tileWidth, 'a bundle has 1 to 256 entries');
  const members = texts.map((text) => utf8.encode(text));
  const bytes = new Uint8Array(members.reduce((sum, { length }) => sum + lengthBytes + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const member of members) {
    if (member.length > entryBytesMax) {
      return refused('entry.too-long', `an entry of ${member.length} bytes fits no bundle`);
    }
    view.setUint16(at, member.length);
    bytes.set(member, at + lengthBytes);
    at += lengthBytes + member.length;
  }
  return done(bytes);
}

/** Texts of a bundle of that width, no byte more or less. Refuses `tile.invalid`. */
export function decodeBundle(bytes: Uint8Array, { width }: BundlePlace): Result<readonly string[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at < bytes.length && texts.length < width) {
    const begin = at + lengthBytes;
    if (begin > bytes.length) return cut(texts.length);
    at = begin + view.getUint16(at);
    const text = textOf(bytes.subarray(begin, at));
    if (text === undefined) {
      return refused('tile.invalid', `entry ${texts.length} of the bundle is not UTF-8`);
    }
    texts.push(text);
  }
  return at === bytes.length && texts.length === width
    ? done(texts)
    : refused('tile.invalid', `the bundle does not hold exactly ${width} entries`);
}

/** Whether the texts are those whose hashes the tile of level 0 holds. Refuses `tile.invalid`. */
export function checkBundle(
  texts: readonly string[],
  hashes: readonly Digest[],
): Refusal | undefined {
  if (texts.length !== hashes.length) {
    return refusal('tile.invalid', `${texts.length} entries and ${hashes.length} hashes`);
  }
  const wrong = texts.findIndex((text, index) => leafDigest(text) !== hashes[index]);
  return wrong === -1
    ? undefined
    : refusal('tile.invalid', `entry ${wrong} of the bundle is not that of the tile`);
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function cut(index: number): Result<never> {
  return refused('tile.invalid', `the bundle ends within entry ${index}`);
}
