import type { Digest } from '../encoding/index.ts';
import type { Body } from '../ledger/index.ts';
import { narrowedDigest, readRunPolicies, type RunPolicies } from '../policy/index.ts';
import { readContent } from './blob-reader.ts';
import type { RunContext } from './run-context.ts';
import { policiesIn } from './run-past.ts';

type Started = Body<'run.started'>;

/** The policies of a run alone, as it was started with them; undefined where they are not at hand. */
export function ownPolicies(
  { policies = [], actor }: Started,
  { blobs, tell }: Pick<RunContext, 'blobs' | 'tell'>,
): RunPolicies | undefined {
  const recorded = policies.map(({ bundle, envelope }) => ({
    bundle,
    envelope: readContent(envelope, blobs),
  }));
  if (recorded.some(({ envelope }) => envelope === undefined)) {
    tell('content.unread', 'a policy of the run was not given');
    return undefined;
  }
  const read = readRunPolicies(recorded, actor);
  if (read.ok) return read.value;
  tell('policy.invalid', read.refusal.message);
  return undefined;
}

/** The set that decides in a run where this one is active. */
export function ownSet(active: Digest, started: Pick<Started, 'policies'> | undefined): Digest {
  return narrowedDigest(active, policiesIn(started));
}
