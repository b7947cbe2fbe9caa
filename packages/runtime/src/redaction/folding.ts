/** A way to write bytes that is undone before a known value is looked for. */
export interface Folding {
  /** What is written in the place of a character, or of nothing; global, and every part is bounded. */
  readonly pattern: RegExp;
  /** What stands for it: a character, or nothing. */
  readonly meaning: (match: RegExpExecArray) => string;
  /** Characters at the end of a text that may be the beginning of what the pattern finds. */
  readonly unread: number;
}

/** A text with a folding undone. */
export interface View {
  readonly text: string;
  /** Where in the first text the characters from `from` up to `to` of this one stand. */
  readonly origin: (from: number, to: number) => { readonly from: number; readonly to: number };
}

/** Where a part of a view begins, and the part of the text that it stands for. */
interface Part {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly folded: boolean;
}

/** Undefined where nothing is to be undone. Takes time linear in the text. */
export function viewOf(text: string, { pattern, meaning }: Folding): View | undefined {
  pattern.lastIndex = 0;
  let match = pattern.exec(text);
  if (match === null) return undefined;
  const parts: Part[] = [];
  let seen = '';
  let from = 0;
  const add = (to: number, shown: string, folded: boolean): void => {
    if (shown !== '') parts.push({ at: seen.length, from, to, folded });
    seen += shown;
    from = to;
  };
  for (; match !== null; match = pattern.exec(text)) {
    add(match.index, text.slice(from, match.index), false);
    add(match.index + match[0].length, meaning(match), true);
  }
  add(text.length, text.slice(from), false);
  return {
    text: seen,
    origin: (first, end) => ({ from: placeOf(parts, first).from, to: placeOf(parts, end - 1).to }),
  };
}

/** Where the character at a place of a view stands. */
function placeOf(
  parts: readonly Part[],
  at: number,
): { readonly from: number; readonly to: number } {
  let low = 0;
  for (let high = parts.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    const part = parts[middle];
    if (part !== undefined && part.at <= at) low = middle;
    else high = middle;
  }
  const found = parts[low];
  if (found === undefined) return { from: 0, to: 0 };
  if (found.folded) return found;
  const from = found.from + at - found.at;
  return { from, to: from + 1 };
}

const hex = '[0-9A-Fa-f]';
const named: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Escapes of URLs, whichever characters are escaped. */
const percents: Folding = {
  pattern: new RegExp(String.raw`%(?:(?<byte>${hex}{2})|u(?<unit>${hex}{4}))`, 'g'),
  meaning: ({ groups = {} }) => charOf(groups['byte'] ?? groups['unit'], 16),
  unread: 6,
};

/** Escapes of JSON, source code and shells; a text of JSON within JSON doubles the backslashes. */
const backslashes: Folding = {
  pattern: new RegExp(
    String.raw`\\{1,4}(?:u(?<unit>${hex}{4})|u\{(?<point>${hex}{1,6})\}|x(?<byte>${hex}{2})` +
      String.raw`|(?<octal>[0-3][0-7]{2})|(?<end>[nr])|(?=["'/]))|(?<!\\)\\(?<itself>\\)(?![\\ux0-7nr"'/])`,
    'g',
  ),
  meaning: ({ groups = {} }) => {
    const { unit, point, byte, octal, end, itself } = groups;
    if (end !== undefined) return end === 'n' ? '\n' : '\r';
    if (itself !== undefined) return itself;
    return octal === undefined ? charOf(unit ?? point ?? byte, 16) : charOf(octal, 8);
  },
  unread: 14,
};

/** Character references of HTML. */
const references: Folding = {
  pattern: new RegExp(
    String.raw`&(?:#[xX](?<hexadecimal>${hex}{1,6})|#(?<decimal>\d{1,7})|(?<name>amp|lt|gt|quot|apos));`,
    'g',
  ),
  meaning: ({ groups = {} }) => {
    const { hexadecimal, decimal, name } = groups;
    if (name !== undefined) return named.get(name) ?? name;
    return decimal === undefined ? charOf(hexadecimal, 16) : charOf(decimal, 10);
  },
  unread: 10,
};

/** The end of a line, also as texts of JSON write it, or texts of JSON within such. */
const lineEnding = String.raw`(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)`;

/** Lines that were broken anywhere, also between the bars of `hexdump -C`. */
export const lineBreaks: Folding = {
  pattern: new RegExp(String.raw`\|${lineEnding}\||[\r\n]|\\{1,4}[rn]`, 'g'),
  meaning: () => '',
  unread: 12,
};

/** Lines that really end, for values of which {@link mayEndLines} tells. */
export const rawLineBreaks: Folding = {
  pattern: /[\r\n]/g,
  meaning: () => '',
  unread: 1,
};

/** Whether characters of a value, or of it and of what stands beside it, may be taken for a written end of a line. */
export function mayEndLines(text: string): boolean {
  return /^[nr]|[\\|]/.test(text);
}

/** What stands for one character each; a text that is written so is of one of them. */
export const escapes: readonly Folding[] = [percents, backslashes, references];

const lastCodePoint = 0x10ffff;

/** Nothing for no digits. */
function charOf(digits: string | undefined, radix: number): string {
  if (digits === undefined) return '';
  const code = Number.parseInt(digits, radix);
  return code > lastCodePoint ? '\ufffd' : String.fromCodePoint(code);
}

/** The longest end of a dump's line that is looked at: the column of characters, the next offset. */
const longestLineEnd = 192;

const between = String.raw`(?:\\{1,4}[nrt]|[ \t\r\n,:;._|/"'=%\\&#+-]){1,16}(?:0?[xX])?`;

/** Hexadecimal bytes or words with something short between them. */
export const separators: Folding = {
  pattern: new RegExp(String.raw`(?<=${hex})${between}(?=${hex})`, 'g'),
  meaning: () => '',
  unread: longestLineEnd + 8,
};

/** No more of them than up to the end of the line, which may be written. */
const chars = String.raw`[^\r\n]{1,64}?`;
const barred = String.raw`[ ]{1,64}(?:\|${chars}\||>${chars}<)`;
const offset = String.raw`${hex}{6,16}(?::[ \t]{0,2}|[ \t]{1,2})`;

/** The same in the layouts of `od`, `hexdump -C` and `xxd`: offsets before, characters after. */
export const dumps: Folding = {
  pattern: new RegExp(
    String.raw`(?<=${hex})(?:` +
      [
        String.raw`[ ]{2}${chars}${lineEnding}${hex}{6,16}:[ \t]{0,2}`,
        // What looks like the end of a line within the bars is none where a line does end after them.
        String.raw`${barred}\r?\n[ \t]{0,8}(?:${offset})?`,
        String.raw`${barred}${lineEnding}[ \t]{0,8}(?:${offset})?`,
        String.raw`[ ]{0,2}${lineEnding}[ \t]{0,8}${offset}`,
        between,
      ].join('|') +
      String.raw`)(?=${hex})`,
    'g',
  ),
  meaning: () => '',
  unread: longestLineEnd + 8,
};

/** Whether it is of hexadecimal digits, which a dump may have written. */
export function isOfBytes(folding: Folding): boolean {
  return folding === separators || folding === dumps;
}

/** Bytes in a row, of one line. */
const row = String.raw`(?:[ ]{0,2}${hex}{2}){0,64}`;
const rowBefore = new RegExp(`${row}$`);
const rowOffset = new RegExp(`^[ ]{0,2}${hex}{6,16}[ ]{1,2}`);
/** The rest of them, and the gap before the characters, which may stand between bars. */
const rowAfter = new RegExp(String.raw`${row}[ ]{1,64}(?:([|>])|(?<=[ ]{2}))`, 'y');
const columnEnd = new RegExp(
  String.raw`(?:\|${chars}\||>${chars}<|${chars})(?=[\r\n]|\\{1,4}[rn]|$)`,
  'y',
);

/**
 * Up to where the line of a dump shows again, as characters, what it shows as bytes up to `at`: to
 * its end, or as many characters as it has bytes where something follows them.
 */
export function endOfDumpLine(text: string, at: number): number {
  rowAfter.lastIndex = at;
  const gap = rowAfter.exec(text);
  if (gap === null) return at;
  const [, bar = ''] = gap;
  const from = rowAfter.lastIndex;
  columnEnd.lastIndex = from - bar.length;
  const ended = columnEnd.test(text) ? columnEnd.lastIndex : at;
  const line = text.slice(Math.max(0, at - longestLineEnd), at);
  const before = line.slice(line.search(rowBefore));
  const own = bar === '' ? before : before.replace(rowOffset, '');
  const to = Math.max(ended, endOfColumn(text, from, bytesIn(own), bar));
  return to - at > longestLineEnd ? at : to;
}

function bytesIn(digits: string): number {
  return digits.replaceAll(' ', '').length / 2;
}

/** A character of a column, which may be escaped. */
const column = /\\{1,4}["\\/]?|[^\r\n]/y;

/** Where so many characters end, with the bar that closes them. */
function endOfColumn(text: string, from: number, count: number, bar: string): number {
  column.lastIndex = from;
  let to = from;
  for (let nth = 0; nth < count && column.test(text); nth += 1) to = column.lastIndex;
  const closing = bar === '>' ? '<' : bar;
  return closing !== '' && text.startsWith(closing, to) ? to + closing.length : to;
}
