import { readEntry, type LedgerStore } from '@chancery/kernel/ledger';

/** How a run begins that goes on from another, or undoes one. */
export interface Beginning {
  readonly stream: string;
  /** Of its first entry in the ledger. */
  readonly position: number;
  readonly from: {
    readonly source: string;
    /** The entry of the source after which it goes on. */
    readonly seq: number;
    readonly undoes: boolean;
  };
}

/** `run.started` and `run.branched`. */
const startEntries = 2;

/** The beginnings of all runs that go on from another or undo one, from the ledger as it stands. */
export async function beginningsOf(store: LedgerStore): Promise<readonly Beginning[]> {
  const found: Beginning[] = [];
  for (const { stream } of await store.streams('run:')) {
    const first = await store.read(stream, 0, startEntries);
    const entries = first.map(readEntry).flatMap((read) => (read.ok ? [read.value.entry] : []));
    const undoes = entries.some(
      ({ kind, body }) => kind === 'run.started' && body.rollback !== undefined,
    );
    for (const { kind, body } of entries) {
      if (kind !== 'run.branched') continue;
      const { source, seq } = body;
      found.push({ stream, position: first[0]?.position ?? 0, from: { source, seq, undoes } });
    }
  }
  return found;
}

/**
 * The runs that go on from a moment of another after one of its entries, and those that go on from
 * these: each before what it goes on from, and what was started last before its siblings.
 */
export async function goingOn(
  store: LedgerStore,
  source: string,
  to: number,
): Promise<readonly string[]> {
  const branches = (await beginningsOf(store))
    .filter(({ from }) => !from.undoes)
    .sort((a, b) => b.position - a.position);
  const below = (stream: string, after: number): readonly string[] =>
    branches
      .filter(({ from }) => from.source === stream && from.seq > after)
      .flatMap((branch) => [...below(branch.stream, -1), branch.stream]);
  return below(source, to);
}
