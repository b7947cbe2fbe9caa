import { effects, type Effect } from '@chancery/kernel/contract';
import {
  contractOf,
  runsProgram,
  undoContractOf,
  type Executor,
  type Manifest,
  type Reconcile,
} from '@chancery/kernel/manifest';
import { assert } from '@chancery/kernel/refusal';
import { reachedBy } from './reached.ts';

/** What is known of every call of a capability in the sandbox, whatever its arguments are. */
export interface CallFacts {
  readonly effects: readonly Effect[];
  /** Every `host:port` that it reaches. */
  readonly hosts: readonly string[];
}

/** Of what a manifest declares, by name: the capability, and the one that takes it back. */
export function callFacts(manifest: Manifest): ReadonlyMap<string, CallFacts> {
  const { executor, reconcile, compensate } = manifest;
  const undo = undoContractOf(manifest);
  return new Map([
    [manifest.name, factsOf(contractOf(manifest).effect, { executor, reconcile })],
    ...(compensate === null || undo === undefined
      ? []
      : ([[undo.name, factsOf(undo.effect, compensate)]] as const)),
  ]);
}

interface Acting {
  readonly executor: Executor;
  readonly reconcile: Reconcile | null;
}

function factsOf(effect: Effect, acting: Acting): CallFacts {
  const hosts = reachedWith(acting, false);
  assert(hosts !== undefined, 'in the sandbox nothing is reached that is not told');
  return { effects: effectsOf(effect, acting.executor, false), hosts };
}

/** What is reached, also to find out what became of a call: its secrets are lent for that as well. */
export function reachedWith({ executor, reconcile }: Acting, unsafe: boolean) {
  return reachedBy([executor, ...(reconcile === null ? [] : [reconcile.executor])], unsafe);
}

/** A program may write the files of the workspace; without a sandbox it reaches the network and all files of the user. */
export function effectsOf(
  effect: Effect,
  executor: Executor,
  unsandboxed: boolean,
): readonly Effect[] {
  const found = new Set<Effect>([effect]);
  if (runsProgram(executor)) found.add('write');
  if (effect === 'irreversible') found.add('external');
  if (unsandboxed) found.add('external').add('irreversible');
  return effects.filter((each) => found.has(each));
}
