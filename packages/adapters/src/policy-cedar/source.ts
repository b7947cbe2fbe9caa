/** A place in a text: both from 1, the column in characters. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** One policy as it stands in a text. */
export interface RuleSource {
  /** From the end of the policy before up to and including its semicolon. */
  readonly text: string;
  /** Offset of `text` in the whole. */
  readonly offset: number;
  /** Offset of its first token in the whole. */
  readonly start: number;
}

export interface Integer {
  readonly digits: string;
  readonly offset: number;
}

/** What can be told of a policy text before it is parsed. */
export interface PolicySource {
  readonly rules: readonly RuleSource[];
  /** Integer literals in code, neither in strings nor in comments. */
  readonly integers: readonly Integer[];
}

// As Cedar's lexer: white space, comment, string, identifier, integer, any other character.
const token =
  /(?<blank>\s+|\/\/[^\n\r]*)|(?<string>"(?:\\[^]|[^"\\])*")|(?<name>[_a-zA-Z][_a-zA-Z0-9]*)|(?<integer>[0-9]+)|(?<other>[^])/guy;

interface Token {
  /** As the groups of the expression are named. */
  readonly kind: 'blank' | 'string' | 'name' | 'integer' | 'other';
  readonly text: string;
  readonly offset: number;
}

const kinds = ['blank', 'string', 'name', 'integer', 'other'] as const;

/** The tokens of a text, one after the other without a gap. */
export function* tokensOf(text: string): Generator<Token> {
  for (const { 0: found, index, groups = {} } of text.matchAll(token)) {
    const kind = kinds.find((name) => groups[name] !== undefined) ?? 'other';
    yield { kind, text: found, offset: index };
  }
}

/** Splits a text at the semicolons that end its policies. Total: what is no policy is one anyway. */
export function readSource(text: string): PolicySource {
  const rules: RuleSource[] = [];
  const integers: Integer[] = [];
  let offset = 0;
  let start: number | undefined;
  for (const { kind, text: found, offset: index } of tokensOf(text)) {
    const end = index + found.length;
    if (kind === 'blank') continue;
    start ??= index;
    if (kind === 'integer') integers.push({ digits: found, offset: index });
    if (found !== ';') continue;
    rules.push({ text: text.slice(offset, end), offset, start });
    offset = end;
    start = undefined;
  }
  if (start !== undefined) rules.push({ text: text.slice(offset), offset, start });
  return { rules, integers };
}

export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    line: before.split('\n').length,
    column: Array.from(before.slice(lineStart)).length + 1,
  };
}

const utf8 = new TextEncoder();
const decoder = new TextDecoder();

/** Offset in UTF-16 code units of an offset in UTF-8 bytes, which is how Cedar counts. */
export function offsetOfByte(text: string, byte: number): number {
  return decoder.decode(utf8.encode(text).subarray(0, byte)).length;
}
