import { leafDigest } from '@chancery/kernel/encoding';
import { ExportReader, type Manifest } from '@chancery/kernel/export';
import { RefusalError } from '@chancery/kernel/refusal';
import { emptyFrontier, grow } from '@chancery/kernel/tree';
import { chunksOf, type ExportFile } from './export-file.ts';
import type { Resumption } from './write-export.ts';

/** An export as it was left. */
export interface BegunExport {
  /** Undefined while not even its first line is whole. */
  readonly manifest: Manifest | undefined;
  /** Whether nothing is missing. */
  readonly isWhole: boolean;
  readonly resumption: Resumption;
}

/**
 * Looks how far an export has come.
 * @throws {RefusalError} `export.invalid`, `export.newer` when what is there is not how one begins.
 */
export async function readBegun(file: ExportFile): Promise<BegunExport> {
  const reader = new ExportReader();
  let manifest: Manifest | undefined;
  let isWhole = false;
  let frontier = emptyFrontier;
  for await (const chunk of chunksOf(file)) {
    const records = reader.push(chunk);
    if (!records.ok) throw new RefusalError(records.refusal);
    const leaves: string[] = [];
    for (const record of records.value) {
      if (record.type === 'manifest') manifest = record.manifest;
      else if (record.type === 'entry') leaves.push(leafDigest(record.entry.stored.text));
      else if (record.type === 'end') isWhole = true;
    }
    frontier = grow(frontier, leaves);
  }
  return { manifest, isWhole, resumption: { mark: reader.mark, frontier } };
}
