import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { SealedEntry, StoredEntry } from '@chancery/kernel/ledger';
import { entriesBackwards } from '@chancery/runtime/journal';
import { appendAll, ledgerFixture, runMoments, writeMoments } from '@chancery/testkit/builders';

const run = 'run:r1';
let store: MemoryStore;
let entries: readonly SealedEntry[];

/** A run that is longer than a page. */
beforeEach(async () => {
  store = new MemoryStore();
  const fixture = ledgerFixture();
  const acting = runMoments.filter((moment) => moment === 'acts');
  writeMoments(fixture, Array.from({ length: 150 }, () => acting).flat());
  const all = fixture.recorder.entries;
  await appendAll(store, all);
  entries = all.filter(({ entry }) => entry.stream === run);
});

async function backwards(stream = run): Promise<readonly SealedEntry[]> {
  const found: SealedEntry[] = [];
  for await (const sealed of entriesBackwards(store, stream)) found.push(sealed);
  return found;
}

/** Changes what the store gives of the run. */
function giving(change: (page: readonly StoredEntry[]) => readonly StoredEntry[]): void {
  const read = store.read.bind(store);
  store.read = async (...asked) => change(await read(...asked));
}

describe('a stream that is read backwards', () => {
  it('gives every entry once, the last one first', async () => {
    expect(entries.length).toBeGreaterThan(512);
    const found = await backwards();
    expect(found.map(({ digest }) => digest)).toEqual(
      entries.map(({ digest }) => digest).toReversed(),
    );
  });

  it('gives nothing of a stream without entries', async () => {
    expect(await backwards('run:r9')).toEqual([]);
  });

  it('is refused where an entry is missing', async () => {
    giving((page) => page.filter(({ seq }) => seq !== 7));
    await expect(backwards()).rejects.toMatchObject({ refusal: { code: 'ledger.corrupt' } });
  });

  it('is refused where an entry was changed, and that one is named', async () => {
    giving((page) =>
      page.map((row) =>
        row.seq === 7 ? { ...row, text: row.text.replace(/"at":\d/, '"at":9') } : row,
      ),
    );
    await expect(backwards()).rejects.toThrow(/entry 7 of run:r1: what follows is not linked/);
  });
});
