import { assert } from '@chancery/kernel/refusal';

/** One header as it stands in a message. */
export interface HeaderLine {
  readonly name: string;
  /** The name in lower case, by which it is known. */
  readonly key: string;
  readonly value: string;
}

/** Headers in their order, repeated ones each by itself; from `rawHeaders` of Node. */
export function headerLines(raw: readonly string[]): readonly HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (const [at, name] of raw.entries()) {
    if (at % 2 === 1) continue;
    const value = raw[at + 1];
    assert(value !== undefined, 'a header has a value');
    lines.push({ name, key: name.toLowerCase(), value });
  }
  return lines;
}
