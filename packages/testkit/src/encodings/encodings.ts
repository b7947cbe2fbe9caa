/** How programs write bytes or characters of a text, so that nothing of it stands there as it is. */
export const encodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text),
  twice: (text) => JSON.stringify(JSON.stringify(text)),
  url: encodeURIComponent,
  form: (text) => new URLSearchParams({ q: text }).toString(),
  hex: (text) => Buffer.from(text).toString('hex'),
  upperHex: (text) => Buffer.from(text).toString('hex').toUpperCase(),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  base64Twice: (text) => base64(base64(text)),
  base64InUrl: (text) => encodeURIComponent(base64(text)),
  percent: (text) => each(text, (byte) => `%${hex(byte)}`),
  upperPercent: (text) => each(text, (byte) => `%${hex(byte).toUpperCase()}`),
  everySecondPercent: (text) =>
    each(text, (byte, at) =>
      at % 2 === 0 && byte < 128 ? String.fromCharCode(byte) : `%${hex(byte)}`,
    ),
  unicode: (text) => units(text, (unit) => `\\u${unit.toString(16).padStart(4, '0')}`),
  unicodeInJson: (text) => units(text, (unit) => `\\\\u${unit.toString(16).padStart(4, '0')}`),
  codePoints: (text) => points(text, (point) => `\\u{${point.toString(16)}}`),
  bytesInC: (text) => each(text, (byte) => `\\x${hex(byte)}`),
  octal: (text) => each(text, (byte) => `\\${byte.toString(8).padStart(3, '0')}`),
  htmlDecimal: (text) => points(text, (point) => `&#${point};`),
  htmlHex: (text) => points(text, (point) => `&#x${point.toString(16)};`),
  htmlNamed: (text) =>
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
  colons: (text) => bytes(text).map(hex).join(':'),
  spaces: (text) => bytes(text).map(hex).join(' '),
  array: (text) =>
    bytes(text)
      .map((byte) => `0x${hex(byte)}`)
      .join(','),
  arrayOfC: (text) =>
    inLines(bytes(text), 12)
      .map((line) => `  ${line.map((byte) => `0x${hex(byte)}`).join(', ')}`)
      .join(',\n'),
  words: (text) => (hexOf(text).match(/.{1,4}/g) ?? []).join(' '),
  foldedBase64: (text) => (base64(text).match(/.{1,10}/g) ?? []).join('\n'),
  folded: (text) => (text.match(/.{1,7}/gsu) ?? []).join('\n'),
  od: (text) =>
    inLines(bytes(text), 16)
      .map((line) => ` ${line.map(hex).join(' ')}`)
      .join('\n'),
  odWithOffsets: (text) =>
    dumped(text, (at, line) => `${at.toString(8).padStart(7, '0')} ${line.map(hex).join(' ')}`),
  odWithCharacters: (text) =>
    dumped(
      text,
      (at, line) =>
        `${at.toString(8).padStart(7, '0')} ${line.map(hex).join(' ').padEnd(47)}  >${shown(line)}<`,
    ),
  hexdump: (text) =>
    dumped(text, (at, line) => {
      const halves = [line.slice(0, 8), line.slice(8)].map((half) => half.map(hex).join(' '));
      return `${at.toString(16).padStart(8, '0')}  ${halves.join('  ').trimEnd().padEnd(48)}  |${shown(line)}|`;
    }),
  xxd: (text) =>
    dumped(text, (at, line) => {
      const words =
        line
          .map(hex)
          .join('')
          .match(/.{1,4}/g) ?? [];
      return `${at.toString(16).padStart(8, '0')}: ${words.join(' ').padEnd(39)}  ${shown(line)}`;
    }),
  xxdOfOneByte: (text) =>
    bytes(text)
      .map((byte, at) => `${at.toString(16).padStart(8, '0')}: ${hex(byte)}  ${shown([byte])}`)
      .join('\n'),
};

function bytes(text: string): readonly number[] {
  return [...Buffer.from(text)];
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function each(text: string, write: (byte: number, at: number) => string): string {
  return bytes(text).map(write).join('');
}

function units(text: string, write: (unit: number) => string): string {
  return text
    .split('')
    .map((char) => write(char.charCodeAt(0)))
    .join('');
}

function points(text: string, write: (point: number) => string): string {
  return Array.from(text, (char) => write(char.codePointAt(0) ?? 0)).join('');
}

function inLines(all: readonly number[], width: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(all.length / width) }, (_, at) =>
    all.slice(at * width, (at + 1) * width),
  );
}

function dumped(text: string, write: (at: number, line: readonly number[]) => string): string {
  return inLines(bytes(text), 16)
    .map((line, nth) => write(nth * 16, line))
    .join('\n');
}

/** The characters of a dump's line; those that are none of ASCII are points. */
function shown(line: readonly number[]): string {
  return line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
}
