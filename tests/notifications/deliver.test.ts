import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { notifiedKinds, type Hook, type Notification } from '@chancery/domain/notifications';
import { clear, engage } from '@chancery/kernel/control';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import {
  deliverNew,
  keepDelivering,
  type Delivered,
  type HookPlaces,
} from '@chancery/runtime/notifications';
import {
  appendAll,
  ledgerFixture,
  people,
  RunStory,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';

const every: Hook = {
  name: 'all',
  on: notifiedKinds,
  channels: [],
  to: { type: 'command', argv: ['true'] },
};

/** Places as a process has them that ends, and begins again with what was written. */
class Places implements HookPlaces {
  readonly written = new Map<string, number>();
  readonly taken = new Set<string>();

  async acquire({ name }: Hook) {
    if (this.taken.has(name)) return undefined;
    this.taken.add(name);
    return {
      read: async () => this.written.get(name),
      write: async (position: number) => void this.written.set(name, position),
      release: async () => void this.taken.delete(name),
    };
  }
}

let fixture: LedgerFixture;
let store: MemoryStore;
let places: Places;
let got: Notification[];
/** What the receiver says of the next ones; it takes all others. */
let answers: Result<null>[];
let stored: number;

const courier = {
  deliver: async (notification: Notification) => {
    const answer = answers.shift() ?? done(null);
    if (answer.ok) got.push(notification);
    return answer;
  },
};

const down = refused('hook.unreachable', 'down');

beforeEach(() => {
  fixture = ledgerFixture();
  store = new MemoryStore();
  places = new Places();
  [got, answers, stored] = [[], [], 0];
});

/** Brings what the fixture has recorded to the store. */
async function publish(): Promise<void> {
  const { entries } = fixture.recorder;
  await appendAll(store, entries.slice(stored));
  stored = entries.length;
}

/** Records two entries, one behind the other, that are both told. */
function haltAndClear(): void {
  const { recorder, ledger } = fixture;
  const halt = engage(
    { ledger, after: ledger, scope: 'all', run: null, mode: 'kill', reason: 'enough' },
    people.approver,
  );
  const [by, stream] = [people.approver.id, 'control'];
  recorder.writeBy(by, { stream, kind: 'control.engaged', body: { envelope: halt } });
  const engaged = recorder.heads.get('control')?.digest ?? '';
  const over = clear({ ledger, after: engaged, engaged, reason: 'over' }, people.approver);
  recorder.writeBy(by, { stream, kind: 'control.cleared', body: { envelope: over } });
}

const delivery = (hook = every) => ({ store, ledger: fixture.ledger, hook, courier, places });
const deliver = (hook = every) => deliverNew(delivery(hook));
const told = (): readonly string[] => got.map(({ kind }) => kind);

const positionsOf = (...kinds: readonly string[]): readonly number[] =>
  fixture.recorder.entries.flatMap(({ entry }, at) => (kinds.includes(entry.kind) ? [at] : []));

describe('a hook', () => {
  it('is told of what comes after it was made, in the order of the ledger', async () => {
    writeRun(fixture, 'r0');
    await publish();
    expect(await deliver()).toEqual({ kind: 'done', count: 0, failure: undefined });
    const before = stored;
    const story = new RunStory(fixture, 'r9');
    story.start();
    const action = story.hold('src/package.json', 1);
    story.grant(story.ask(action));
    story.again(action);
    story.commit(action);
    story.finish();
    await publish();
    expect(await deliver()).toEqual({ kind: 'done', count: 3, failure: undefined });
    expect(told()).toEqual(['approval.requested', 'approval.resolved', 'run.finished']);
    expect(got.map(({ position }) => position)).toEqual(
      positionsOf(...notifiedKinds).filter((position) => position >= before),
    );
    expect(got[0]).toMatchObject({ run: 'r9', action, channel: 'human', ledger: fixture.ledger });
    expect(got[0]?.id).toBe(fixture.recorder.entries[got[0]?.position ?? 0]?.digest);
    expect(await deliver()).toEqual({ kind: 'done', count: 0, failure: undefined });
  });

  it('is told of everything once, however often it does not answer, and in order', async () => {
    places.written.set('all', 0);
    writeRun(fixture);
    await publish();
    const whole = positionsOf(...notifiedKinds);
    for (let round = 0; round <= 2 * whole.length; round += 1) {
      answers = round % 2 === 0 ? [down] : [done(null), down];
      const before = got.length;
      const { failure, count } = (await deliver()) as Extract<Delivered, { kind: 'done' }>;
      expect(count).toBe(got.length - before);
      expect(failure === undefined).toBe(got.length === whole.length);
    }
    expect(got.map(({ position }) => position)).toEqual(whole);
  });

  it('is told again of what it may not have had, where the process ends before it is written', async () => {
    places.written.set('all', 0);
    writeRun(fixture);
    await publish();
    await deliver();
    const first = [...got];
    places.written.set('all', first[1]?.position ?? 0);
    await deliver();
    expect(got.slice(first.length)).toEqual(first.slice(1));
  });

  it('is told of the next one where the process ends while that is delivered', async () => {
    places.written.set('all', 0);
    haltAndClear();
    await publish();
    const dying = {
      deliver: (notification: Notification) =>
        got.length === 1 ? Promise.reject(new Error('killed')) : courier.deliver(notification),
    };
    await expect(deliverNew({ ...delivery(), courier: dying })).rejects.toThrow('killed');
    await deliver();
    expect(got.map(({ position }) => position)).toEqual(positionsOf(...notifiedKinds));
  });

  it('is left to the process that has it', async () => {
    places.written.set('all', 0);
    places.taken.add('all');
    writeRun(fixture);
    await publish();
    expect(await deliver()).toEqual({ kind: 'busy' });
    expect(got).toEqual([]);
  });

  it('lets go of its place whatever happens', async () => {
    places.written.set('all', 0);
    writeRun(fixture);
    await publish();
    answers = [down];
    await deliver();
    expect([...places.taken]).toEqual([]);
    const thrown = new Error('thrown');
    const failing = { deliver: () => Promise.reject(thrown) };
    await expect(deliverNew({ ...delivery(), courier: failing })).rejects.toBe(thrown);
    expect([...places.taken]).toEqual([]);
  });

  it('hears of nothing else than it is on, and of requests on its channels alone', async () => {
    writeRun(fixture);
    await publish();
    const of = async (hook: Partial<Hook>) => {
      got = [];
      places.written.set('all', 0);
      await deliver({ ...every, ...hook });
      return told();
    };
    expect(await of({ on: ['run.finished'] })).toEqual(['run.finished']);
    expect(await of({ on: ['approval.requested'], channels: ['human'] })).toEqual([
      'approval.requested',
    ]);
    expect(await of({ on: ['approval.requested'], channels: ['other'] })).toEqual([]);
    expect(await of({ on: ['run.finished'], channels: ['other'] })).toEqual(['run.finished']);
  });

  it('hears of controls, with what they halt and why', async () => {
    haltAndClear();
    places.written.set('all', 0);
    await publish();
    await deliver();
    expect(got.map(({ text }) => text)).toEqual([
      expect.stringMatching(/kill all.*enough/),
      'a control is cleared',
    ]);
  });
});

it('tells nothing of what an action was given or has found', async () => {
  writeRun(fixture);
  places.written.set('all', 0);
  await publish();
  await deliver();
  const members = [
    'action',
    'atMs',
    'channel',
    'id',
    'kind',
    'ledger',
    'position',
    'run',
    'text',
    'v',
  ];
  for (const each of got) expect(Object.keys(each).sort()).toEqual(members);
});

describe('while a ledger grows', () => {
  it('a hook is told of everything until the work ends, though it was down meanwhile', async () => {
    await publish();
    places.written.set('all', 0);
    const stop = new AbortController();
    const failures: string[] = [];
    answers = [down, down];
    const kept = keepDelivering({
      ...delivery(),
      signal: stop.signal,
      onFailure: ({ message }) => failures.push(message),
    });
    for (const run of ['r1', 'r2', 'r3']) {
      const story = new RunStory(fixture, run);
      story.start();
      story.finish();
      await publish();
    }
    stop.abort();
    await kept;
    for (let round = answers.length; round >= 0; round -= 1) await deliver();
    expect(got.map(({ run }) => run)).toEqual(['r1', 'r2', 'r3']);
    expect(new Set(failures)).toEqual(new Set(failures.length === 0 ? [] : ['down']));
  });
});
