import { MemoryStore } from '@chancery/adapters/store-memory';
import { parseRecord, type JsonObject, type Signer } from '@chancery/kernel/encoding';
import type { Bundle } from '@chancery/kernel/policy';
import { RefusalError, type RefusalCode, type Result } from '@chancery/kernel/refusal';
import type { Terms } from '@chancery/kernel/writ';
import { Authority, type Signatory } from '@chancery/runtime/authority';
import type { Capability } from '@chancery/runtime/broker';
import type { HeldRun, RunRequest } from '@chancery/runtime/drive';
import {
  capabilityOf,
  HandClock,
  houseOf,
  modelOf,
  observed,
  poison,
  startTestRun,
  wideTerms,
  type HouseRequest,
  type TestHouse,
  type Turn,
} from '@chancery/testkit/house';
import { driving, findingsOf } from '../../spine/drive.ts';
import type { Case, Shown } from './row.ts';

/** A house whose capabilities count how often they are executed: look, make, send. */
export interface Scene {
  readonly house: TestHouse;
  readonly store: MemoryStore;
  readonly clock: HandClock;
  readonly taken: () => number;
}

export interface SceneRequest extends Partial<Omit<HouseRequest, 'store' | 'clock'>> {
  readonly store?: MemoryStore;
  readonly bundle?: Bundle;
}

export async function sceneOf(request: SceneRequest = {}): Promise<Scene> {
  const [look, make, send] = [
    poison('look', 'read'),
    poison('make', 'write'),
    poison('send', 'external'),
  ];
  const { store = new MemoryStore(), capabilities = [], ...rest } = request;
  const clock = new HandClock();
  const all = [look, make, send, ...capabilities];
  const house = await houseOf({ ...rest, store, clock, capabilities: all });
  const taken = () => [look, make, send].reduce((sum, each) => sum + each.taken(), 0);
  return { house, store, clock, taken };
}

/** Looks only, and does what a test has to have done at that moment. */
function moment(happens: () => unknown): Capability {
  return capabilityOf({
    name: 'moment',
    effect: 'read',
    execute: async () => {
      await happens();
      return observed({});
    },
  });
}

export function signatoryOf({ house }: Scene, by: Signer = house.owner): Signatory {
  const { store, ledger, clock } = house;
  return { store, ledger, clock, by, authority: new Authority(store, ledger) };
}

export interface RunOptions {
  readonly request?: Partial<RunRequest>;
  readonly terms?: Partial<Terms>;
}

/** Starts a run that makes these turns, and then is done. */
export function startedOn(
  { house }: Scene,
  turns: readonly Turn[],
  { request = {}, terms = {} }: RunOptions = {},
): Promise<HeldRun> {
  const model = modelOf([...turns, { say: 'done' }]);
  return startTestRun(house, model, request, wideTerms(house, terms));
}

/** What is seen of work that refuses by a value, by throwing, or by what it has recorded. */
export async function shown(
  scene: Scene,
  code: RefusalCode,
  work: () => Promise<unknown>,
): Promise<Shown> {
  const before = { size: await sizeOf(scene), taken: scene.taken() };
  const answered = await answerOf(work);
  const since = await scene.store.readAll(before.size, 10_000);
  const entries = since.map(({ text }) => entryIn(text));
  const recorded = entries.filter((entry) => codesIn(entry).includes(code));
  return {
    code: answered ?? (recorded.length > 0 ? code : undefined),
    effects: scene.taken() - before.taken,
    recorded: recorded.map(({ kind }) => kind),
    grown: entries.length > 0,
    verifies: (await findingsOf(scene.house)).length === 0,
  };
}

export interface Proposing extends RunOptions {
  readonly scene?: SceneRequest;
  /** Happens when the run has begun, before it is driven. */
  readonly begun?: (scene: Scene, held: HeldRun) => unknown;
  /** Happens when the capability `moment` is called. */
  readonly during?: (scene: Scene, held: HeldRun) => unknown;
  /** Which run is driven; the one that was started, unless it is another. */
  readonly driven?: (scene: Scene, held: HeldRun) => Promise<HeldRun>;
  /** Where it is recorded; the proposal is rejected, unless it has been executed already. */
  readonly recorded?: readonly string[];
  readonly turns: readonly Turn[];
}

/** A case of a run that makes these calls, in which one is refused and that is recorded. */
export function proposing(name: string, code: RefusalCode, propose: Proposing): Case {
  const { recorded = ['proposal.rejected'] } = propose;
  return {
    name,
    recorded,
    run: async () => {
      let happens: () => unknown = () => undefined;
      const capabilities = [...(propose.scene?.capabilities ?? []), moment(() => happens())];
      const scene = await sceneOf({ ...propose.scene, capabilities });
      const begun = await startedOn(scene, propose.turns, propose);
      happens = () => propose.during?.(scene, begun);
      await propose.begun?.(scene, begun);
      const held = (await propose.driven?.(scene, begun)) ?? begun;
      return shown(scene, code, () => driving(held));
    },
  };
}

/** An answer that has `moment` happen and proposes something else after it. */
export function momentThen(name: string, args: JsonObject = {}): Turn {
  return {
    calls: [
      { name: 'moment', args: {} },
      { name, args },
    ],
  };
}

/** A case of work that is refused, and of which nothing is recorded. */
export function refusing(
  name: string,
  code: RefusalCode,
  work: (scene: Scene) => Promise<unknown>,
  { scene: request = {}, before = nothing }: RefusingOptions = {},
): Case {
  return {
    name,
    recorded: [],
    run: async () => {
      const scene = await sceneOf(request);
      await before(scene);
      return shown(scene, code, () => work(scene));
    },
  };
}

export interface RefusingOptions {
  readonly scene?: SceneRequest;
  readonly before?: (scene: Scene) => Promise<unknown>;
}

const nothing = (): Promise<void> => Promise.resolve();

async function sizeOf({ store }: Scene): Promise<number> {
  return (await store.readAll(0, 10_000)).length;
}

async function answerOf(work: () => Promise<unknown>): Promise<RefusalCode | undefined> {
  try {
    const answer = await work();
    return isRefused(answer) ? answer.refusal.code : undefined;
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal.code;
    throw error;
  }
}

function isRefused(answer: unknown): answer is Extract<Result<unknown>, { ok: false }> {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false;
}

interface SeenEntry {
  readonly kind: string;
  readonly stream: string;
  readonly body: JsonObject;
}

function entryIn(text: string): SeenEntry {
  const parsed = parseRecord(text);
  if (!parsed.ok) throw new RefusalError(parsed.refusal);
  return parsed.value as unknown as SeenEntry;
}

/** What an entry of a run tells as the reason of a refusal or a failure; or what it is, in doubt. */
function codesIn({ kind, stream, body }: SeenEntry): readonly unknown[] {
  if (!stream.startsWith('run:')) return [];
  const reasons = [body['refusal'], body['failure']];
  return [kind, ...reasons.map((why) => (why as JsonObject | undefined)?.['code'])];
}
