/** The end of a canonical entry: its members from `seq` on. Names of streams need no escapes. */
const ending =
  /,"seq":(0|[1-9][0-9]{0,15}),"stream":"([^"\\]+)",(?:"trace":"[^"\\]*",)?"v":[0-9]+\}$/;

/** Longest ending; a body before it is not searched. */
const endingLength = 1_024;

/**
 * The place that an entry's text tells of itself, where the text comes alone, as in a bundle of the
 * tree; undefined when it is no such text.
 */
export function namedPlace(
  text: string,
): { readonly stream: string; readonly seq: number } | undefined {
  const [, seq, stream] = ending.exec(text.slice(-endingLength)) ?? [];
  return seq === undefined || stream === undefined ? undefined : { stream, seq: Number(seq) };
}
