const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Blocks whose characters take two columns (UAX 11, W and F). */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u;

const nothing = /^\p{M}+$/u;

function columnsOfOne(grapheme: string): number {
  if (nothing.test(grapheme)) return 0;
  return wide.test(grapheme) ? 2 : 1;
}

/** Columns that a text takes on a terminal; the text holds no controls. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += columnsOfOne(segment);
  return columns;
}

/** The text, cut with an ellipsis where it takes more than `columns`. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  return `${fitting(text, Math.max(0, columns - 1))}…`;
}

/** The text followed by blanks, up to `columns`. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** The text on as many lines as it needs, broken at blanks where there are any. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (columnsOf(line) > columns) {
      const part = fitting(line, columns);
      if (part === '') break;
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return [...lines, line];
}

function fitting(text: string, columns: number): string {
  let kept = '';
  let taken = 0;
  for (const { segment } of segmenter.segment(text)) {
    taken += columnsOfOne(segment);
    if (taken > columns) return kept;
    kept += segment;
  }
  return kept;
}
