import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { AppendOutcome, SealedBatch } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { Authority } from '@chancery/runtime/authority';
import { houseOf, modelOf, poison, startTestRun } from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from '../spine/drive.ts';

/** Which calls of a store fail: those that read, or those that write, and whether it has written then. */
type Failing = 'reading' | 'writing' | 'writing, when it is written';

/** A store that answers one of its calls, and all after it, with a failure, until it is mended. */
class FrailStore extends MemoryStore {
  #left = Number.POSITIVE_INFINITY;
  #failing: Failing = 'reading';

  /** Fails from the call of this number on, of those of this kind. */
  failAt(call: number, failing: Failing): void {
    this.#left = call;
    this.#failing = failing;
  }

  mend(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  get isDown(): boolean {
    return this.#left < 0;
  }

  override async append(batch: SealedBatch): Promise<AppendOutcome> {
    if (this.#failing === 'writing') this.#pass();
    const outcome = await super.append(batch);
    if (this.#failing === 'writing, when it is written') this.#pass();
    return outcome;
  }

  override read(...args: Parameters<MemoryStore['read']>): ReturnType<MemoryStore['read']> {
    return this.#reading(() => super.read(...args));
  }

  override readAll(
    ...args: Parameters<MemoryStore['readAll']>
  ): ReturnType<MemoryStore['readAll']> {
    return this.#reading(() => super.readAll(...args));
  }

  override heads(...args: Parameters<MemoryStore['heads']>): ReturnType<MemoryStore['heads']> {
    return this.#reading(() => super.heads(...args));
  }

  override head(...args: Parameters<MemoryStore['head']>): ReturnType<MemoryStore['head']> {
    return this.#reading(() => super.head(...args));
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    if (this.#failing === 'reading') this.#pass();
    return read();
  }

  #pass(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new RefusalError(refusal('ledger.unreachable', 'the disk is gone'));
  }
}

interface Trial {
  readonly struck: boolean;
  /** How often the effect happened until the store failed, and after the run was taken up. */
  readonly first: number;
  readonly then: number;
  readonly wasStarted: boolean;
  readonly end: string;
}

/** Drives a run of one effect while the store fails at a call, then as another process takes it up. */
async function trial(failing: Failing, at: number): Promise<Trial> {
  const store = new FrailStore();
  const send = poison('send', 'external');
  const house = await houseOf({ store, capabilities: [send] });
  const held = await startTestRun(house, modelOf([call('send'), { say: 'done' }]));
  store.failAt(at, failing);
  const end = await driving(held).catch((error: unknown) => {
    if (error instanceof RefusalError) return { kind: error.refusal.code };
    throw error;
  });
  const struck = store.isDown;
  store.mend();
  const first = send.taken();
  const kinds = (await store.readAll(0, 1_000)).map(({ text }) => text);
  const wasStarted = kinds.some((text) => text.includes('"kind":"execution.started"'));
  const another = { ...house, authority: new Authority(store, house.ledger) };
  if (struck && !kinds.some((text) => text.includes('"kind":"run.finished"'))) {
    await driving(await takenUp(another, held));
  }
  expect(await findingsOf(house)).toEqual([]);
  return { struck, first, then: send.taken(), wasStarted, end: end.kind };
}

describe.each<Failing>(['reading', 'writing', 'writing, when it is written'])(
  'a store that fails in the middle of a run, at %s',
  (failing) => {
    it('lets nothing be done that is not begun on it, and nothing that is be done again', async () => {
      const trials: Trial[] = [];
      for (let at = 0; trials.at(-1)?.struck !== false; at += 1) {
        trials.push(await trial(failing, at));
      }
      const struck = trials.slice(0, -1);
      expect(struck.length).toBeGreaterThan(5);
      expect(new Set(struck.map(({ end }) => end))).toEqual(new Set(['ledger.unreachable']));
      expect(struck.filter(({ first, wasStarted }) => first > 0 && !wasStarted)).toEqual([]);
      expect(struck.filter(({ then }) => then > 1)).toEqual([]);
      // It happens in the end where it had not begun; otherwise nobody knows, and it is not repeated.
      const open = struck.filter(({ wasStarted }) => !wasStarted);
      expect(open.map(({ first, then }) => [first, then])).toEqual(open.map(() => [0, 1]));
      const begun = struck.filter(({ wasStarted }) => wasStarted);
      expect(begun.length).toBeGreaterThan(0);
      expect(begun.filter(({ first, then }) => then !== first)).toEqual([]);
      expect(trials.at(-1)).toMatchObject({ first: 1, then: 1, end: 'finished' });
    });
  },
);
