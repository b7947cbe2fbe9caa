import { type Delta, savepointKey } from '@chancery/kernel/world';
import { entriesOf } from '@chancery/runtime/journal';
import { refuse } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';

/** A stretch of a run that another one goes on from, after an entry and up to another. */
export interface Stretch {
  readonly run: string;
  readonly to: number;
  readonly seq: number;
}

/** What a run is to be again as. */
export interface Place {
  readonly seq: number;
  /** The savepoint that the run took over from another one: its files are to be again, not those of `seq`. */
  readonly toSavepoint?: string;
  /** What was done since that savepoint by the runs that this one goes on from. */
  readonly inherited: readonly Stretch[];
}

/** Where a run has set a savepoint last, or that it took it over and from where. */
type Found =
  | { readonly set: number }
  | { readonly taken: number; readonly source: string; readonly until: number };

/**
 * `start`, the number of an entry, or `savepoint:NAME`: the entry that set it last, or the one by which
 * it was taken over. Refuses `usage.invalid` for anything else.
 */
export async function placeOf(open: OpenLedger, run: string, to: string): Promise<Place> {
  if (to === 'start') return { seq: 0, inherited: [] };
  if (/^\d{1,9}$/.test(to)) return { seq: Number(to), inherited: [] };
  const name = to.startsWith('savepoint:') ? to.slice('savepoint:'.length) : undefined;
  const found = name === undefined ? undefined : await findSavepoint(open, run, name, Infinity);
  if (name === undefined || found === undefined) {
    refuse('usage.invalid', `--to ${to} is no place of the run`, {
      remedy: 'Say --to with the number of one of its entries, with start or with savepoint:NAME.',
    });
  }
  if ('set' in found) return { seq: found.set, inherited: [] };
  const inherited: Stretch[] = [];
  let above: Found | undefined = found;
  while (above !== undefined && 'taken' in above) {
    const { source, until } = above;
    above = await findSavepoint(open, source, name, until);
    const since = above !== undefined && 'set' in above ? above.set : 0;
    inherited.push({ run: source, to: since, seq: until });
  }
  return { seq: found.taken, toSavepoint: name, inherited };
}

async function findSavepoint(
  { store, ledger }: OpenLedger,
  run: string,
  name: string,
  until: number,
): Promise<Found | undefined> {
  let found: Found | undefined;
  for await (const { entry } of entriesOf(store, `run:${run}`, { ledger })) {
    if (entry.seq > until) break;
    if (entry.kind === 'run.branched' && sets(entry.body.delta, name)) {
      const { source, seq } = entry.body;
      found = { taken: entry.seq, source: source.slice('run:'.length), until: seq };
    }
    if (entry.kind === 'commit' && sets(entry.body.delta, name)) found = { set: entry.seq };
  }
  return found;
}

function sets(delta: Delta, name: string): boolean {
  return delta.some(({ op, key }) => op === 'put' && key === savepointKey(name));
}
