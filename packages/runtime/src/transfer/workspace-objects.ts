import type { Digest } from '@chancery/kernel/encoding';
import {
  ExportReader,
  fitsExport,
  type ExportWriter,
  type GitKind,
  type WorkspaceWalk,
} from '@chancery/kernel/export';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import type { VerifiedExport } from './import-ledger.ts';

/** Where the objects of workspace snapshots are kept, by the repository that they are of. */
export interface ObjectSource {
  /** The content of an object; undefined when it is not there. */
  read(repository: string, digest: Digest): Promise<Uint8Array | undefined>;
}

export interface ObjectSink {
  /** Takes an object, whose bytes must not change after. */
  write(repository: string, kind: GitKind, bytes: Uint8Array): Promise<void>;
  /** Resolves when all that was taken is durable. */
  flush(): Promise<void>;
}

/**
 * The lines of the objects that a walk tells of, one object at a time.
 * @throws {RefusalError} `workspace.incomplete` when one is missing or altered, `entry.too-long`.
 */
export async function* objectLines(
  writer: ExportWriter,
  walk: WorkspaceWalk,
  source: ObjectSource,
): AsyncGenerator<string> {
  for (let wanted = walk.next(); wanted !== undefined; wanted = walk.next()) {
    const { repository, digest } = wanted;
    const bytes = await source.read(repository, digest);
    if (bytes === undefined) {
      throw incomplete(`the object ${digest} of the snapshots of ${repository} is missing`);
    }
    if (!fitsExport('', [{ digest, bytes }])) {
      const message = `the object ${digest} of ${repository} is too long for an export`;
      throw new RefusalError(refusal('entry.too-long', message));
    }
    const wrong = walk.give(bytes);
    if (wrong !== undefined) throw incomplete(wrong);
    yield writer.object({ digest, bytes });
  }
}

/**
 * Writes the objects of a verified export, all of which are durable when it resolves. To be called before
 * the entries are written, so that no recorded file is ever without its content.
 * @throws {RefusalError} what file and sink throw; `export.invalid` when the file changed meanwhile.
 */
export async function writeObjects({ seen }: VerifiedExport, sink: ObjectSink): Promise<number> {
  const reader = new ExportReader();
  let written = 0;
  for await (const chunk of seen.again()) {
    const records = reader.push(chunk);
    if (!records.ok) throw new RefusalError(records.refusal);
    for (const record of records.value) {
      if (record.type !== 'object') continue;
      await sink.write(record.object.repository, record.object.kind, record.bytes);
      written += 1;
    }
  }
  await sink.flush();
  if (reader.finish().ok) return written;
  const message = `the file changed while it was imported, after ${written} objects`;
  throw new RefusalError(refusal('export.invalid', message));
}

function incomplete(message: string): RefusalError {
  return new RefusalError(refusal('workspace.incomplete', message));
}
