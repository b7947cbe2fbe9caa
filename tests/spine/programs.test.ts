import { expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Signer } from '@chancery/kernel/encoding';
import { standingRows, type DeclaredPrograms, type ProgramRow } from '@chancery/kernel/programs';
import { done } from '@chancery/kernel/refusal';
import {
  Authority,
  recordProgramRetirement,
  recordPrograms,
  recordSayings,
  sayCompromise,
  sayTrust,
  type Signatory,
} from '@chancery/runtime/authority';
import type { Capability } from '@chancery/runtime/broker';
import { signerFrom } from '@chancery/testkit/builders';
import { capabilityOf, houseOf, modelOf, observed, startTestRun } from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

const clerk = signerFrom(7);

type Rows = ReturnType<typeof standingRows>;

/** Runs `mend` and `sed`, and tells which rows it was read by. */
function mending(rowsOf: (programs: DeclaredPrograms | undefined) => Rows): Capability {
  const capability = capabilityOf({
    name: 'mend',
    effect: 'read',
    execute: () => Promise.resolve(observed({})),
  });
  return {
    ...capability,
    normalise: async (args, surroundings) => {
      const normalised = await capability.normalise(args, surroundings);
      if (!normalised.ok) return normalised;
      const command = { line: 'mend', programs: ['mend', 'sed'] };
      const resolved = { ...command, ...rowsOf(surroundings.programs) };
      return done({ ...normalised.value, resolved, command });
    },
  };
}

const row = (options: string): ProgramRow => ({ options, cases: { 'mend -q': '' } });

async function sceneOf(rowsOf: Parameters<typeof mending>[0]) {
  const house = await houseOf({ store: new MemoryStore(), capabilities: [mending(rowsOf)] });
  const { store, ledger, clock, owner } = house;
  const signatory: Signatory = {
    ...{ store, ledger, clock, by: owner },
    authority: new Authority(store, ledger),
  };
  const declare = async (options: string, by: Signer = owner): Promise<void> => {
    const declared = await recordPrograms(
      { ...signatory, by },
      { mend: row(options) },
      () => undefined,
    );
    expect(declared).toMatchObject({ ok: true });
  };
  const act = async (): Promise<void> => {
    await driving(await startTestRun(house, modelOf([call('mend', {}), { say: 'done' }])));
  };
  const codes = async () => (await findingsOf(house)).map(({ code }) => code);
  return { house, signatory, declare, act, codes };
}

const mend = ['mend', 'sed'];

it('names in every action the rows of that place, before and after they change', async () => {
  const told: Rows[] = [];
  const { signatory, declare, act, codes } = await sceneOf((programs) => {
    const rows = standingRows(programs, mend);
    told.push(rows);
    return rows;
  });
  await act();
  await declare('q');
  await act();
  await declare('q r');
  await act();
  expect(await recordProgramRetirement(signatory, 'mend')).toMatchObject({ ok: true });
  await act();
  const [before, first, second, after] = told.map(({ rows }) => rows?.['mend']);
  expect([before, after, first === second]).toEqual([undefined, undefined, false]);
  expect(await codes()).toEqual([]);
});

it('is found out where an action names another row, one too many, or none', async () => {
  let told: Rows = {};
  const { signatory, declare, act, codes } = await sceneOf(() => told);
  told = { rows: { mend: '0'.repeat(64) } };
  await act();
  await declare('q');
  await act();
  told = {};
  await act();
  const { programs } = await signatory.authority.policies();
  const { rows = {} } = standingRows(programs, mend);
  told = { rows: { ...rows, sed: '0'.repeat(64) } };
  await act();
  expect(await codes()).toEqual(Array(4).fill('question.misstated'));
  told = { rows };
  await act();
  expect(await codes()).toHaveLength(4);
});

it('tells what was read by a row whose key was in other hands, and nothing else', async () => {
  const { house, signatory, declare, act, codes } = await sceneOf((programs) =>
    standingRows(programs, mend),
  );
  const trusting = { key: clerk.id, label: 'clerk', purposes: ['sign-policy'] as const };
  await recordSayings(signatory, sayTrust(trusting), [house.owner]);
  await declare('q');
  await act();
  const fromSize = (await house.store.readAll(0, 10_000)).length;
  await declare('q r', clerk);
  await act();
  const ending = { key: clerk.id, reason: 'lost', roots: [house.owner], fromSize };
  const ended = await recordSayings(signatory, sayCompromise(ending), [house.owner]);
  expect(ended).toMatchObject({ ok: true });
  // The row before it stands again.
  await act();
  const told = (await findingsOf(house)).map(({ stream }) => stream.split(':')[0]);
  expect([told, new Set(await codes())]).toEqual([['policy', 'run'], new Set(['key.compromised'])]);
});
