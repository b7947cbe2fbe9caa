import { refusal, type Refusal } from '../refusal/index.ts';

/** Longest canonical text of an entry, UTF-8 bytes: the length in an entry bundle is a uint16. */
export const entryBytesMax = 65_535;

const widestCodeUnitBytes = 3;
const utf8 = new TextEncoder();

/** Whether an entry has a place in a bundle. Refuses `entry.too-long`. */
export function checkEntryLength(text: string): Refusal | undefined {
  // Most texts need not be encoded to be judged.
  if (text.length * widestCodeUnitBytes <= entryBytesMax) return undefined;
  const { length } = utf8.encode(text);
  return length <= entryBytesMax
    ? undefined
    : refusal('entry.too-long', `the entry has ${length} bytes, ${entryBytesMax} at most`);
}
