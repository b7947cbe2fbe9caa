import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectSink, ObjectSource } from '@chancery/runtime/transfer';
import type { ObjectBatch } from './object-batch.ts';
import { ObjectLookup } from './object-reader.ts';
import { folderName, newBatch, openSnapshotStore } from './snapshot-store.ts';

/** The objects of all snapshots of a home. Let go of with `close`. */
export interface SnapshotObjects extends ObjectSource, ObjectSink {
  close(): Promise<void>;
}

/** Reads and writes the snapshots below a folder of ours as single objects, to move them. */
export function snapshotObjects(options: { readonly home: string }): SnapshotObjects {
  const snapshots = join(options.home, 'snapshots');
  const placeOf = (repository: string): string => join(snapshots, folderName(repository));
  const lookups = new Map<string, ObjectLookup>();
  const batches = new Map<string, ObjectBatch>();
  return {
    read: async (repository, digest) => {
      const folder = placeOf(repository);
      if (!existsSync(folder)) return undefined;
      const lookup =
        lookups.get(folder) ?? new ObjectLookup((await openSnapshotStore(folder)).place);
      lookups.set(folder, lookup);
      return lookup.read(digest);
    },
    write: async (repository, kind, bytes) => {
      const folder = placeOf(repository);
      await mkdir(snapshots, { recursive: true, mode: 0o700 });
      const batch = batches.get(folder) ?? newBatch(await openSnapshotStore(folder));
      batches.set(folder, batch);
      batch.add(kind, bytes);
      await batch.relieve();
    },
    flush: async () => {
      for (const batch of batches.values()) await batch.flush();
    },
    close: async () => {
      for (const lookup of lookups.values()) await lookup.close();
    },
  };
}
