import type { Word as WordNode, WordPart } from 'unbash';
import type { Scope } from './scope.ts';
import type { Word } from './word.ts';

interface Piece {
  readonly kind: Word['kind'];
  readonly text: string;
  readonly splits: boolean;
}

/** Characters of a word of which a part is a value: what is put together of values doubles with each variable. */
const mostChars = 4_096;

/** Parts that are as long as they stand in the line. */
const literals: ReadonlySet<WordPart['type']> = new Set<WordPart['type']>([
  ...(['Literal', 'SingleQuoted', 'AnsiCQuoted'] as const),
]);

const isTooLong = (text: string, { type }: WordPart): boolean =>
  text.length > mostChars && !literals.has(type);

const open = (splits: boolean, text = ''): Piece => ({ kind: 'open', text, splits });
const literal = (text: string): Piece => ({ kind: 'whole', text, splits: false });

/** The word as it stands in the line, with what is known of its expansions. */
export function wordOf(node: WordNode, scope: Scope): Word {
  const { parts, value } = node;
  if (parts === undefined || parts.length === 0) return literal(value);
  let text = '';
  let kind: Word['kind'] = 'whole';
  let splits = false;
  for (const part of parts) {
    const piece = pieceOf(part, scope);
    splits ||= piece.splits;
    if (kind === 'whole') text += piece.text;
    if (isTooLong(text, part)) return open(true, text.slice(0, mostChars));
    if (piece.kind === 'open') kind = 'open';
    else if (piece.kind === 'glob' && kind === 'whole') kind = 'glob';
  }
  return { kind, text, splits };
}

function pieceOf(part: WordPart, scope: Scope): Piece {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return literal(part.value);
    case 'Glob':
      return { kind: 'glob', text: '', splits: true };
    case 'BraceExpansion':
    case 'ExtendedGlob':
      return { kind: 'glob', text: '', splits: true };
    case 'DoubleQuoted':
    case 'LocaleString':
      return quoted(part.parts, scope);
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      return expansion(part, scope, true);
    case 'ArithmeticExpansion':
      return open(false);
    case 'CommandExpansion':
    case 'ProcessSubstitution':
      return open(true);
  }
}

function quoted(parts: readonly WordPart[], scope: Scope): Piece {
  let text = '';
  let kind: Word['kind'] = 'whole';
  let splits = false;
  for (const part of parts) {
    const isExpansion = part.type === 'SimpleExpansion' || part.type === 'ParameterExpansion';
    const piece = isExpansion
      ? expansion(part, scope, false)
      : { ...pieceOf(part, scope), splits: false };
    if (kind === 'whole') text += piece.text;
    if (isTooLong(text, part)) return open(splits, text.slice(0, mostChars));
    if (piece.kind === 'open') kind = 'open';
    else if (piece.kind === 'glob' && kind === 'whole') kind = 'glob';
    splits ||= piece.splits;
  }
  return { kind, text, splits };
}

type Expansion = Extract<WordPart, { type: 'SimpleExpansion' | 'ParameterExpansion' }>;

/** The value of a variable where the line itself tells it. */
function expansion(part: Expansion, scope: Scope, isBare: boolean): Piece {
  const name = part.type === 'SimpleExpansion' ? part.text.slice(1) : part.parameter;
  // Several words come of it even in quotes.
  if (name === '@') return open(true);
  const isPlain =
    part.type === 'SimpleExpansion' || (part.prefix === undefined && part.index === undefined);
  const operation = part.type === 'ParameterExpansion' ? part.operation : undefined;
  if (!isPlain) return open(isBare);
  const value = scope.values.get(name) ?? surrounding.get(name);
  if (value === undefined) return open(isBare);
  if (operation === undefined) {
    const isSafe = !isBare || value.kind === 'glob' || /^[^\s*?[\]]*$/.test(value.text);
    return isSafe ? { ...value, splits: value.splits || value.kind === 'open' } : open(true);
  }
  // Of a name of a file, what is cut off at its end leaves its folder as it is.
  const cutsEnd = operation.type === 'Remove' && operation.operator.startsWith('%');
  if (!cutsEnd) return open(isBare);
  const folder = value.text.slice(0, value.text.lastIndexOf('/') + 1);
  return { kind: 'glob', text: folder, splits: isBare };
}

/** Folders that every process has. */
const surrounding: ReadonlyMap<string, Word> = new Map([
  ['HOME', literal('~')],
  ['PWD', literal('.')],
]);
