/** How the canonical text of an entry ends: its members from `seq` on. Names of streams need no escapes. */
const ending =
  /"seq":(0|[1-9][0-9]{0,15}),"stream":"([^"\\]+)",(?:"trace":"[^"\\]*",)?"v":[0-9]+\}$/;

/** Longest ending; a body before it is not searched. */
const endingChars = 1_024;

/** The place that the text of an entry tells of itself; undefined when it is no such text. */
export function placeIn(
  text: string,
): { readonly stream: string; readonly seq: number } | undefined {
  const found = ending.exec(text.slice(-endingChars));
  const [, seq, stream] = found ?? [];
  return seq === undefined || stream === undefined ? undefined : { stream, seq: Number(seq) };
}
