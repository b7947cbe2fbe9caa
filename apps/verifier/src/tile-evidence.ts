import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namedPlace } from '@chancery/kernel/ledger';
import { refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import {
  bundlesBetween,
  bundlePath,
  decodeBundle,
  parseCheckpoint,
  parseNote,
} from '@chancery/kernel/tree';
import { type Evidence, type Page } from './evidence.ts';
import { readText } from './files.ts';

/**
 * A folder of tiles (C2SP tlog-tiles): the latest checkpoint, and the entries that it covers. It has
 * no contents that stand outside their entries.
 * @throws {RefusalError} `checkpoint.invalid`, `tile.missing`, `tile.invalid`.
 */
export function tileEvidence(folder: string): Evidence {
  const note = readText(join(folder, 'checkpoint'));
  const size = granted(sizeOf(note));
  return {
    checkpoints: [note],
    holdsContents: false,
    pages: () => pagesOf(folder, size),
  };
}

/** As the checkpoint claims: whether anybody signed it is for the audit to say. */
function sizeOf(note: string): Result<number> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const checkpoint = parseCheckpoint(parsed.value.text);
  return checkpoint.ok ? { ok: true, value: checkpoint.value.size } : checkpoint;
}

async function* pagesOf(folder: string, size: number): AsyncGenerator<Page, void, undefined> {
  let position = 0;
  for (const place of bundlesBetween(0, size)) {
    const texts = granted(decodeBundle(bytesAt(folder, bundlePath(place)), place));
    const entries = texts.map((text, index) => ({
      position: position + index,
      // A text that tells no place stands where no entry does, and is found wrong there.
      ...(namedPlace(text) ?? { stream: '', seq: 0 }),
      text,
    }));
    position += texts.length;
    yield { entries, blobs: new Map() };
  }
}

function bytesAt(folder: string, path: string): Uint8Array {
  try {
    return readFileSync(join(folder, path));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new RefusalError(
      refusal('tile.missing', `${path} cannot be read (${String(error.code)})`),
    );
  }
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
