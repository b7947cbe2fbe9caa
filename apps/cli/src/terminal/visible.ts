/**
 * Characters that would act on a terminal, or deceive the eye: controls but for nothing, directions
 * (UAX 9), invisible and private ones, line separators, lone surrogates.
 */
const acting =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ue000-\uf8ff]|[\u{e0000}-\u{10ffff}]|\p{Surrogate}/gu;

/** Untrusted text on one line: everything that is no plain character is written out. */
export function visible(text: string): string {
  return text.replaceAll(acting, written);
}

/** Untrusted text of several lines; line ends stay, a tab is two blanks. */
export function visibleLines(text: string): readonly string[] {
  return text
    .replaceAll('\t', '  ')
    .split('\n')
    .map((line) => visible(line.endsWith('\r') ? line.slice(0, -1) : line));
}

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function written(character: string): string {
  const known = short[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}
