import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { authoriseDirectly, authoriseUnder } from '@chancery/runtime/drive';
import { openEntry } from '@chancery/kernel/ledger';
import {
  bundleOf,
  houseOf,
  memoryWrite,
  MemoryWorkspace,
  modelOf,
  poison,
  rule,
  startTestRun,
  wideTerms,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, kindsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

describe('a run from its start to its end', () => {
  it('records every step as it happens, and commits what was written', async () => {
    const workspace = new MemoryWorkspace('r2');
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [memoryWrite(() => workspace), poison('look', 'read')],
      workspace: () => workspace,
    });
    const model = modelOf([
      call('look'),
      call('memory.write', { path: 'a.txt', text: 'hello' }),
      { say: 'done' },
    ]);
    const end = await driving(await startTestRun(house, model));
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect(kindsOf(house)).toEqual([
      'run.started',
      ...['turn.started', 'model.requested', 'model.responded'],
      ...['intent.proposed', 'proposal.staged', 'execution.started', 'commit', 'turn.finished'],
      ...['turn.started', 'model.requested', 'model.responded'],
      ...['intent.proposed', 'proposal.staged', 'execution.started', 'commit', 'turn.finished'],
      ...['turn.started', 'model.requested', 'model.responded', 'turn.finished'],
      'run.finished',
    ]);
    expect(await findingsOf(house)).toEqual([]);
    const { run } = workspace;
    expect(workspace.commits.map(({ message }) => message)).toEqual([
      `a task\n\nChancery-Run: ${run}\nChancery-Outcome: succeeded\n`,
    ]);
  });

  it('refuses what policy forbids, executes nothing, and tells the model why', async () => {
    const look = poison('look', 'read');
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [look],
      bundle: bundleOf({
        all: rule('permit'),
        'no-look': rule('forbid', 'look', { advice: 'Do not look.' }),
      }),
    });
    await driving(await startTestRun(house, modelOf([call('look'), { say: 'well' }])));
    expect(look.taken()).toBe(0);
    const rejected = house.seen.find(({ entry }) => entry.kind === 'proposal.rejected');
    expect(rejected?.entry.body).toMatchObject({
      refusal: { code: 'policy.denied', remedy: 'Do not look.' },
      trace: { scope: 'pass', policy: 'refuse', holds: 'unreached' },
    });
  });

  it('stops asking when the budget does not cover another call', async () => {
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [poison('look', 'read')],
    });
    const terms = wideTerms(house);
    const budget = { ...terms.budget, tokens: 1_500 };
    const model = modelOf(Array.from({ length: 60 }, () => call('look')));
    const end = await driving(await startTestRun(house, model, {}, { ...terms, budget }));
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'exhausted' } });
    const spent = end.kind === 'finished' ? end.body.spent.tokens : Infinity;
    expect(spent).toBeLessThanOrEqual(1_500);
  });
});

describe('a held action', () => {
  const holding = bundleOf({
    all: rule('permit'),
    ask: rule('forbid', 'send', { hold: 'human', quorum: '1' }),
  });

  it.each([
    ['grant', 1, 'commit'],
    ['deny', 0, 'proposal.rejected'],
  ] as const)('on %s is executed %i times', async (answer, times, kind) => {
    const send = poison('send', 'external');
    const store = new MemoryStore();
    const house = await houseOf({ store, capabilities: [send], bundle: holding });
    const model = modelOf([call('send'), { say: 'sent' }]);
    const held = await startTestRun(house, model);
    const rest = await driving(held);
    expect(rest.kind).toBe('held');
    expect(send.taken()).toBe(0);
    await vote(house, rest.kind === 'held' ? rest.action : '', answer);
    const end = await driving(await takenUp(house, held));
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect(send.taken()).toBe(times);
    expect(kindsOf(house)).toContain(kind);
    expect(await findingsOf(house)).toEqual([]);
  });
});

describe('a run under a standing writ', () => {
  it('carves its budget out of it, and brings back what it has left', async () => {
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [poison('look', 'read')],
    });
    const wide = wideTerms(house, { delegation: { depth: 1, children: 4 } });
    const parent = await authoriseDirectly(house, house.owner, wide);
    if (!parent.ok) throw new Error(parent.refusal.message);
    const budget = { ...wide.budget, tokens: 5_000 };
    const child = await authoriseUnder(house, parent.value.writ, { ...wideTerms(house), budget });
    if (!child.ok) throw new Error(child.refusal.message);
    const model = modelOf([call('look'), { say: 'done' }]);
    const end = await driving(await startTestRun(house, model, { authorised: child.value }));
    const spent = end.kind === 'finished' ? end.body.spent.tokens : 0;
    expect(spent).toBeGreaterThan(0);
    const above = await house.store.read(`writ:${parent.value.writ.id}`, 0, 10);
    const bodies = above
      .map((stored) => openEntry(stored).entry)
      .map(({ kind, body }) => [kind, body]);
    expect(bodies.slice(1)).toMatchObject([
      ['writ.carved', { child: child.value.writ.id, budget: { tokens: 5_000 } }],
      ['writ.closed', { child: child.value.writ.id, returned: { tokens: 5_000 - spent } }],
    ]);
    expect(await findingsOf(house)).toEqual([]);
  });
});
