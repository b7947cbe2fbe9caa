import {
  dumps,
  escapes,
  lineBreaks,
  mayEndLines,
  rawLineBreaks,
  separators,
  type Folding,
} from './folding.ts';

/** Shorter values are not looked for: they would be found everywhere. */
export const minSecretChars = 8;

function percentEncoded(secret: string): string[] {
  const plain = encodeURIComponent(secret);
  // RFC 3986 reserves these, JavaScript does not.
  const strict = plain.replace(/[!'()*]/g, percentOf);
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  const lowercase = (text: string): string =>
    text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [plain, strict, form].flatMap((text) => [text, lowercase(text)]);
}

function percentOf(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function hexEncoded(bytes: Buffer): string[] {
  const lower = bytes.toString('hex');
  return [lower, lower.toUpperCase()];
}

/**
 * What base64 (RFC 4648, both alphabets) of any text holds when the secret stands in it, for the
 * three ways in which its bytes can fall into groups of three. Characters at its ends that also
 * hold bits of the neighbours are left off: at most four bits on each side.
 */
function base64Encoded(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    const standard = whole.slice(from, to);
    return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function jsonEscaped(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  // As writers do that keep to ASCII.
  const ascii = once.replace(/[\u0080-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return [once, twice, ascii, once.replaceAll('/', '\\/')];
}

/** Characters of a line, as `base64`, `openssl` and `xxd -p` break theirs. */
const lineChars = { base64: [76, 64], hex: [60] } as const;
const leastLineChars = 12;

/** The lines of a long secret that is encoded by itself. */
function wrapped(bytes: Buffer): string[] {
  const whole = bytes.toString('base64').slice(0, Math.floor((bytes.length * 8) / 6));
  return [
    ...lineChars.base64.flatMap((width) => linesOf(whole, width)),
    ...hexEncoded(bytes).flatMap((text) => lineChars.hex.flatMap((width) => linesOf(text, width))),
  ];
}

/** None of a text that one line holds. */
function linesOf(text: string, width: number): string[] {
  const count = text.length > width ? Math.ceil(text.length / width) : 0;
  return Array.from({ length: count }, (_, at) => text.slice(at * width, (at + 1) * width)).filter(
    ({ length }) => length >= leastLineChars,
  );
}

/** Base64 of the base64 of a secret, or of one of the lines into which that is broken. */
function base64Twice(bytes: Buffer): string[] {
  const lines = linesOf(bytes.toString('base64'), lineChars.base64[0]);
  return [...base64Encoded(bytes), ...lines].flatMap((text) => base64Encoded(Buffer.from(text)));
}

/** What gives a secret away: texts as they stand, and texts that show once a folding is undone. */
export interface SecretForms {
  readonly plain: readonly string[];
  readonly folded: readonly (readonly [Folding, readonly string[]])[];
}

/**
 * The forms of a secret, each once: as it is, JSON-escaped, URL-encoded, hexadecimal, base64 once and
 * twice; with any of its characters escaped; in hexadecimal with something between, and in dumps.
 */
export function secretForms(secret: string): SecretForms {
  const wellFormed = secret.toWellFormed();
  const bytes = Buffer.from(wellFormed, 'utf8');
  const base64 = [...base64Encoded(bytes), ...base64Twice(bytes)];
  const hex = hexEncoded(bytes);
  // Escapes are of characters or of bytes.
  const escaped = distinct([secret, bytes.toString('latin1'), ...base64]);
  const inOneLine = secret.replace(/[\r\n]/g, '');
  const unbroken = inOneLine.length < minSecretChars ? [] : [inOneLine];
  return {
    plain: distinct([
      secret,
      ...jsonEscaped(secret),
      ...percentEncoded(wellFormed),
      ...hex,
      ...base64,
      ...wrapped(bytes),
    ]),
    folded: [
      ...escapes.map((folding) => [folding, escaped] as const),
      [lineBreaks, [...unbroken, ...base64]],
      [rawLineBreaks, mayEndLines(inOneLine) ? unbroken : []],
      [separators, hex],
      [dumps, hex],
    ],
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
