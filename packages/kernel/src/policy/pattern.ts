import { isJsonObject, type Json } from '../encoding/index.ts';
import { Malformed, node, type Node } from './node.ts';
import { expectedString, failureOf } from './value.ts';

/** The literals of a `like` pattern; between each two of them stands a wildcard. */
type Pieces = readonly [string, ...string[]];

function piecesOf(pattern: Json): Pieces {
  if (!Array.isArray(pattern)) throw new Malformed('the pattern of `like` is not a list');
  const pieces: [string, ...string[]] = [''];
  for (const element of pattern as readonly Json[]) {
    if (element === 'Wildcard') pieces.push('');
    else pieces.push((pieces.pop() ?? '') + literalOf(element));
  }
  return pieces;
}

function literalOf(element: Json): string {
  const literal = isJsonObject(element) ? element['Literal'] : undefined;
  if (typeof literal !== 'string' || Object.keys(element as object).length !== 1) {
    throw new Malformed('an element of a pattern is neither a literal nor a wildcard');
  }
  return literal;
}

/** `left like pattern`. Takes each literal where it occurs first: linear but for repeats in it. */
export function like(left: Node, pattern: Json): Node {
  const { run } = left;
  const matches = matcherOf(piecesOf(pattern));
  return node((frame) => {
    const text = run(frame);
    return typeof text === 'string' ? matches(text) : failureOf(text, expectedString);
  });
}

function matcherOf([head, ...rest]: Pieces): (text: string) => boolean {
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === head;
  const inner = rest.filter((piece) => piece !== '');
  return (text) => {
    const end = text.length - tail.length;
    if (!text.startsWith(head) || !text.endsWith(tail)) return false;
    let at = head.length;
    for (const piece of inner) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    // Neither a piece nor the head may reach into the tail.
    return at <= end;
  };
}
