const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The same well-formed string in memory of its own. An engine may keep a part of a string as a view on
 * the whole: a name of twenty characters that is kept for long then keeps the entry that it was
 * read in.
 */
export function detached(part: string): string {
  return text.decode(utf8.encode(part));
}
