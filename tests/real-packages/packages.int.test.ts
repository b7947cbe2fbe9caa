import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Digest } from '@chancery/kernel/encoding';
import type { SealedEntry } from '@chancery/kernel/ledger';
import { workspaceKey } from '@chancery/kernel/world';
import { chancery, twoAtATime } from '../ground/command.ts';
import { dropGround, git, makeGround, type Ground } from '../ground/ground.ts';
import { driveToEnd, foundHouse, modelOf, scriptOf, startRealRun } from '../ground/house.ts';
import { listingOf, listingOfCommit, Witness, type Listing } from './witness.ts';
import { layOut, packages } from './packages.ts';
import { workOn } from './work.ts';

/** A command that changes files on the candidate tree: what it does is not kept. */
const untidyGate = 'echo left > left-by-the-gate.txt; rm unix.txt';

/** Ignored by the rules of the base commit: outside of every snapshot. */
const outside = ['build'];

/** What was true of the files when an entry became durable. */
interface Moment {
  readonly seq: number;
  readonly kind: string;
  readonly recorded: Digest;
  readonly witnessed: string;
  readonly listing: Listing;
}

/** Looks at the files of the run at each entry after which the ledger names their tree anew. */
function watcher(folder: string) {
  const witness = new Witness(folder);
  const moments: Moment[] = [];
  const kinds: string[] = [];
  let root = '';
  let recorded = '';
  const onEntry = ({ entry }: SealedEntry): void => {
    kinds.push(entry.kind);
    if (entry.kind === 'run.started') ({ worktree: root, tree: recorded } = entry.body.workspace);
    else if (entry.kind === 'commit') {
      for (const operation of entry.body.delta) {
        if (operation.op !== 'put' || operation.key !== workspaceKey) continue;
        recorded = typeof operation.value === 'string' ? operation.value : '';
      }
    } else if (entry.kind !== 'execution.failed') return;
    moments.push({
      seq: entry.seq,
      kind: entry.kind,
      recorded,
      witnessed: witness.treeOf(root, outside),
      listing: listingOf(root, outside),
    });
  };
  return { onEntry, moments, kinds };
}

let ground: Ground;
afterEach(() => dropGround(ground));

describe.each(packages)('a run on the sources of $name', (chosen) => {
  it('records after every action the tree that git itself sees, and gives it back', async () => {
    ground = makeGround();
    const { repository } = ground;
    const base = layOut(chosen, repository);
    const { onEntry, moments, kinds } = watcher(ground.folder);
    const real = await foundHouse(ground, onEntry);
    const work = workOn(chosen);
    const model = modelOf(scriptOf(chosen.name, work));
    const gates = [...chosen.gates, untidyGate];
    const held = await startRealRun(real, ground, { model, gates });
    const end = await driveToEnd(real, held);
    await real.close();
    expect(end.outcome).toBe('succeeded');

    // One patch of the script finds nothing; everything else is done.
    const calls = work.flat().length + gates.length;
    expect(kinds.filter((kind) => kind === 'execution.failed').length).toBe(1);
    expect(kinds.filter((kind) => kind === 'commit').length).toBe(calls - 1);
    expect(moments.map(({ recorded }) => recorded)).toEqual(
      moments.map(({ witnessed }) => witnessed),
    );
    expect(new Set(moments.map(({ recorded }) => recorded)).size).toBeGreaterThan(30);

    const last = moments.at(-1);
    expect(end.tree).toBe(last?.recorded);
    expect(listingOfCommit(repository, end.commit ?? '')).toEqual(last?.listing);
    expect(git(repository, 'status', '--porcelain', '--ignored')).toBe('');
    expect(git(repository, 'rev-parse', 'HEAD').trimEnd()).toBe(base);

    const run = held.driven.context.stream.slice('run:'.length);
    const changes = moments.filter(({ recorded }, nth) => recorded !== moments[nth - 1]?.recorded);
    await twoAtATime(changes, async ({ seq, listing }) => {
      const folder = path.join(ground.folder, `at-${seq}`);
      const ended = await chancery(ground, ['world', run, '--at', `${seq}`, '--checkout', folder]);
      expect(ended).toMatchObject({ exit: 0, stderr: '' });
      expect(listingOf(folder)).toEqual(listing);
      rmSync(folder, { recursive: true });
    });
  });
});
