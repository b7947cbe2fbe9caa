import { type Digest } from '../encoding/index.ts';
import { type Body } from '../ledger/index.ts';
import { type RunState } from './run-state.ts';

/** What decides today, to compare a recorded run with. */
export interface Present {
  readonly compilerVersion: string;
  readonly policySetDigest: Digest;
  /** Digest of the contract of every capability that is offered, by name. */
  readonly contracts: ReadonlyMap<string, Digest>;
  readonly catalogueDigest: Digest;
}

export interface Drift {
  readonly what: 'compiler' | 'policy' | 'contract' | 'catalogue';
  /** Name of the capability, for a contract. */
  readonly name: string | undefined;
  readonly recorded: string;
  /** Undefined when there is nothing of that name today. */
  readonly present: string | undefined;
  /** Seq of the first entry of the run that tells what was. */
  readonly seq: number;
}

/** How a run was decided otherwise than it would be today; each difference once, in its order. */
export function driftOf({ started, decided }: RunState, present: Present): readonly Drift[] {
  const { compilerVersion, policySetDigest } = present;
  const compilers = [...decided.compilers].map(([version, seq]) =>
    fact('compiler', version, compilerVersion, seq),
  );
  const policies = [...decided.policies].map(([set, seq]) =>
    fact('policy', set, policySetDigest, seq),
  );
  const contracts = contractsOf(started, present);
  return [...cataloguesOf(started, present), ...compilers, ...policies, ...contracts]
    .filter(({ recorded, present: today }) => recorded !== today)
    .sort((a, b) => a.seq - b.seq);
}

type Started = Body<'run.started'> | undefined;

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
