import { bytesDigest, type Digest } from '@chancery/kernel/encoding';
import { catalogueDigest, type Draft, type LedgerStore } from '@chancery/kernel/ledger';
import { createGenesis } from '@chancery/kernel/writ';
import { type Refusal, RefusalError } from '@chancery/kernel/refusal';
import type { TileStore } from '@chancery/runtime/transparency';
import { importLedger, type ExportFile, type ImportOutcome } from '@chancery/runtime/transfer';
import {
  anotherWrit,
  exportOf,
  ledgerFixture,
  people,
  someDigest,
  trustRuntime,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';

/** A ledger that grows by a run at a time, with contents outside its entries. */
export interface GrowingLedger {
  readonly on: LedgerFixture;
  readonly blobs: Map<Digest, Uint8Array>;
  /** Its export as it is now. */
  readonly text: () => string;
  readonly run: (name: string) => void;
}

/** `name` makes it another ledger than that of the other fixtures. */
export function growingLedger(name = ''): GrowingLedger {
  const blobs = new Map<Digest, Uint8Array>();
  const on = ledgerFixture(name === '' ? {} : { edit: renamed(name) });
  trustRuntime(on);
  let writ = on.writ;
  return {
    on,
    blobs,
    text: () => exportOf(on, { blobs }).join(''),
    run: (name) => {
      writeRun(on, name, writ, blobs);
      writ = anotherWrit(on);
    },
  };
}

/** Founds a ledger of another name. */
function renamed(name: string): (drafts: readonly Draft[]) => readonly Draft[] {
  return (drafts) =>
    drafts.map((draft) => {
      if (draft.kind !== 'ledger.created') return draft;
      const { id } = people.root;
      const envelope = createGenesis({
        ...{ name, roots: [people.root], threshold: 1, nonce: 'genesis' },
        ...{ contractDigest: catalogueDigest, defaultPolicy: someDigest(id) },
      });
      return { ...draft, body: { envelope } };
    });
}

/** A file that is only text. */
export function fileOf(text: string | Uint8Array): ExportFile {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return { read: async (offset, length) => bytes.slice(offset, offset + length) };
}

export function memoryTiles(): TileStore {
  const files = new Map<string, Uint8Array>();
  return {
    read: async (path) => files.get(path),
    write: async (path, bytes) => {
      files.set(path, bytes);
    },
  };
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** The refusal that an import ends with. */
export async function refusalOfImport(
  file: string | Uint8Array | ExportFile,
  store: LedgerStore,
  ledger?: Digest,
): Promise<Refusal | ImportOutcome> {
  const from = typeof file === 'string' || file instanceof Uint8Array ? fileOf(file) : file;
  try {
    return await importLedger({ file: from, store, ...(ledger === undefined ? {} : { ledger }) });
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal;
    throw error;
  }
}

/** All that a store has, by its digest. */
export async function contentsDigest(store: LedgerStore): Promise<Digest> {
  const entries = await store.readAll(0, 100_000);
  return bytesDigest(JSON.stringify([entries, await store.streams('')]));
}
