import { describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { ControlMode, ControlScope } from '@chancery/kernel/control';
import type { Digest } from '@chancery/kernel/encoding';
import {
  Authority,
  clearControl,
  engageControl,
  revokeStanding,
  type Signatory,
} from '@chancery/runtime/authority';
import { recover, type Capability } from '@chancery/runtime/broker';
import {
  authoriseDirectly,
  authoriseUnder,
  watchAuthority,
  type DriveEnd,
} from '@chancery/runtime/drive';
import {
  bundleOf,
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  poison,
  rule,
  startTestRun,
  wideTerms,
  type TestHouse,
  type Turn,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, kindsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

const all: ControlScope = { scope: 'all', run: null };

function signatory({ store, ledger, clock, owner }: TestHouse): Signatory {
  return { store, ledger, clock, by: owner, authority: new Authority(store, ledger) };
}

async function engage(house: TestHouse, mode: ControlMode, what = all): Promise<Digest> {
  const engaged = await engageControl(signatory(house), { ...what, mode, reason: 'look first' });
  if (!engaged.ok) throw new Error(engaged.refusal.message);
  return engaged.value;
}

async function clear(house: TestHouse, engaged: Digest): Promise<void> {
  const cleared = await clearControl(signatory(house), { engaged, reason: 'looked' });
  expect(cleared).toEqual({ ok: true, value: true });
}

/** What a run has come to, in short. */
function told(end: DriveEnd): string {
  if (end.kind === 'finished') return `${end.body.outcome}: ${end.body.reason}`;
  return end.kind === 'halted' ? `halted: ${end.halt.mode}` : end.kind;
}

/** Codes of the refusals that are recorded of runs. */
function refusals({ seen }: TestHouse): readonly string[] {
  return seen.flatMap(({ entry }) =>
    entry.kind === 'proposal.rejected' ? [entry.body.refusal.code] : [],
  );
}

/** A run under a writ that was carved from another, which may look, make and send. */
async function scene(turns: readonly Turn[], more: readonly Capability[] = []) {
  const look = poison('look', 'read');
  const make = poison('make', 'write');
  const send = poison('send', 'external');
  const bundle = bundleOf({ all: rule('permit'), ask: rule('forbid', 'send', { hold: 'human' }) });
  const capabilities = [look, make, send, ...more];
  const house = await houseOf({ store: new MemoryStore(), capabilities, bundle });
  const wide = wideTerms(house, { delegation: { depth: 1, children: 4 } });
  const above = await authoriseDirectly(house, house.owner, wide);
  if (!above.ok) throw new Error(above.refusal.message);
  const parent = above.value.writ;
  const under = async () => {
    const carved = await authoriseUnder(house, parent, wideTerms(house, shared));
    if (!carved.ok) throw new Error(carved.refusal.message);
    return carved.value;
  };
  const authorised = await under();
  const held = await startTestRun(house, modelOf(turns), { authorised, plan: 'release' });
  const taken = () => [look, make, send].map((each) => each.taken());
  return { house, held, taken, parent: parent.id, writ: authorised.writ.id, under };
}

/** A part of what the writ above has, so that it can be carved from more than once. */
const shared = {
  budget: {
    ...{ tokens: 1_000_000, costMicrousd: 1_000_000, calls: 1_000 },
    ...{ wallMs: 1_000_000, cpuMs: 1_000_000, bytesOut: 1_000_000 },
  },
};

type Scene = Awaited<ReturnType<typeof scene>>;

const scopes: Readonly<Record<string, (of: Scene) => ControlScope>> = {
  all: () => all,
  'the run': ({ held }) => ({
    scope: 'run',
    run: held.driven.context.stream.slice('run:'.length),
  }),
  'its plan': () => ({ scope: 'plan', run: null, plan: 'release' }),
  'its writ': ({ writ }) => ({ scope: 'writ', run: null, writ }),
  'the writ above': ({ parent }) => ({ scope: 'writ', run: null, writ: parent }),
};

describe.each(Object.entries(scopes))('a control of %s', (_name, of) => {
  it('that kills ends the run, and nothing is done', async () => {
    const on = await scene([call('look'), call('make'), { say: 'done' }]);
    await engage(on.house, 'kill', of(on));
    expect(told(await driving(on.held))).toBe('cancelled: look first');
    expect([on.taken(), await findingsOf(on.house)]).toEqual([[0, 0, 0], []]);
  });

  it('that is soft lets nothing begin, and the run go on when it is cleared', async () => {
    const on = await scene([call('look'), call('make'), { say: 'done' }]);
    const control = await engage(on.house, 'soft', of(on));
    expect(told(await driving(on.held))).toBe('halted: soft');
    expect([on.taken(), kindsOf(on.house)]).toEqual([[0, 0, 0], ['run.started']]);
    await clear(on.house, control);
    const end = await driving(await takenUp(on.house, on.held));
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect([on.taken(), await findingsOf(on.house)]).toEqual([[1, 1, 0], []]);
  });

  it('that locks lets it look, refuses what it makes, and lets it end when it is cleared', async () => {
    const on = await scene([call('look'), call('make'), { say: 'done' }]);
    const control = await engage(on.house, 'lockdown', of(on));
    expect(told(await driving(on.held))).toBe('halted: lockdown');
    expect([on.taken(), refusals(on.house)]).toEqual([[1, 0, 0], ['control.halted']]);
    await clear(on.house, control);
    const end = await driving(await takenUp(on.house, on.held));
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect([on.taken(), await findingsOf(on.house)]).toEqual([[1, 0, 0], []]);
  });
});

const elsewhere: readonly (readonly [string, ControlScope])[] = [
  ['another run', { scope: 'run', run: 'another' }],
  ['another plan', { scope: 'plan', run: null, plan: 'another' }],
  ['another writ', { scope: 'writ', run: null, writ: 'f'.repeat(64) }],
];

it('a control of a plan concerns a run that is yet to begin by the plan that it will be of', async () => {
  const { house, writ } = await scene([{ say: 'done' }]);
  await engage(house, 'soft', { scope: 'plan', run: null, plan: 'release' });
  const halts = async (plan?: string) =>
    (await house.authority.standing('another', writ, plan)).controls.length;
  expect([await halts(), await halts('release'), await halts('other'), await halts()]).toEqual([
    ...[0, 1, 0, 0],
  ]);
});

it.each(elsewhere)('a control of %s is nothing to this one', async (_, what) => {
  const on = await scene([call('make'), { say: 'done' }]);
  for (const mode of ['kill', 'soft', 'lockdown'] as const) await engage(on.house, mode, what);
  expect(await driving(on.held)).toMatchObject({ body: { outcome: 'succeeded' } });
  expect(on.taken()).toEqual([0, 1, 0]);
});

describe.each(['kill', 'soft', 'lockdown'] as const)('while a control is engaged (%s)', (mode) => {
  it.each(['all', 'its plan', 'the writ above'])('no run begins under it (%s)', async (name) => {
    const on = await scene([{ say: 'done' }]);
    const authorised = await on.under();
    await engage(on.house, mode, scopes[name]?.(on));
    const entries = (await on.house.store.readAll(0, 1_000)).length;
    const of = { authorised, plan: 'release' };
    const another = startTestRun(on.house, modelOf([call('look')]), of);
    await expect(another).rejects.toMatchObject({ refusal: { code: 'control.halted' } });
    expect((await on.house.store.readAll(0, 1_000)).length).toBe(entries);
  });

  it('an approved action is not released, and is not lost but to a kill', async () => {
    const on = await scene([call('send'), { say: 'done' }]);
    const rest = await driving(on.held);
    if (rest.kind !== 'held') throw new Error(told(rest));
    await vote(on.house, rest.action, 'grant');
    const control = await engage(on.house, mode);
    const end = await driving(await takenUp(on.house, on.held));
    expect(told(end)).toBe(mode === 'kill' ? 'cancelled: look first' : `halted: ${mode}`);
    expect(on.taken()).toEqual([0, 0, 0]);
    await clear(on.house, control);
    if (mode !== 'kill') await driving(await takenUp(on.house, on.held));
    expect(on.taken()).toEqual([0, 0, mode === 'kill' ? 0 : 1]);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('what a crash cut off is not done again, and is but for a kill when it is cleared', async () => {
    const { house, held, times } = await cutOff();
    const control = await engage(house, mode);
    const end = await driving(await takenUp(house, held));
    expect(told(end)).toBe(mode === 'kill' ? 'cancelled: look first' : `halted: ${mode}`);
    expect(times()).toBe(1);
    await clear(house, control);
    if (mode !== 'kill') await driving(await takenUp(house, held));
    expect(times()).toBe(mode === 'kill' ? 1 : 2);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('whoever recovers an effect all the same is refused by the compiler', async () => {
    const { house, held, times } = await cutOff();
    const again = await takenUp(house, held);
    const [action] = again.driven.context.trajectory.executions.keys();
    await engage(house, mode);
    const settled = await recover(again.driven.context, action ?? '');
    expect(settled).toMatchObject({ kind: 'failed', failure: { code: 'control.halted' } });
    expect([times(), await findingsOf(house)]).toEqual([1, []]);
  });
});

/** A run whose process died while it wrote something. */
async function cutOff() {
  const store = new MemoryStore();
  let count = 0;
  const make = capabilityOf({
    name: 'make',
    effect: 'write',
    execute: () => {
      count += 1;
      return Promise.resolve(observed({ count }));
    },
  });
  const house = await houseOf({ store, capabilities: [make] });
  const held = await startTestRun(house, modelOf([call('make'), { say: 'done' }]));
  const append = store.append.bind(store);
  store.append = (batch) => {
    const ends = batch.entries.some(({ entry }) => entry.kind === 'commit');
    return ends ? Promise.reject(new Error('killed')) : append(batch);
  };
  await expect(driving(held)).rejects.toThrow('killed');
  store.append = append;
  return { house, held, times: () => count };
}

describe('an effect that runs when authority is taken away', () => {
  /** Does something while its effect runs, and tells whether it was ended by that. */
  async function during(happening: (on: Scene) => Promise<unknown>, ends: 'ended' | 'goes on') {
    const heard: boolean[] = [];
    let started: (() => void) | undefined;
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    let end: (() => void) | undefined;
    const ending = new Promise<void>((resolve) => {
      end = resolve;
    });
    const slow = capabilityOf({
      name: 'slow',
      effect: 'write',
      execute: async (_args, { signal }) => {
        started?.();
        signal.addEventListener('abort', () => end?.());
        await ending;
        heard.push(signal.aborted);
        return observed({ aborted: signal.aborted });
      },
    });
    const on = await scene([call('slow'), call('make'), { say: 'done' }], [slow]);
    const faults: unknown[] = [];
    const unwatch = watchAuthority(on.house, on.held, (error) => faults.push(error));
    const driven = driving(on.held);
    await running;
    await happening(on);
    // Whoever watches in memory has heard of it, once all that was ready has run.
    await new Promise((resolve) => setImmediate(resolve));
    // What is to end by itself has ended by now, and not by its time limit.
    expect(heard).toEqual(ends === 'ended' ? [true] : []);
    end?.();
    const rest = await driven;
    unwatch();
    return { on, heard, faults, rest: told(rest) };
  }

  const engaging = (mode: ControlMode) => (on: Scene) => engage(on.house, mode);

  it('is ended by a kill, and settled', async () => {
    const { on, heard, rest } = await during(engaging('kill'), 'ended');
    expect([heard, rest]).toEqual([[true], 'cancelled: look first']);
    expect([on.taken(), await findingsOf(on.house)]).toEqual([[0, 0, 0], []]);
  });

  it.each([
    ['its writ', ({ writ }: Scene) => writ],
    ['a writ above it', ({ parent }: Scene) => parent],
  ])('is ended by the revocation of %s, and settled', async (_, named) => {
    const { on, heard, rest } = await during(async (scene) => {
      const asked = { writ: named(scene), reason: 'it is over' };
      const revoked = await revokeStanding(signatory(scene.house), asked);
      expect(revoked.ok).toBe(true);
    }, 'ended');
    expect([heard, rest]).toEqual([[true], 'cancelled: the writ is revoked']);
    expect([on.taken(), await findingsOf(on.house)]).toEqual([[0, 0, 0], []]);
  });

  it('is ended where nobody can tell what stands, and who watches is told', async () => {
    const unread = new Error('the store is down');
    const { heard, faults } = await during(async ({ house }) => {
      vi.spyOn(house.authority, 'standing').mockRejectedValueOnce(unread);
      await engage(house, 'soft');
    }, 'ended');
    expect([heard, faults]).toEqual([[true], [unread]]);
  });

  it('comes to its end under a soft kill, and is settled', async () => {
    const { on, heard, rest } = await during(engaging('soft'), 'goes on');
    expect([heard, rest]).toEqual([[false], 'halted: soft']);
    expect(kindsOf(on.house).slice(-2)).toEqual(['commit', 'turn.finished']);
    expect([on.taken(), await findingsOf(on.house)]).toEqual([[0, 0, 0], []]);
  });

  it('comes to its end under a lockdown, and nothing is written after it', async () => {
    const { on, heard, rest } = await during(engaging('lockdown'), 'goes on');
    expect([heard, rest, refusals(on.house)]).toEqual([
      ...[[false], 'halted: lockdown', ['control.halted']],
    ]);
    expect([on.taken(), await findingsOf(on.house)]).toEqual([[0, 0, 0], []]);
  });
});

it('calls that a soft kill finds in an answer are refused, and the refusals are recorded', async () => {
  let stop: () => Promise<unknown> = () => Promise.resolve();
  const stopping = capabilityOf({
    name: 'stop',
    effect: 'read',
    execute: async () => {
      await stop();
      return observed({});
    },
  });
  const calls = ['stop', 'look', 'make'].map((name) => ({ name, args: {} }));
  const on = await scene([{ calls }, { say: 'done' }], [stopping]);
  stop = () => engage(on.house, 'soft');
  expect(told(await driving(on.held))).toBe('halted: soft');
  // The decision to stop was made upon a ledger without the control: it is made again, and refused.
  expect(refusals(on.house)).toEqual(['control.halted', 'control.halted', 'control.halted']);
  expect([on.taken(), await findingsOf(on.house)]).toEqual([[0, 0, 0], []]);
});

it('a lockdown is recorded, and so is all that it refuses and what only looks', async () => {
  const on = await scene([call('make'), call('look'), call('send'), { say: 'done' }]);
  const control = await engage(on.house, 'lockdown');
  await driving(on.held);
  const [engaged] = await on.house.store.read('control', 0, 10);
  expect(engaged?.text).toContain('control.engaged');
  const kinds = kindsOf(on.house).filter((kind) => /^proposal|^commit|^execution/.test(kind));
  expect(kinds).toEqual([
    ...['proposal.rejected', 'proposal.staged', 'execution.started'],
    ...['commit', 'proposal.rejected'],
  ]);
  await clear(on.house, control);
  expect(await findingsOf(on.house)).toEqual([]);
});

it('the control that takes away most decides, and the others stand when it is cleared', async () => {
  const on = await scene([call('look'), { say: 'done' }]);
  const locked = await engage(on.house, 'lockdown');
  const softly = await engage(on.house, 'soft');
  expect(told(await driving(on.held))).toBe('halted: soft');
  await clear(on.house, softly);
  const again = await takenUp(on.house, on.held);
  expect(told(await driving(again))).toBe('halted: lockdown');
  await clear(on.house, locked);
  expect(told(await driving(await takenUp(on.house, on.held)))).toMatch(/^succeeded/);
});

/** Authority that nobody can read any more. */
class LostAuthority extends Authority {
  override standing(): Promise<never> {
    return Promise.reject(new Error('the disk is gone'));
  }
}

it('a run whose authority cannot be read any more is aborted, and this is told', async () => {
  const { house, held } = await scene([]);
  const authority = new LostAuthority(house.store, house.ledger);
  let aborted = 0;
  const abort = () => (aborted += 1);
  const why = await new Promise((resolve) => {
    watchAuthority({ ...house, authority }, { ...held, abort }, resolve);
  });
  expect([aborted, why]).toEqual([1, new Error('the disk is gone')]);
});
