import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { subjectKeys } from '@chancery/adapters/keys-file';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { TrialEpochs } from '@chancery/domain/simulation';
import { policyEpochs } from '@chancery/runtime/authority';
import { eraseKeys, planErasure, type SubjectKeys } from '@chancery/runtime/removal';
import { simulateRuns } from '@chancery/runtime/simulation';
import { houseOf, modelOf, poison, startTestRun, type TestHouse } from '@chancery/testkit/house';
import { call, driving } from './drive.ts';

let folder: string;
let keys: SubjectKeys;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulate-'));
  keys = subjectKeys(folder);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What comes of all decisions with the policy taken away, for somebody with these keys. */
async function counts({ store, ledger }: TestHouse, held: SubjectKeys | undefined) {
  const epochs = new TrialEpochs([{ kind: 'without', level: 'tenant', name: 'test' }]);
  for (const { from, bundles } of await policyEpochs(store, ledger)) epochs.add(from, bundles);
  const runs = (await store.streams('run:')).map(({ stream, head }) => ({
    run: stream.slice('run:'.length),
    lastSeq: head.seq,
  }));
  const asked = { store, keys: held, epochs, sinceMs: 0, source: 0 };
  return (await simulateRuns(asked, runs)).counts;
}

it('what is sealed is decided again by who has the key, and by nobody once it is erased', async () => {
  const capabilities = [poison('look', 'read')];
  const house = await houseOf({ store: new MemoryStore(), capabilities, subjectKeys: keys });
  const subject = keys.ensure('ada');
  if (!subject.ok) throw new Error(subject.refusal.message);
  const model = modelOf([call('look'), { say: 'done' }]);
  await driving(await startTestRun(house, model, { subject: subject.value }));
  expect(await counts(house, keys)).toMatchObject({ flipped: 1, unreadable: 0 });
  expect(await counts(house, undefined)).toMatchObject({ flipped: 0, unreadable: 1 });
  const plan = await planErasure(house.store, keys, 'ada');
  if (!plan.ok) throw new Error(plan.refusal.message);
  const { store, ledger, clock, owner: by } = house;
  await eraseKeys({ store, ledger, clock, by, reason: 'asked for' }, keys, plan.value.keys);
  expect(await counts(house, keys)).toMatchObject({ flipped: 0, unreadable: 1 });
});
