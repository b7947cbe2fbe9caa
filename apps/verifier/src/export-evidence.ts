import { ExportReader, type ExportRecord, type Manifest } from '@chancery/kernel/export';
import { Fault, RefusalError, type Result } from '@chancery/kernel/refusal';
import type { Evidence, Page } from './evidence.ts';

/** Bytes that come one chunk after the other. */
export type Chunks = AsyncIterable<Uint8Array>;

/** Gives the bytes of an export, from the first whenever it is asked. */
export type OpenChunks = () => Chunks;

/**
 * The first line of an export.
 * @throws {RefusalError} `export.invalid`, `export.newer`, `export.truncated`.
 */
export async function manifestOf(open: OpenChunks): Promise<Manifest> {
  const reader = new ExportReader();
  for await (const chunk of open()) {
    const [first] = granted(reader.push(chunk));
    if (first?.type === 'manifest') return first.manifest;
  }
  granted(reader.finish());
  throw new Fault('an export that is whole has a first line');
}

/** An export of a whole ledger: its checkpoint, its entries, and the contents that they name. */
export function exportEvidence({ note, timestamps }: Manifest, open: OpenChunks): Evidence {
  return {
    checkpoints: [note],
    timestamps,
    holdsContents: true,
    pages: () => pagesOf(open()),
    tiles: () => undefined,
  };
}

async function* pagesOf(chunks: Chunks): AsyncGenerator<Page, void, undefined> {
  const reader = new ExportReader();
  for await (const chunk of chunks) {
    const records = granted(reader.push(chunk));
    if (records.length > 0) yield pageOf(records);
  }
  granted(reader.finish());
}

function pageOf(records: readonly ExportRecord[]): Page {
  const found = records.flatMap((record) => (record.type === 'entry' ? [record.entry] : []));
  return {
    entries: found.map(({ stored }) => stored),
    blobs: new Map(found.flatMap(({ blobs }) => [...blobs])),
  };
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
