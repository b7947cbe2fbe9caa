/** An element of DER (X.690, section 10), as it stands there. */
export interface Element {
  /** Its identifier octet: class, form and number in one. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** The whole element. */
  readonly raw: Uint8Array;
}

/** Identifier octets of the types that are met with. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Identifier octet of a field with a number of its own: one that has parts, or that has none. */
export function fieldTag(number: number, form: 'parts' | 'bytes' = 'parts'): number {
  return (form === 'parts' ? 0xa0 : 0x80) | number;
}

const longNumber = 0x1f;
const lengthBytesMax = 3;

/** The elements that fill these bytes, one after the other; undefined where they do not. */
function elementsIn(bytes: Uint8Array): readonly Element[] | undefined {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes, at);
    if (element === undefined) return undefined;
    elements.push(element);
    at += element.raw.length;
  }
  return elements;
}

/** The one element that fills these bytes. */
export function elementIn(bytes: Uint8Array): Element | undefined {
  const [element, ...more] = elementsIn(bytes) ?? [];
  return more.length === 0 ? element : undefined;
}

/** What an element of this tag is made of; undefined for one of another, or of none. */
export function partsOf(element: Element | undefined, tag: number): readonly Element[] | undefined {
  return element?.tag === tag ? elementsIn(element.content) : undefined;
}

/** The bytes in an element of this tag. */
export function contentOf(element: Element | undefined, tag: number): Uint8Array | undefined {
  return element?.tag === tag ? element.content : undefined;
}

function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const [tag = 0, first = 0] = bytes.subarray(at, at + 2);
  // The end of a content of unknown length has no number, and DER has no such content.
  if (tag === 0 || (tag & longNumber) === longNumber || at + 2 > bytes.length) return undefined;
  const more = first < 0x80 ? 0 : first - 0x80;
  const from = at + 2 + more;
  if (first === 0x80 || more > lengthBytesMax || from > bytes.length) return undefined;
  const length = more === 0 ? first : numberIn(bytes.subarray(at + 2, from));
  // In as few bytes as it takes.
  if (more > 0 && length < Math.max(0x80, 256 ** (more - 1))) return undefined;
  if (from + length > bytes.length) return undefined;
  return {
    tag,
    content: bytes.subarray(from, from + length),
    raw: bytes.subarray(at, from + length),
  };
}

function numberIn(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** An element of a tag around bytes. */
export function elementOf(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, { length: bytes }) => sum + bytes, 0);
  const size = length < 0x80 ? [length] : lengthBytes(length);
  const element = new Uint8Array(1 + size.length + length);
  element.set([tag, ...size]);
  let at = 1 + size.length;
  for (const content of contents) {
    element.set(content, at);
    at += content.length;
  }
  return element;
}

function lengthBytes(length: number): readonly number[] {
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return [0x80 + bytes.length, ...bytes];
}
