import { recordText, type Json } from '../encoding/index.ts';
import {
  contractsWithoutEgress,
  contractsWithoutOlderPolicies,
  type Body,
  type Entry,
} from '../ledger/index.ts';
import { worldDigest, workspaceKey, type World } from '../world/index.ts';
import type { RunContext } from './run-context.ts';
import { policiesIn, type RunPast } from './run-past.ts';

type Branching = Entry<'run.branched'>;

/** What a run goes on from is what the entries of the other run give for that moment. */
export function checkBranch(entry: Branching, context: RunContext): void {
  const { previous, pastOf, tell } = context;
  if (previous?.kind !== 'run.started') tell('run.misordered', 'a run branches as it is started');
  const past = pastOf(entry.body.source);
  const wrong =
    past === undefined
      ? 'it goes on from a run that is not there'
      : whyMisstated(entry, past, context);
  if (wrong !== undefined) tell('branch.misstated', wrong);
}

function whyMisstated(
  { body }: Branching,
  past: RunPast,
  { state }: RunContext,
): string | undefined {
  const { seq, entry, labels, delta, egressAfterUntrusted: egress } = body;
  const moment = past.momentAt(seq);
  if (moment === undefined) return 'the other run has no such entry';
  if (moment.entry !== entry) return `the world there is that of the entry ${moment.entry}`;
  const digest = worldDigest(moment.world);
  if (digest !== body.worldDigest) return `the world there has the digest ${digest}`;
  const seen = past.seenAt(seq);
  if (recordText([...labels]) !== recordText([...seen.labels])) {
    return 'the other run had seen something else';
  }
  const { started } = state;
  if (leavesOut(started, past)) return 'it leaves out a policy of the other run';
  const isOfBefore = started && contractsWithoutEgress.includes(started.contractDigest);
  if (!(isOfBefore === true && egress === undefined) && egress !== seen.egressAfterUntrusted) {
    return 'the other run had sent another number of times after text of strangers';
  }
  const tree = started?.workspace.tree;
  const taken = new Map<string, Json>(tree === undefined ? [] : [[workspaceKey, tree]]);
  for (const operation of delta) {
    if (operation.op === 'delete' || taken.has(operation.key))
      return 'it changes what it takes over';
    taken.set(operation.key, operation.value);
  }
  return isSame(taken, moment.world) ? undefined : 'it takes over another world';
}

/** Whether a run lacks a policy that whoever goes on from another has as well, but for one that undoes it. */
function leavesOut(
  started: Body<'run.started'> | undefined,
  { policies, olderPolicies }: RunPast,
): boolean {
  if (started?.rollback !== undefined) return false;
  const own = policiesIn(started);
  const mayLack = started && contractsWithoutOlderPolicies.includes(started.contractDigest);
  const wanted = mayLack === true ? policies : [...policies, ...olderPolicies];
  return !wanted.every((each) => own.includes(each));
}

function isSame(taken: ReadonlyMap<string, Json>, { cells }: World): boolean {
  return (
    taken.size === cells.size &&
    [...cells].every(([key, { value }]) => {
      const own = taken.get(key);
      return own !== undefined && recordText(own) === recordText(value);
    })
  );
}
