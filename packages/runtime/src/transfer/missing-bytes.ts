import { refusal, RefusalError } from '@chancery/kernel/refusal';
import type { ExportFile } from './export-file.ts';

const utf8 = new TextEncoder();

/**
 * What an export that was cut short lacks: `pieces` are its text from the byte `from` on. What the
 * file has of them is compared and left as it is, so nothing need be cut off, and the first bytes come
 * only when all that is there has been found to be right.
 * @throws {RefusalError} `export.invalid` when the file holds anything else.
 */
export async function* missingBytes(
  file: ExportFile,
  from: number,
  pieces: AsyncIterable<string>,
): AsyncGenerator<Uint8Array> {
  let offset = from;
  let isThere = true;
  for await (const piece of pieces) {
    const bytes = utf8.encode(piece);
    const present = isThere ? await file.read(offset, bytes.length) : none;
    if (present.some((byte, index) => byte !== bytes[index])) throw otherBytes(offset);
    offset += present.length;
    if (present.length === bytes.length) continue;
    isThere = false;
    yield bytes.subarray(present.length);
  }
  if (isThere && (await file.read(offset, 1)).length > 0) throw otherBytes(offset);
}

const none = new Uint8Array(0);

function otherBytes(offset: number): RefusalError {
  return notHowItBegins(`it has other bytes behind byte ${offset}`);
}

/** What has been begun is not the beginning of what would be written now. */
export function notHowItBegins(why: string): RefusalError {
  const message = `what is there is not how this export begins: ${why}`;
  const remedy =
    'Name another file, or remove that one: it was changed, or contents were pruned since it was begun.';
  return new RefusalError(refusal('export.invalid', message, { remedy }));
}
