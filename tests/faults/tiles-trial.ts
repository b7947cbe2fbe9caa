import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { tilesFolder } from '@chancery/adapters/tiles-folder';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { integrate, latestCheckpoint, type LogOptions } from '@chancery/runtime/transparency';
import { genesis, ledgerId, turns } from '@chancery/testkit/store-suite';
import type { FaultyDisk } from './faulty-disk.ts';
import type { Blow, Trial } from './job.ts';
import { loudness } from './loudness.ts';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(3)));

/** What a ledger gets between two checkpoints: partial tiles, full ones, and tiles of two levels. */
const growths = [2, 255, 300];

/** Files of the tree when nothing failed, by path. */
type Files = ReadonlyMap<string, string>;

/** Lets a tree grow on a disk that does not fail; gives its files. */
export async function growUndisturbed(disk: FaultyDisk): Promise<Files> {
  disk.renew();
  const growing = new Growing(disk);
  if (!(await growing.goOn())) throw new Error('a tree does not grow');
  return filesIn(growing.folder);
}

/**
 * Lets a fault befall a tree that grows; then, without faults, looks whether a checkpoint that was
 * given out is there, lets it grow to its end, cuts the power, and compares its files.
 */
export async function tryTiles(
  undisturbed: Files,
  disk: FaultyDisk,
  { kind, at, ending }: Blow,
): Promise<Trial> {
  disk.renew();
  disk.arm(kind, at);
  const growing = new Growing(disk);
  await growing.goOn();
  const struck = disk.struck();
  disk.end(ending);
  const wrong: string[] = [];
  const { refused } = growing;
  if ((await growing.size()) < growing.given) wrong.push('a checkpoint is gone');
  const before = refused.length;
  if (!(await growing.goOn())) wrong.push(`it does not go on: ${refused.slice(before).join()}`);
  disk.cutPower('nothing');
  if (!isDeepStrictEqual(filesIn(growing.folder), undisturbed)) wrong.push('other files');
  return { refused: refused.slice(0, before), wrong, struck };
}

class Growing {
  readonly folder: string;
  readonly refused: string[] = [];
  /** Size of the last checkpoint that was given out. */
  given = 0;
  readonly #store = new MemoryStore();
  #growths = 0;

  constructor(disk: FaultyDisk) {
    this.folder = join(disk.folder, 'tiles');
  }

  /** Size of the checkpoint that is there. */
  async size(): Promise<number> {
    const latest = await latestCheckpoint(this.#log().tiles, ledgerId, [signer.id]);
    return latest?.checkpoint.size ?? 0;
  }

  /** Grows as far as it can; whether that is to the end. */
  async goOn(): Promise<boolean> {
    const log = this.#log();
    try {
      for (;;) {
        if (this.#growths > 0) {
          this.given = (await integrate(log, signer)).checkpoint.size;
        }
        const entries = growths[this.#growths];
        if (entries === undefined) return true;
        if (this.#growths === 0) await this.#store.append(genesis);
        const head = await this.#store.head('run:a');
        await this.#store.append(turns('run:a', head, entries));
        this.#growths += 1;
      }
    } catch (error) {
      this.refused.push(loudness(error));
      return false;
    }
  }

  /** As another process would have it. */
  #log(): LogOptions {
    return { store: this.#store, tiles: tilesFolder(this.folder), ledger: ledgerId };
  }
}

/** Everything in a folder but drafts, by path. */
function filesIn(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((name) => name.isFile() && !name.name.endsWith('.new'))
      .map((name) => join(name.parentPath, name.name))
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, 'base64')] as const)
      .sort(),
  );
}
