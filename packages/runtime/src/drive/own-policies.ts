import { permitsNothing, unreachableHolds } from '@chancery/domain/policies';
import {
  recordText,
  signEnvelope,
  type Envelope,
  type Json,
  type Signer,
} from '@chancery/kernel/encoding';
import type { Blob, Body } from '@chancery/kernel/ledger';
import {
  bundleDigest,
  compileRunPolicies,
  readRunPolicies,
  signBundle,
  type Bundle,
  type RunPolicies,
} from '@chancery/kernel/policy';
import { refused, RefusalError, type Result } from '@chancery/kernel/refusal';
import { neverReleased } from '../authority/index.ts';
import { readContent, type ContentRoom, type Keep } from '../broker/index.ts';
import type { BranchPoint } from './branch-point.ts';
import type { House } from './house.ts';

type Started = Body<'run.started'>;
type Recorded = NonNullable<Started['policies']>;

/** A policy of one run alone. */
export interface OwnPolicy {
  readonly bundle: Bundle;
  /** The bundle as its authors have signed it, which says where it is from and gives no authority. */
  readonly signed?: Envelope | undefined;
}

/**
 * Compiles the policies that a run is to be started with. Refuses `policy.invalid`, also where they
 * permit nothing; `args.secret`, since they are recorded; and `approval.unreachable` as an activation is.
 */
export async function checkOwnPolicies(
  { authority, redactor }: House,
  policies: readonly OwnPolicy[],
): Promise<Result<RunPolicies>> {
  const bundles = policies.map(({ bundle }) => bundle);
  const compiled = compileRunPolicies(bundles);
  if (!compiled.ok || bundles.length === 0) return compiled;
  const secret = bundles.map((bundle) => redactor.findSecret(recordText(bundle))).find(Boolean);
  if (secret !== undefined) {
    return refused('args.secret', `a policy of the run holds a literal secret (${secret})`);
  }
  if (permitsNothing(bundles)) {
    return refused(
      'policy.invalid',
      'the policies of the run permit nothing: it could do nothing',
      {
        remedy: 'Every level has to permit: begin with a rule that permits, then forbid.',
      },
    );
  }
  const standing = await authority.policies();
  const unreachable = unreachableHolds(bundles, standing).find(({ channel }) =>
    standing.channels.has(channel),
  );
  if (unreachable !== undefined) return { ok: false, refusal: neverReleased(unreachable) };
  return compiled;
}

/** The policies as the start of a run records them, signed by the key that it acts as. */
export function recordPolicies(
  policies: readonly OwnPolicy[],
  { by, keep }: { readonly by: Signer; readonly keep: Keep },
): { readonly recorded: Pick<Started, 'policies'>; readonly blobs: readonly Blob[] } {
  if (policies.length === 0) return { recorded: {}, blobs: [] };
  const kept = policies.map(({ bundle, signed }) => {
    const envelope = signed === undefined ? signBundle(bundle, by) : signEnvelope(signed, by);
    return {
      bundle: bundleDigest(bundle),
      ...keep(envelope as unknown as Json, { values: policies.length }),
    };
  });
  return {
    recorded: { policies: kept.map(({ bundle, content }) => ({ bundle, envelope: content })) },
    blobs: kept.flatMap(({ blobs }) => blobs),
  };
}

/**
 * The policies that a run was started with.
 * @throws {RefusalError} as `readContent`, and `policy.invalid` where they are not what was recorded.
 */
export async function ownPoliciesOf(
  room: ContentRoom,
  { policies = [], actor }: Pick<Started, 'policies' | 'actor'>,
): Promise<RunPolicies> {
  const read = readRunPolicies(await withEnvelopes(room, policies), actor);
  if (read.ok) return read.value;
  throw new RefusalError(read.refusal);
}

async function withEnvelopes(room: ContentRoom, policies: Recorded) {
  return Promise.all(
    policies.map(async ({ bundle, envelope }) => ({
      bundle,
      envelope: await readContent(room, envelope),
    })),
  );
}

/**
 * The policies that whoever goes on from a run has as well: its own, and of a run that undid another those
 * of that one.
 * @throws {RefusalError} as `ownPoliciesOf`.
 */
export async function inheritedPolicies(
  room: ContentRoom,
  { started, undone }: Pick<BranchPoint, 'started' | 'undone'>,
): Promise<readonly Bundle[]> {
  const all: Bundle[] = [];
  for (const each of [...undone, started]) all.push(...(await ownPoliciesOf(room, each)).bundles);
  return all;
}

/** Those of the run that another goes on from, and then its own; each once. */
export function withInherited(
  inherited: readonly Bundle[],
  own: readonly OwnPolicy[],
): readonly OwnPolicy[] {
  const known = new Set(own.map(({ bundle }) => bundleDigest(bundle)));
  const others = new Map(inherited.map((bundle) => [bundleDigest(bundle), bundle]));
  for (const digest of known) others.delete(digest);
  return [...[...others.values()].map((bundle) => ({ bundle })), ...own];
}
