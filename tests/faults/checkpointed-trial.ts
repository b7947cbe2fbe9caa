import { join } from 'node:path';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { integrate, type TileStore } from '@chancery/runtime/transparency';
import type { FaultyDisk } from './faulty-disk.ts';
import type { History } from './history.ts';
import type { Blow, Trial } from './job.ts';
import { loudness } from './loudness.ts';
import { copyLog, inGroups } from './scenarios.ts';
import { look } from './store-trial.ts';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(3)));

/** Tiles on a disk that is not the faulty one. */
function elsewhere(): TileStore {
  const files = new Map<string, Uint8Array>();
  return {
    read: (path) => Promise.resolve(files.get(path)),
    write: (path, bytes) => {
      files.set(path, bytes);
      return Promise.resolve();
    },
  };
}

/**
 * A barrier is false, and the power fails. No store can tell what it has lost then; with the tree's
 * checkpoint on another disk either all that was acknowledged is there, or it is told that it is not.
 */
export async function tryCheckpointed(
  history: History,
  disk: FaultyDisk,
  { kind, at, ending }: Blow,
): Promise<Trial> {
  disk.renew();
  const path = join(disk.folder, 'ledger.db');
  const tiles = elsewhere();
  disk.arm(kind, at);
  const { acknowledged, refused } = await write(path, history, tiles, () => disk.die());
  const struck = disk.struck();
  disk.end(ending);
  const told = await findOut(path, history, tiles, acknowledged);
  const wrong =
    told === 'silence' ? [`${acknowledged} acknowledged batches are not all there`] : [];
  return { refused: [...refused, ...(told === undefined ? [] : [told])], wrong, struck };
}

async function write(
  path: string,
  { ledger, batches }: History,
  tiles: TileStore,
  onEnd: () => void,
) {
  const refused: string[] = [];
  let acknowledged = 0;
  try {
    const store = openSqliteStore({ path, create: true });
    try {
      for (const [index, group] of inGroups(batches).entries()) {
        await Promise.all(group.map((batch) => store.append(batch)));
        acknowledged += group.length;
        await integrate({ store, tiles, ledger }, signer);
        if (index === 2) copyLog(path, { refused });
      }
    } finally {
      onEnd();
      await store.close();
    }
  } catch (error) {
    refused.push(loudness(error));
  }
  return { acknowledged, refused };
}

/** What tells that something is lost: nothing where all is there, `silence` where nothing tells. */
async function findOut(
  path: string,
  history: History,
  tiles: TileStore,
  acknowledged: number,
): Promise<string | undefined> {
  try {
    const store = openSqliteStore({ path, create: true });
    try {
      const { batches, wrong } = await look(store, history);
      if (wrong.length > 0) return 'finding';
      await integrate({ store, tiles, ledger: history.ledger }, signer);
      return batches >= acknowledged ? undefined : 'silence';
    } finally {
      await store.close();
    }
  } catch (error) {
    return loudness(error);
  }
}
