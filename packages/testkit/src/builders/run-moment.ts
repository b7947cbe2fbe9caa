import type { Body, SealedEntry } from '@chancery/kernel/ledger';
import { Exposure, RunPast } from '@chancery/kernel/replay';
import { assert } from '@chancery/kernel/refusal';
import { workspaceKey, worldDigest, type Delta } from '@chancery/kernel/world';

/** What a run that begins at a moment of another tells of it, and the tree of its files. */
export function momentOf(
  entries: readonly SealedEntry[],
  source: string,
  seq: number,
): { readonly branched: Body<'run.branched'>; readonly tree: string } {
  const [past, exposure] = [new RunPast(), new Exposure()];
  for (const { entry, digest } of entries) {
    if (entry.stream !== source) continue;
    exposure.take(entry);
    past.take(entry, digest, exposure);
  }
  const moment = past.momentAt(seq);
  const tree = moment?.world.cells.get(workspaceKey)?.value;
  assert(moment !== undefined && typeof tree === 'string', 'the other run has such an entry');
  const delta: Delta = [...moment.world.cells]
    .filter(([key]) => key !== workspaceKey)
    .map(([key, { value }]) => ({ op: 'put', key, value, expect: 0 }));
  const { entry, world } = moment;
  const seen = past.seenAt(seq);
  return {
    tree,
    branched: { source, seq, entry, worldDigest: worldDigest(world), ...seen, delta },
  };
}
