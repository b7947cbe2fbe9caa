import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { clear, engage } from '@chancery/kernel/control';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { LedgerStore, StoredEntry } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { revokeWrit } from '@chancery/kernel/writ';
import { readApproval, submit } from '@chancery/runtime/broker';
import { resumeRun, type HeldRun } from '@chancery/runtime/drive';
import { Journal } from '@chancery/runtime/journal';
import {
  bundleOf,
  houseOf,
  modelOf,
  poison,
  rule,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

const holding = bundleOf({
  all: rule('permit'),
  ask: rule('forbid', 'send', { hold: 'human', quorum: '1' }),
});

const runOf = (held: HeldRun): string => held.driven.context.stream.slice('run:'.length);

function resumed(house: TestHouse, held: HeldRun) {
  const { model } = held.driven;
  return resumeRun(house, {
    run: runOf(held),
    modelOf: () => Promise.resolve({ ok: true, value: model }),
    readable: [],
  });
}

const codeOf = (error: unknown): string =>
  error instanceof RefusalError ? error.refusal.code : String(error);

/** The store, with the text of one entry changed as an editor of its file would. */
function edited(store: LedgerStore, change: (entry: StoredEntry) => string): LedgerStore {
  const changed = (page: readonly StoredEntry[]) =>
    page.map((entry) => ({ ...entry, text: change(entry) }));
  return new Proxy(store, {
    get: (of, name) => {
      if (name === 'read') {
        return async (...args: Parameters<LedgerStore['read']>) => changed(await of.read(...args));
      }
      const member: unknown = Reflect.get(of, name);
      return typeof member === 'function' ? (member.bind(of) as unknown) : member;
    },
  });
}

describe('a ledger that somebody else has written to', () => {
  it('cannot release a held action by a grant without votes', async () => {
    const send = poison('send', 'external');
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [send],
      bundle: holding,
    });
    const held = await startTestRun(house, modelOf([call('send'), { say: 'sent' }]));
    const rest = await driving(held);
    const action = rest.kind === 'held' ? rest.action : '';
    const { approval, stream, head } = await readApproval(house.store, action);
    if (approval.phase !== 'open') throw new Error('nothing is asked');
    const { store, ledger, clock } = house;
    const journal = new Journal({ store, ledger, clock, by: `ed25519:${'0'.repeat(64)}` });
    const body = {
      action,
      request: approval.requestDigest,
      outcome: 'granted',
      voters: [house.owner.id],
      reason: 'forged',
    } as const;
    await journal.append(new Map([[stream, head]]), [{ stream, kind: 'approval.resolved', body }]);
    const again = await resumed(house, held);
    if (!again.ok) throw new Error(again.refusal.message);
    await expect(driving(again.value).catch(codeOf)).resolves.toBe('ledger.corrupt');
    expect(send.taken()).toBe(0);
    expect((await findingsOf(house)).length).toBeGreaterThan(0);
  });

  it('is not resumed from an entry that was edited', async () => {
    const store = new MemoryStore();
    const house = await houseOf({ store, capabilities: [poison('look', 'read')] });
    const held = await startTestRun(house, modelOf([call('look'), { say: 'done' }]));
    const change = ({ stream, seq, text }: StoredEntry): string =>
      stream.startsWith('run:') && seq === 0
        ? text.replace('"riskThreshold":"critical"', '"riskThreshold":"medium"')
        : text;
    const forged = { ...house, store: edited(store, change) };
    await expect(resumed(forged, held).catch(codeOf)).resolves.toBe('ledger.corrupt');
  });
});

describe('a control that no human has signed', () => {
  it.each(['another key', 'another ledger'] as const)(
    'stops the run, and does not end it in the name of anybody: %s',
    async (what) => {
      const look = poison('look', 'read');
      const house = await houseOf({ store: new MemoryStore(), capabilities: [look] });
      const held = await startTestRun(house, modelOf([call('look'), { say: 'done' }]));
      const { store, clock, actor, owner } = house;
      const ledger = what === 'another ledger' ? 'a'.repeat(64) : house.ledger;
      const by = what === 'another key' ? actor : owner;
      const asked = { ledger, after: house.ledger, scope: 'all', run: null } as const;
      const envelope = engage({ ...asked, mode: 'kill', reason: 'forged' }, by);
      const journal = new Journal({ store, ledger: house.ledger, clock, by: by.id });
      await journal.append(new Map([['control', null]]), [
        { stream: 'control', kind: 'control.engaged', body: { envelope } },
      ]);
      await expect(driving(held).catch(codeOf)).resolves.toBe('ledger.corrupt');
      expect(look.taken()).toBe(0);
      expect(held.driven.context.trajectory.finished).toBe(undefined);
    },
  );

  it('stops nothing any more once it was engaged by a human and cleared', async () => {
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [poison('look', 'read')],
    });
    const held = await startTestRun(house, modelOf([call('look'), { say: 'done' }]));
    const { store, ledger, clock, owner } = house;
    const journal = new Journal({ store, ledger, clock, by: owner.id });
    const asked = { ledger, after: ledger, scope: 'all', run: null } as const;
    const engaged = engage({ ...asked, mode: 'kill', reason: 'wait' }, owner);
    const stream = 'control';
    const written = await journal.append(new Map([[stream, null]]), [
      { stream, kind: 'control.engaged', body: { envelope: engaged } },
    ]);
    if (written.kind !== 'written') throw new Error('another has written');
    const [entry] = written.entries;
    if (entry === undefined) throw new Error('nothing is written');
    const run = runOf(held);
    const standing = () => house.authority.standing(run, held.driven.context.writ);
    const controls = [(await standing()).controls.length];
    const { digest } = entry;
    const over = clear({ ledger, after: digest, engaged: digest, reason: 'go on' }, owner);
    await journal.append(new Map([[stream, { seq: 0, digest }]]), [
      { stream, kind: 'control.cleared', body: { envelope: over }, cause: digest },
    ]);
    controls.push((await standing()).controls.length);
    expect(controls).toEqual([1, 0]);
    expect(await driving(held)).toMatchObject({ body: { outcome: 'succeeded' } });
    expect(await findingsOf(house)).toEqual([]);
  });
});

describe('a model', () => {
  it('cannot make its run unreadable by arguments that look like a reference to a blob', async () => {
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [poison('look', 'read')],
    });
    const args: JsonObject = { blob: { digest: 'f'.repeat(64), bytes: 1, mediaType: 'a/b' } };
    const held = await startTestRun(house, modelOf([call('look', args), { say: 'done' }]));
    const again = await resumed(house, held);
    if (!again.ok) throw new Error(again.refusal.message);
    expect(await driving(again.value)).toMatchObject({ kind: 'finished' });
  });

  it('is not asked again once its writ is revoked', async () => {
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [poison('look', 'read')],
    });
    const { store, ledger, clock, owner } = house;
    const held = await startTestRun(house, modelOf(Array.from({ length: 9 }, () => call('look'))));
    const { writ } = held.driven.context;
    const stream = `writ:${writ}`;
    const envelope = revokeWrit({ ledger, writ, reason: 'over', by: owner });
    const journal = new Journal({ store, ledger, clock, by: owner.id });
    const heads = new Map([[stream, await store.head(stream)]]);
    await journal.append(heads, [{ stream, kind: 'writ.revoked', body: { envelope } }]);
    expect(await driving(held)).toMatchObject({
      body: { outcome: 'cancelled', reason: 'the writ is revoked', spent: { tokens: 0 } },
    });
  });
});

describe('an intent', () => {
  it('that is submitted twice acts once', async () => {
    const send = poison('send', 'external');
    const house = await houseOf({ store: new MemoryStore(), capabilities: [send] });
    const held = await startTestRun(house, modelOf([]));
    const { context } = held.driven;
    const intent = { kind: 'act', capability: 'send', args: {}, rationale: '', nonce: 'n' };
    const submission = { origin: 'human', turn: 0, callId: 'c', intent } as const;
    // Outside a turn the loop admits no intent; here the broker alone is asked.
    const alone = { ...context, onEntry: () => undefined };
    expect(await submit(alone, submission)).toMatchObject({ kind: 'committed' });
    expect(await submit(alone, submission)).toMatchObject({
      kind: 'rejected',
      refusal: { code: 'intent.replayed' },
    });
    expect(send.taken()).toBe(1);
  });
});
