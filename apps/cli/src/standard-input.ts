/**
 * All bytes of standard input, or of what stands for it; undefined as soon as there are more than may
 * be, so that what never ends is not waited for.
 */
export async function inputBytes(
  mostBytes: number,
  input: AsyncIterable<Uint8Array> = process.stdin,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    total += chunk.length;
    if (total > mostBytes) return undefined;
  }
  return Buffer.concat(chunks);
}
