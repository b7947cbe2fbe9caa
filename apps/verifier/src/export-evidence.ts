import { ExportReader, type ExportRecord, type Manifest } from '@chancery/kernel/export';
import { Fault, RefusalError, type Result } from '@chancery/kernel/refusal';
import { type Evidence, type Page } from './evidence.ts';

/** Bytes that come one chunk after the other. */
export type Chunks = AsyncIterable<Uint8Array>;

/** The first line of an export, and the whole export again. */
export interface OpenedExport {
  readonly manifest: Manifest;
  readonly chunks: Chunks;
}

/**
 * Reads an export as far as its first line.
 * @throws {RefusalError} `export.invalid`, `export.newer`, `export.truncated`.
 */
export async function openExport(chunks: Chunks): Promise<OpenedExport> {
  const source = chunks[Symbol.asyncIterator]();
  const reader = new ExportReader();
  const seen: Uint8Array[] = [];
  for (;;) {
    const next = await source.next();
    if (next.done === true) {
      granted(reader.finish());
      throw new Fault('an export that is whole has a first line');
    }
    seen.push(next.value);
    const [first] = granted(reader.push(next.value));
    if (first?.type === 'manifest') {
      return { manifest: first.manifest, chunks: joined(seen, source) };
    }
  }
}

/** An export of a whole ledger: its checkpoint, its entries, and the contents that they name. */
export function exportEvidence({ manifest, chunks }: OpenedExport): Evidence {
  const [checkpoints, pages] = [[manifest.note], pagesOf(chunks)];
  return { checkpoints, holdsContents: true, pages };
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

async function* joined(
  seen: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* seen;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    yield next.value;
  }
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
