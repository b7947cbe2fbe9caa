import { describe, expect, it } from 'vitest';
import type {
  AppendOutcome,
  Head,
  LedgerStore,
  SealedBatch,
  StoredEntry,
} from '@chancery/kernel/ledger';
import {
  capabilityOf,
  HandClock,
  houseOf,
  modelOf,
  observed,
  startTestRun,
  type TestHouse,
  type Turn,
} from '@chancery/testkit/house';
import type { Capability } from '../broker/index.ts';
import type { Message, Model } from '../cognition/index.ts';
import type { RunRequest } from './start-run.ts';
import { drive, type DriveEnd } from './drive.ts';

/** Entries in a list, for one process that asks for nothing else. */
class ListStore implements LedgerStore {
  readonly #entries: StoredEntry[] = [];
  readonly #heads = new Map<string, Head>();

  append({ entries, writes, reads }: SealedBatch): Promise<AppendOutcome> {
    for (const { stream, head } of [...writes, ...reads]) {
      const actual = this.#heads.get(stream) ?? null;
      if (actual?.digest === head?.digest) continue;
      const conflict = { stream, expected: head, actual };
      return Promise.resolve({ kind: 'conflict', conflict });
    }
    const position = this.#entries.length;
    for (const { entry, digest, text } of entries) {
      const { stream, seq } = entry;
      this.#entries.push({ position: this.#entries.length, stream, seq, text });
      this.#heads.set(stream, { seq, digest });
    }
    return Promise.resolve({ kind: 'appended', position });
  }

  head(stream: string): Promise<Head | null> {
    return Promise.resolve(this.#heads.get(stream) ?? null);
  }

  heads(streams: readonly string[]): Promise<readonly (Head | null)[]> {
    return Promise.all(streams.map((stream) => this.head(stream)));
  }

  read(stream: string, fromSeq: number, limit: number): Promise<readonly StoredEntry[]> {
    const found = this.#entries.filter((each) => each.stream === stream && each.seq >= fromSeq);
    return Promise.resolve(found.slice(0, limit));
  }

  readAll(fromPosition: number, limit: number): Promise<readonly StoredEntry[]> {
    return Promise.resolve(this.#entries.slice(fromPosition, fromPosition + limit));
  }

  streams(prefix: string) {
    const all = [...this.#heads].map(([stream, head]) => ({ stream, head }));
    return Promise.resolve(all.filter(({ stream }) => stream.startsWith(prefix)));
  }

  blob(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  subscribe(): () => void {
    return () => undefined;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

interface Driven {
  readonly house: TestHouse;
  /** What the model was given, request by request. */
  readonly given: readonly (readonly Message[])[];
  readonly drive: (stop?: AbortSignal) => Promise<DriveEnd>;
}

interface Scene {
  readonly turns: readonly Turn[];
  /** What `work` does when it is called. */
  readonly work?: (clock: HandClock) => void;
  readonly request?: Partial<RunRequest>;
}

/** A run that was begun, and can be driven. */
async function begun({ turns, work = () => undefined, request = {} }: Scene): Promise<Driven> {
  const clock = new HandClock();
  const capability: Capability = capabilityOf({
    name: 'work',
    effect: 'write',
    execute: () => {
      work(clock);
      return Promise.resolve(observed({}));
    },
  });
  const house = await houseOf({ store: new ListStore(), clock, capabilities: [capability] });
  const given: (readonly Message[])[] = [];
  const scripted = modelOf(turns);
  const model: Model = {
    ...scripted,
    stream: (asked, signal) => {
      given.push(asked.messages);
      return scripted.stream(asked, signal);
    },
  };
  const { driven } = await startTestRun(house, model, request);
  const rest = (): Promise<void> => Promise.resolve();
  const driveIt = (stop = new AbortController().signal): Promise<DriveEnd> =>
    drive(driven, { stop, rest, waitForHumans: false });
  return { house, given, drive: driveIt };
}

const working: Turn = { calls: [{ name: 'work', args: {} }] };
const kindsIn = ({ seen }: TestHouse): readonly string[] => seen.map(({ entry }) => entry.kind);

describe('a run that is told to stop', () => {
  it('takes no step when that was before the first', async () => {
    const { house, given, drive: driveIt } = await begun({ turns: [working, { say: 'done' }] });
    const before = house.seen.length;
    expect(await driveIt(AbortSignal.abort())).toEqual({ kind: 'stopped' });
    expect([house.seen.length, given]).toEqual([before, []]);
  });

  it('ends the step that it is at, and goes on from there when it is driven again', async () => {
    const stop = new AbortController();
    const {
      house,
      given,
      drive: driveIt,
    } = await begun({
      turns: [working, { say: 'done' }],
      work: () => stop.abort(),
    });
    expect(await driveIt(stop.signal)).toEqual({ kind: 'stopped' });
    expect([kindsIn(house).at(-1), given.length]).toEqual(['commit', 1]);
    expect(await driveIt()).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect([kindsIn(house).filter((kind) => kind === 'commit').length, given.length]).toEqual([
      1, 2,
    ]);
  });
});

describe('a limit of a run', () => {
  const limits = { turns: 2, wallMs: 1_000, retries: 4, outputTokens: 1_000, approvalMs: 60_000 };
  const always = Array.from({ length: 9 }, () => working);

  it('on its turns ends it after the last of them, with what was done', async () => {
    const { house, given, drive: driveIt } = await begun({ turns: always, request: { limits } });
    expect(await driveIt()).toMatchObject({
      kind: 'finished',
      body: { outcome: 'exhausted', reason: 'the limit of 2 turns' },
    });
    expect([given.length, kindsIn(house).filter((kind) => kind === 'commit').length]).toEqual([
      2, 2,
    ]);
  });

  it('on its time ends it before the next call, not in the middle of one', async () => {
    const both: Turn = { calls: [...(working.calls ?? []), ...(working.calls ?? [])] };
    const { house, drive: driveIt } = await begun({
      turns: [both],
      request: { limits },
      work: (clock) => (clock.ms += 1_001),
    });
    expect(await driveIt()).toMatchObject({
      kind: 'finished',
      body: { outcome: 'exhausted', reason: 'the time limit of 1000 ms' },
    });
    expect(kindsIn(house).filter((kind) => kind === 'commit')).toHaveLength(1);
  });
});

describe('a call that cannot be carried out', () => {
  it.each([
    ['arguments that are no object', 'work', { malformed: '{"path": ' }, 'intent.malformed'],
    ['a capability that is not there', 'none', {}, 'capability.unknown'],
  ])('for %s comes back to the model as a typed error', async (_, name, args, code) => {
    const {
      house,
      given,
      drive: driveIt,
    } = await begun({
      turns: [{ calls: [{ name, args }] }, working, { say: 'done' }],
    });
    expect(await driveIt()).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect(given[1]?.at(-1)).toMatchObject({
      ...{ role: 'tool', name, failed: true },
      result: { error: { code, retryable: false, remedy: expect.stringMatching(/\w/) as string } },
    });
    const ends = kindsIn(house).filter((kind) => /^(commit|proposal\.rejected)$/.test(kind));
    expect(ends).toEqual(['proposal.rejected', 'commit']);
  });
});
