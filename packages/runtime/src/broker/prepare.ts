import { isJsonObject, type JsonObject } from '@chancery/kernel/encoding';
import type { Normalised } from '@chancery/kernel/contract';
import type { DeclaredPrograms } from '@chancery/kernel/programs';
import { done, refusal, type Refusal, type Result } from '@chancery/kernel/refusal';
import { workspaceKey } from '@chancery/kernel/world';
import { normalisedOf } from './broken.ts';
import { leasesFor, withLeases, type Lease } from './leases.ts';
import type { Offer } from './offer.ts';
import type { RunContext } from './run-context.ts';

/** Outside facts about an intent, read before it is compiled. */
export interface Prepared {
  readonly offer: Offer | undefined;
  readonly normalised: Result<Normalised> | undefined;
  /** Why the working tree is not in the recorded state; undefined when it is. */
  readonly drift: Refusal | undefined;
  /** Whether the action can change the working tree. */
  readonly touchesWorkspace: boolean;
  /** Secrets that it is to be lent. */
  readonly leases: readonly Lease[];
}

/** Reads what the compiler needs to know of the outside, commands by the rows that stand. Has no effect. */
export async function prepare(
  run: RunContext,
  intent: unknown,
  programs: DeclaredPrograms,
): Promise<Prepared> {
  const { offer, args } = addressee(run, intent);
  if (offer === undefined || args === undefined || offer.known.checkInput(args) !== undefined) {
    const nothing = { normalised: undefined, drift: undefined, leases: [] };
    return { offer, ...nothing, touchesWorkspace: false };
  }
  const { normalised, leases } = await normalisedBy(run, { offer, programs }, args);
  const touchesWorkspace =
    !run.detached && normalised.ok && normalised.value.effects.includes('write');
  return {
    offer,
    normalised,
    drift: touchesWorkspace ? await driftOf(run, pathsOf(normalised)) : undefined,
    touchesWorkspace,
    leases,
  };
}

interface Addressed {
  readonly offer: Offer;
  readonly programs: DeclaredPrograms;
}

/** The normalised form with what it is to be lent; refused as well where that cannot be lent. */
async function normalisedBy(
  run: RunContext,
  { offer: { capability, known }, programs }: Addressed,
  args: JsonObject,
): Promise<{ readonly normalised: Result<Normalised>; readonly leases: readonly Lease[] }> {
  const normalised = await normalisedOf(capability, args, { ...run.surroundings, programs });
  if (!normalised.ok) return { normalised, leases: [] };
  const leases = await leasesFor(run, known.contract, normalised.value);
  if (!leases.ok) return { normalised: leases, leases: [] };
  return {
    normalised: done(withLeases(normalised.value, leases.value)),
    leases: leases.value,
  };
}

/** Paths that it is known to be confined to; a command may change others than those that it names. */
function pathsOf(normalised: Result<Normalised>): readonly string[] {
  return normalised.ok && normalised.value.command === undefined ? normalised.value.paths : [];
}

function addressee(
  run: RunContext,
  intent: unknown,
): { readonly offer: Offer | undefined; readonly args: JsonObject | undefined } {
  if (!isJsonObject(intent)) return { offer: undefined, args: undefined };
  const { capability, args } = intent;
  return {
    offer: typeof capability === 'string' ? run.offers.get(capability) : undefined,
    args: isJsonObject(args) ? args : undefined,
  };
}

/** Compares the working tree with the recorded one; where paths are known, in these alone. */
async function driftOf(run: RunContext, paths: readonly string[]): Promise<Refusal | undefined> {
  const tree = await run.workspace.snapshot(paths.length > 0 ? paths : undefined);
  if (!tree.ok) return tree.refusal;
  if (tree.value === recordedTree(run)) return undefined;
  return refusal('workspace.drifted', 'the files are not those that the ledger names', {
    details: { found: tree.value, recorded: recordedTree(run) },
  });
}

/** Tree digest of the workspace as the ledger has it. */
export function recordedTree(run: RunContext): string {
  const value = run.trajectory.world.cells.get(workspaceKey)?.value;
  return typeof value === 'string' ? value : '';
}
