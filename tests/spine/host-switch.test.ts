import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { readSwitch, type Switched } from '@chancery/kernel/control';
import { Authority, clearControl, type HostSwitch } from '@chancery/runtime/authority';
import { recover } from '@chancery/runtime/broker';
import { watchAuthority, type DriveEnd, type HeldRun } from '@chancery/runtime/drive';
import {
  bundleOf,
  capabilityOf,
  houseOf,
  modelOf,
  poison,
  rule,
  startTestRun,
  type TestHouse,
  type Turn,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

/** A switch that a test sets by what a file would say. */
class HandSwitch implements HostSwitch {
  private set: Switched | undefined;
  private readonly listeners = new Set<() => void>();

  say(text: string | undefined): void {
    this.set = text === undefined ? undefined : readSwitch(text);
    for (const listener of this.listeners) listener();
  }

  readonly read = (): Switched | undefined => this.set;

  readonly watch = (changed: () => void): (() => void) => {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  };
}

async function scene(turns: readonly Turn[]) {
  const host = new HandSwitch();
  const [look, make, send] = [
    poison('look', 'read'),
    poison('make', 'write'),
    poison('send', 'external'),
  ];
  const slow = capabilityOf({
    name: 'slow',
    effect: 'write',
    execute: async (_args, { signal }) => {
      host.say('');
      if (!signal.aborted) await new Promise((resolve) => (signal.onabort = resolve));
      const failure = { class: 'unknown', code: 'cancelled', message: 'ended' } as const;
      return { kind: 'failed', failure, used: {} };
    },
  });
  const bundle = bundleOf({ all: rule('permit'), ask: rule('forbid', 'send', { hold: 'human' }) });
  const made = await houseOf({
    ...{ store: new MemoryStore(), capabilities: [look, make, send, slow], bundle },
  });
  const house = { ...made, authority: new Authority(made.store, made.ledger, host) };
  const held = await startTestRun(house, modelOf(turns));
  const taken = () => [look, make, send].map((each) => each.taken());
  return { host, house, held, taken };
}

const runOf = ({ driven }: HeldRun): string => driven.context.stream.slice('run:'.length);

function told(end: DriveEnd): string {
  if (end.kind === 'finished') return `${end.body.outcome}: ${end.body.reason}`;
  return end.kind === 'halted' ? `halted: ${end.halt.mode} by ${end.halt.source}` : end.kind;
}

const refusalsOf = ({ seen }: TestHouse): readonly object[] =>
  seen.flatMap(({ entry }) =>
    entry.kind === 'proposal.rejected' ? [entry.body.refusal as object] : [],
  );

describe('a switch file', () => {
  it('that is there ends a run before it does anything, and the run names it', async () => {
    const { host, house, held, taken } = await scene([call('make'), { say: 'done' }]);
    host.say('');
    expect(told(await driving(held))).toBe(
      'cancelled: all is halted by the switch file: it is there',
    );
    expect([taken(), await findingsOf(house)]).toEqual([[0, 0, 0], []]);
  });

  it('that cannot be read does the same', async () => {
    const { host, held, taken } = await scene([call('look'), { say: 'done' }]);
    host.say('{"mode":');
    expect(told(await driving(held))).toMatch(/^cancelled: all is halted by .* cannot be read/);
    expect(taken()).toEqual([0, 0, 0]);
  });

  it('ends an effect that runs', async () => {
    const { house, held, taken } = await scene([call('slow'), call('make'), { say: 'done' }]);
    const unwatch = watchAuthority(house, held, (error) => {
      throw error;
    });
    expect(told(await driving(held))).toMatch(/^cancelled: all is halted by the switch file/);
    unwatch();
    expect([taken(), await findingsOf(house)]).toEqual([[0, 0, 0], []]);
  });

  it('that is soft lets the run rest, which goes on when it is removed', async () => {
    const { host, house, held, taken } = await scene([call('make'), { say: 'done' }]);
    host.say('{"mode":"soft","reason":"maintenance"}');
    expect(told(await driving(held))).toBe('halted: soft by switch-file');
    host.say(undefined);
    expect(told(await driving(await takenUp(house, held)))).toMatch(/^succeeded/);
    expect([taken(), await findingsOf(house)]).toEqual([[0, 1, 0], []]);
  });

  it('that locks writes is named by every refusal that it makes, and what looks goes on', async () => {
    const on = await scene([call('make'), call('look'), { say: 'done' }]);
    on.host.say('{"mode":"lockdown","reason":"look"}');
    expect(told(await driving(on.held))).toBe('halted: lockdown by switch-file');
    expect(refusalsOf(on.house)).toMatchObject([
      {
        ...{
          code: 'control.halted',
          message: 'writes are locked for all by the switch file: look',
        },
        details: { mode: 'lockdown', scope: 'all', source: 'switch-file' },
      },
    ]);
    expect([on.taken(), await findingsOf(on.house)]).toEqual([[1, 0, 0], []]);
  });

  it('of another run is nothing to this one', async () => {
    const { host, house, held, taken } = await scene([call('make'), { say: 'done' }]);
    const other = await startTestRun(house, modelOf([{ say: 'done' }]));
    host.say(JSON.stringify({ run: runOf(other) }));
    expect(told(await driving(held))).toMatch(/^succeeded/);
    expect(told(await driving(other))).toMatch(/^cancelled: the run is halted by the switch file/);
    expect(taken()).toEqual([0, 1, 0]);
  });

  it('of the first letters of one run is of that run alone', async () => {
    const { host, house, held, taken } = await scene([call('make'), { say: 'done' }]);
    const other = await startTestRun(house, modelOf([{ say: 'done' }]));
    const [mine, others] = [runOf(held), runOf(other)];
    let apart = 0;
    while (mine[apart] === others[apart]) apart += 1;
    host.say(JSON.stringify({ run: mine.slice(0, apart + 1) }));
    expect(told(await driving(other))).toMatch(/^succeeded/);
    expect(told(await driving(held))).toMatch(/^cancelled: the run is halted by the switch file/);
    expect(taken()).toEqual([0, 0, 0]);
  });

  it.each([
    ['no run', () => 'another'],
    ['several runs', (run: string) => run.slice(0, 1)],
    ['more than the id of a run', (run: string) => `${run}x`],
  ])('that names %s kills everything', async (_, name) => {
    const { host, house, held, taken } = await scene([call('make'), { say: 'done' }]);
    await startTestRun(house, modelOf([{ say: 'done' }]));
    host.say(JSON.stringify({ run: name(runOf(held)), mode: 'lockdown' }));
    expect(told(await driving(held))).toMatch(/^cancelled: all is halted by .* cannot be read/);
    expect(taken()).toEqual([0, 0, 0]);
  });

  it('lets no run begin', async () => {
    const { host, house } = await scene([{ say: 'done' }]);
    host.say('{"mode":"lockdown"}');
    const another = startTestRun(house, modelOf([call('look')]));
    await expect(another).rejects.toMatchObject({
      refusal: { code: 'control.halted', remedy: expect.stringContaining('Remove') as string },
    });
  });

  it('keeps an approved action from being released, and does not lose it', async () => {
    const { host, house, held, taken } = await scene([call('send'), { say: 'done' }]);
    const rest = await driving(held);
    if (rest.kind !== 'held') throw new Error(told(rest));
    await vote(house, rest.action, 'grant');
    host.say('{"mode":"soft"}');
    expect(told(await driving(await takenUp(house, held)))).toBe('halted: soft by switch-file');
    expect(taken()).toEqual([0, 0, 0]);
    host.say(undefined);
    expect(told(await driving(await takenUp(house, held)))).toMatch(/^succeeded/);
    expect([taken(), await findingsOf(house)]).toEqual([[0, 0, 1], []]);
  });

  it('is asked by whoever recovers an effect', async () => {
    const { host, house, held, taken } = await scene([call('make'), { say: 'done' }]);
    const append = house.store.append.bind(house.store);
    house.store.append = (batch) =>
      batch.entries.some(({ entry }) => entry.kind === 'commit')
        ? Promise.reject(new Error('killed'))
        : append(batch);
    await expect(driving(held)).rejects.toThrow('killed');
    house.store.append = append;
    host.say('');
    const { context } = (await takenUp(house, held)).driven;
    const [action] = context.trajectory.executions.keys();
    const settled = await recover(context, action ?? '');
    expect(settled).toMatchObject({ kind: 'failed', failure: { code: 'control.halted' } });
    expect([taken(), await findingsOf(house)]).toEqual([[0, 1, 0], []]);
  });

  it('adds to the controls of the ledger and clears none of them', async () => {
    const { host, house, held } = await scene([{ say: 'done' }]);
    const run = runOf(held);
    const { store, ledger, clock, owner } = house;
    const signatory = { store, ledger, clock, by: owner, authority: house.authority };
    host.say('{"mode":"lockdown"}');
    expect((await house.authority.controls()).engaged.size).toBe(0);
    const standing = await house.authority.standing(run, held.driven.context.writ);
    expect(standing.controls).toMatchObject([{ mode: 'lockdown', source: 'switch-file' }]);
    const none = { engaged: 'f'.repeat(64), reason: 'test' };
    expect(await clearControl(signatory, none)).toEqual({ ok: true, value: false });
  });
});
