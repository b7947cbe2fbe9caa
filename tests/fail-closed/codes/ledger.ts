import { MemoryStore } from '@chancery/adapters/store-memory';
import type { AppendOutcome, Draft, SealedBatch, StoredEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { foundLedger } from '@chancery/runtime/authority';
import { Journal } from '@chancery/runtime/journal';
import { permitEverything } from '@chancery/testkit/house';
import { call, driving, takenUp } from '../../spine/drive.ts';
import type { Rows } from './row.ts';
import { refusing, sceneOf, shown, startedOn, type Scene } from './scene.ts';

/** A store whose entries of runs somebody edits, where it is told to. */
class EditedStore extends MemoryStore {
  isEdited = false;

  override async read(stream: string, from: number, limit: number): Promise<StoredEntry[]> {
    const page = await super.read(stream, from, limit);
    if (!this.isEdited || !stream.startsWith('run:')) return [...page];
    return page.map((each) => ({ ...each, text: each.text.replace('"critical"', '"medium"') }));
  }
}

/** A store that somebody else has just written to, whatever is appended. */
class LateStore extends MemoryStore {
  isLate = false;

  override append(batch: SealedBatch): Promise<AppendOutcome> {
    if (!this.isLate) return super.append(batch);
    return Promise.reject(new RefusalError(refusal('ledger.unreachable', 'the disk is full')));
  }
}

/** Appends a draft that no schema admits. */
function appended({ house, store }: Scene, draft: object): Promise<unknown> {
  const { ledger, clock, owner } = house;
  const journal = new Journal({ store, ledger, by: owner.id, clock });
  return journal.append(new Map([['run:x', null]]), [{ stream: 'run:x', ...draft } as Draft]);
}

/** What the ledger refuses to take, and what is refused where it cannot be read or written. */
export const ledgerRows: Rows = {
  'entry.unknown-kind': {
    sort: 'ledger',
    cases: [
      refusing('an entry of an unknown kind', 'entry.unknown-kind', (scene) =>
        appended(scene, { kind: 'run.wished', body: {} }),
      ),
    ],
  },
  'entry.invalid': {
    sort: 'ledger',
    cases: [
      refusing('an entry that lacks a member', 'entry.invalid', (scene) =>
        appended(scene, { kind: 'run.finished', body: {} }),
      ),
    ],
  },
  'ledger.exists': {
    sort: 'ledger',
    cases: [
      refusing('a second ledger in the place of the first', 'ledger.exists', ({ house }) => {
        const { store, clock, owner, actor } = house;
        const bundle = permitEverything;
        const keys = { owner, runtime: actor.id };
        return foundLedger({ store, clock, bundle }, { name: 'x', nonce: 'y', ...keys });
      }),
    ],
  },
  'ledger.corrupt': {
    sort: 'ledger',
    cases: [
      {
        name: 'a run whose first entry somebody has edited',
        recorded: [],
        run: async () => {
          const store = new EditedStore();
          const scene = await sceneOf({ store });
          const held = await startedOn(scene, [call('make')]);
          store.isEdited = true;
          return shown(scene, 'ledger.corrupt', async () =>
            driving(await takenUp(scene.house, held)),
          );
        },
      },
    ],
  },
  'ledger.unreachable': {
    sort: 'ledger',
    cases: [
      {
        name: 'an action whose start cannot be recorded',
        recorded: [],
        run: async () => {
          const store = new LateStore();
          const scene = await sceneOf({ store });
          const held = await startedOn(scene, [call('make')]);
          store.isLate = true;
          return shown(scene, 'ledger.unreachable', () => driving(held));
        },
      },
    ],
  },
};
