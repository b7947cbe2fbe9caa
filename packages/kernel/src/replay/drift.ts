import { type Digest } from '../encoding/index.ts';
import { type SealedEntry } from '../ledger/index.ts';

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

/** How a run was decided otherwise than it would be today; each difference once. */
export function driftOf(entries: Iterable<SealedEntry>, present: Present): readonly Drift[] {
  const found = new Map<string, Drift>();
  for (const sealed of entries) {
    for (const fact of factsOf(sealed, present)) {
      const key = `${fact.what} ${fact.name ?? ''} ${fact.recorded}`;
      if (fact.recorded !== fact.present && !found.has(key)) found.set(key, fact);
    }
  }
  return [...found.values()];
}

function factsOf({ entry }: SealedEntry, present: Present): readonly Drift[] {
  const { seq } = entry;
  if (entry.kind === 'commit') {
    return [
      fact('compiler', entry.body.compilerVersion, present.compilerVersion, seq),
      fact('policy', entry.body.policySetDigest, present.policySetDigest, seq),
    ];
  }
  if (entry.kind !== 'run.started') return [];
  const { contractDigest, policySetDigest, capabilities } = entry.body;
  return [
    fact('catalogue', contractDigest, present.catalogueDigest, seq),
    fact('policy', policySetDigest, present.policySetDigest, seq),
    ...capabilities.map(({ name, contract }) => ({
      ...fact('contract', contract, present.contracts.get(name), seq),
      name,
    })),
  ];
}

function fact(
  what: Drift['what'],
  recorded: string,
  present: string | undefined,
  seq: number,
): Drift {
  return { what, name: undefined, recorded, present, seq };
}
