import type { JsonObject, Signer } from '@chancery/kernel/encoding';
import type { Body, SealedEntry } from '@chancery/kernel/ledger';
import { RefusalError, type Result } from '@chancery/kernel/refusal';
import { parseScript, scriptedModel } from '@chancery/adapters/model-scripted';
import { foundLedger } from '@chancery/runtime/authority';
import { recordVote } from '@chancery/runtime/broker';
import type { Model } from '@chancery/runtime/cognition';
import {
  authoriseDirectly,
  drive,
  startRun,
  type HeldRun,
  type House,
} from '@chancery/runtime/drive';
import { offeredContracts } from '../../apps/cli/src/compose/capabilities.ts';
import {
  defaultBundle,
  newName,
  openClock,
  openHouse,
  redactorOf,
} from '../../apps/cli/src/compose/house.ts';
import { ensureKey } from '../../apps/cli/src/compose/keys.ts';
import { openWriter } from '../../apps/cli/src/compose/stores.ts';
import { makeHome } from '../../apps/cli/src/home-folder.ts';
import { writeConfig } from '../../apps/cli/src/home.ts';
import { termsOf } from '../../apps/cli/src/runs/run-terms.ts';
import type { Ground } from './ground.ts';

/** The whole runtime in this process, made of the parts that the command line is made of. */
export interface RealHouse {
  readonly house: House;
  readonly owner: Signer;
  readonly close: () => Promise<void>;
}

/** Founds the ledger of a ground and opens it. `onEntry` is told of each entry as it is durable. */
export async function foundHouse(
  { home }: Ground,
  onEntry: (sealed: SealedEntry) => void = () => undefined,
): Promise<RealHouse> {
  makeHome(home);
  const owner = valueOf(await ensureKey(home, { label: 'owner', file: home.ownerKey, env: {} }));
  const actor = valueOf(
    await ensureKey(home, { label: 'runtime', file: home.runtimeKey, env: {} }),
  );
  const store = await openWriter(home, true);
  const clock = await openClock(0);
  const [nonce, bundle] = [await newName(), await defaultBundle()];
  const named = { name: 'test', nonce, owner, runtime: actor.id };
  const ledger = valueOf(await foundLedger({ store, clock, bundle }, named));
  writeConfig(home, { ledger, name: 'test' });
  const house = await openHouse({
    ...{ home, ledger, store, actor, onEntry },
    redactor: redactorOf([]),
    floorMs: 0,
    onJump: () => undefined,
    unsafe: false,
    network: false,
    declared: [],
  });
  return { house, owner, close: () => store.close() };
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

/** Calls of one answer of a scripted model. */
export type Calls = readonly (readonly [name: string, args: JsonObject])[];

/** Text of a script whose answers make these calls, one answer after the other. */
export function scriptOf(name: string, answers: readonly Calls[]): string {
  const turns = answers.map((calls) => ({
    calls: calls.map(([called, args]) => ({ name: called, args })),
  }));
  return JSON.stringify({ v: 1, name, turns: [...turns, { say: 'done' }] });
}

export function modelOf(script: string): Model {
  return scriptedModel(valueOf(parseScript(script)));
}

export interface RealRun {
  readonly model: Model;
  readonly gates: readonly string[];
  readonly protectedPaths?: readonly string[];
}

/** Starts a run under a writ of the owner, as `chancery run` does. */
export async function startRealRun(
  { house, owner }: RealHouse,
  { repository }: Ground,
  { model, gates, protectedPaths = [] }: RealRun,
): Promise<HeldRun> {
  const terms = termsOf(await offeredContracts(), { budget: {}, nowMs: house.clock.nowMs() });
  const authorised = valueOf(await authoriseDirectly(house, owner, terms));
  const limits = {
    turns: 60,
    wallMs: 600_000,
    retries: 0,
    outputTokens: 1_000,
    approvalMs: 60_000,
  };
  const request = { repository, model, gates, protectedPaths, authorised, limits };
  return valueOf(
    await startRun(house, {
      ...request,
      task: 'Work on the package',
      why: 'test',
      allowDirty: false,
      riskThreshold: 'high',
      readable: [],
    }),
  );
}

/** Grants the action that a run waits for, with the owner's key. */
async function grant({ house, owner }: RealHouse, action: string): Promise<void> {
  const ballot = { action, vote: 'grant', reason: 'looks right', voter: owner } as const;
  valueOf(await recordVote(house, { ...ballot, proposer: house.actor.id }));
}

/** Drives a run to its end; whatever is held is granted. */
export async function driveToEnd(real: RealHouse, held: HeldRun): Promise<Body<'run.finished'>> {
  for (;;) {
    const end = await drive(held.driven, {
      stop: new AbortController().signal,
      rest: () => Promise.resolve(),
      waitForHumans: false,
    });
    if (end.kind === 'held') await grant(real, end.action);
    else {
      await held.release();
      if (end.kind !== 'finished') throw new Error(`the run is ${end.kind}`);
      return end.body;
    }
  }
}
