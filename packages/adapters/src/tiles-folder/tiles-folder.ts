import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assert, refusal, RefusalError } from '@chancery/kernel/refusal';
import type { TileStore } from '@chancery/runtime/transparency';

/** Paths of tiles and of the checkpoint: nothing that leads out of the folder. */
const pathForm = /^[a-z0-9]+(?:\/[a-z0-9.]*[a-z0-9]+)*$/;

/** Keeps the tiles of a log in a folder, each in a file of its path, for its user alone. */
export function tilesFolder(folder: string): TileStore {
  const fileOf = (path: string): string => {
    assert(pathForm.test(path) && !path.includes('..'), `${path} is no path of a tile`);
    return join(folder, path);
  };
  const folders = new DurableFolders(folder);
  return {
    read: (path) => guarded(() => readWhole(fileOf(path))),
    write: (path, bytes) => guarded(() => writeWhole(fileOf(path), bytes, folders)),
  };
}

/** The folder and those within it, each made durable once: a crash may have left one that is not. */
class DurableFolders {
  readonly #root: string;
  readonly #durable = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes a folder, and those above it, if they are missing. */
  async make(folder: string): Promise<void> {
    if (this.#durable.has(folder)) return;
    const above = dirname(folder);
    if (folder === this.#root) await mkdir(above, { recursive: true, mode: 0o700 });
    else await this.make(above);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(above);
    this.#durable.add(folder);
  }
}

async function readWhole(file: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written beside, made durable, then put in its place, which is made durable too. */
async function writeWhole(file: string, bytes: Uint8Array, folders: DurableFolders): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.new`;
  await folders.make(dirname(file));
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function guarded<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new RefusalError(refusal('ledger.unreachable', `the tiles: ${code}`));
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
