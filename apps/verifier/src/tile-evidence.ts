import { join } from 'node:path';
import { leafDigest } from '@chancery/kernel/encoding';
import { entryBytesMax, namedPlace } from '@chancery/kernel/ledger';
import { RefusalError, type Result } from '@chancery/kernel/refusal';
import {
  bundlesBetween,
  bundlePath,
  decodeBundle,
  parseCheckpoint,
  parseNote,
} from '@chancery/kernel/tree';
import type { Evidence, Page } from './evidence.ts';
import { readText } from './files.ts';
import { TileCheck } from './tile-check.ts';
import { TileFiles } from './tile-files.ts';

/** What stands before each entry of a bundle. */
const lengthBytes = 2;

/**
 * A folder of tiles (C2SP tlog-tiles): the latest checkpoint, the entries that it covers, and the
 * hashes of the tree over them. It has no contents that stand outside their entries.
 * @throws {RefusalError} `checkpoint.invalid`, `tile.missing`, `tile.invalid`.
 */
export function tileEvidence(folder: string): Evidence {
  const note = readText(join(folder, 'checkpoint'));
  const size = granted(sizeOf(note));
  const files = new TileFiles(folder);
  let check = new TileCheck(files);
  return {
    checkpoints: [note],
    timestamps: [],
    holdsContents: false,
    pages: () => {
      check = new TileCheck(files);
      return pagesOf(files, size, check);
    },
    tiles: () => check.finish(),
  };
}

/** As the checkpoint claims: whether anybody signed it is for the audit to say. */
function sizeOf(note: string): Result<number> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const checkpoint = parseCheckpoint(parsed.value.text);
  return checkpoint.ok ? { ok: true, value: checkpoint.value.size } : checkpoint;
}

async function* pagesOf(
  files: TileFiles,
  size: number,
  check: TileCheck,
): AsyncGenerator<Page, void, undefined> {
  let position = 0;
  for (const place of bundlesBetween(0, size)) {
    const longest = place.width * (lengthBytes + entryBytesMax);
    const bytes = files.read(bundlePath(place), (length) => length <= longest);
    const texts = granted(decodeBundle(bytes, place));
    const entries = texts.map((text, index) => ({
      position: position + index,
      // A text that tells no place stands where no entry does, and is found wrong there.
      ...(namedPlace(text) ?? { stream: '', seq: 0 }),
      text,
    }));
    position += texts.length;
    check.take(texts.map((text) => leafDigest(text)));
    yield { entries, blobs: new Map() };
  }
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
