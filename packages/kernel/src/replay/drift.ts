import type { Digest, KeyId } from '../encoding/index.ts';
import type { Body } from '../ledger/index.ts';
import { isBarred, type Trust } from '../writ/index.ts';
import { ownSet } from './own-policies.ts';
import type { RunDecided } from './run-state-model.ts';

/** What decides today, to compare a recorded run with. */
export interface Present {
  readonly compilerVersion: string;
  readonly policySetDigest: Digest;
  /** Digest of the contract of every capability that is offered, by name. */
  readonly contracts: ReadonlyMap<string, Digest>;
  readonly catalogueDigest: Digest;
  readonly trust: Trust;
}

/** Under what a run was decided. */
export interface DecidedRun {
  readonly started: Body<'run.started'> | undefined;
  readonly decided: RunDecided;
  /** Keys by which it acted: its own, and those of the issuers of its writ and of all above it. */
  readonly signers: readonly KeyId[];
}

export interface Drift {
  readonly what: 'compiler' | 'policy' | 'contract' | 'catalogue' | 'signer';
  /** Name of the capability, for a contract. */
  readonly name: string | undefined;
  readonly recorded: string;
  /** Undefined when there is nothing of that name today, or the ledger has taken leave of the key. */
  readonly present: string | undefined;
  /** Seq of the first entry of the run that tells what was. */
  readonly seq: number;
}

/** How a run was decided otherwise than it would be today; each difference once, in its order. */
export function driftOf(run: DecidedRun, present: Present): readonly Drift[] {
  const { started, decided, signers } = run;
  const { compilerVersion, policySetDigest, trust } = present;
  const compilers = [...decided.compilers].map(([version, seq]) =>
    fact('compiler', version, compilerVersion, seq),
  );
  const policies = [...decided.policies].map(([set, seq]) =>
    fact('policy', set, ownSet(policySetDigest, started), seq),
  );
  const keys = [...new Set(signers)].map((key) =>
    fact('signer', key, isBarred(trust, key) ? undefined : key, 0),
  );
  const contracts = contractsOf(started, present);
  return [...cataloguesOf(started, present), ...compilers, ...policies, ...contracts, ...keys]
    .filter(({ recorded, present: today }) => recorded !== today)
    .sort((a, b) => a.seq - b.seq);
}

/** A difference that runs of a ledger have in common. */
export interface SharedDrift extends Omit<Drift, 'seq'> {
  /** How many runs have it. */
  readonly runs: number;
  /** The first of them, and the entry in it that tells what was. */
  readonly first: { readonly stream: string; readonly seq: number };
}

/** The differences of many runs, each once, in the order in which runs come to have them. */
export function sharedDrift(
  runs: Iterable<readonly [stream: string, drift: readonly Drift[]]>,
): readonly SharedDrift[] {
  const shared = new Map<string, SharedDrift>();
  for (const [stream, drift] of runs) {
    for (const { seq, ...difference } of drift) {
      const key = [difference.what, difference.name ?? '', difference.recorded].join(' ');
      const before = shared.get(key);
      const first = before?.first ?? { stream, seq };
      shared.set(key, { ...difference, runs: (before?.runs ?? 0) + 1, first });
    }
  }
  return [...shared.values()];
}

type Started = DecidedRun['started'];

function cataloguesOf(started: Started, { catalogueDigest }: Present): readonly Drift[] {
  if (started === undefined) return [];
  return [fact('catalogue', started.contractDigest, catalogueDigest, 0)];
}

function contractsOf(started: Started, { contracts }: Present): readonly Drift[] {
  return (started?.capabilities ?? []).map(({ name, contract }) => ({
    ...fact('contract', contract, contracts.get(name), 0),
    name,
  }));
}

function fact(
  what: Drift['what'],
  recorded: string,
  present: string | undefined,
  seq: number,
): Drift {
  return { what, name: undefined, recorded, present, seq };
}
