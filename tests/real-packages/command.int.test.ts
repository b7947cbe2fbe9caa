import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { workspaceKey } from '@chancery/kernel/world';
import { chancery, twoAtATime } from '../ground/command.ts';
import { dropGround, git, makeGround, type Ground } from '../ground/ground.ts';
import { scriptOf } from '../ground/house.ts';
import { layOut, packages } from './packages.ts';
import { listingOf, listingOfCommit, Witness } from './witness.ts';
import { workOn } from './work.ts';

let ground: Ground;
afterEach(() => dropGround(ground));

interface Committed {
  readonly seq: number;
  /** Digest of the tree that the commit recorded. */
  readonly tree: string;
}

interface Line {
  readonly type: string;
  readonly entry?: {
    readonly kind: string;
    readonly seq: number;
    readonly body: { readonly delta?: readonly Operation[] };
  };
  readonly run?: string;
}

interface Operation {
  readonly op: string;
  readonly key: string;
  readonly value?: unknown;
}

function committedIn(lines: readonly Line[]): readonly Committed[] {
  return lines.flatMap(({ entry }) =>
    (entry?.kind === 'commit' ? (entry.body.delta ?? []) : []).flatMap(({ op, key, value }) =>
      op === 'put' && key === workspaceKey ? [{ seq: entry?.seq ?? 0, tree: String(value) }] : [],
    ),
  );
}

/** Runs it, and grants what is held, until it has ended; the lines of all of these commands. */
async function toItsEnd(words: readonly string[]): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (let next = words, exit: number | null = 4; exit === 4;) {
    const left = await chancery(ground, [...next, '--json', '--no-wait']);
    const said = left.stdout.trimEnd().split('\n');
    lines.push(...said.map((line) => JSON.parse(line) as Line));
    const { run = '' } = lines.at(-1) ?? {};
    expect({ said: said.at(-1), exit: left.exit === 4 ? 0 : left.exit }).toMatchObject({ exit: 0 });
    if (left.exit === 4) {
      expect(await chancery(ground, ['approve', run, '--yes'])).toMatchObject({ exit: 0 });
    }
    exit = left.exit;
    next = ['resume', run];
  }
  return lines;
}

describe.each(packages)('`chancery run` on the sources of $name', (chosen) => {
  it('leaves a result that git and `world` both give', async () => {
    ground = makeGround();
    const { folder, repository } = ground;
    layOut(chosen, repository);
    const script = path.join(folder, 'script.json');
    writeFileSync(script, scriptOf(chosen.name, workOn(chosen)));
    expect(await chancery(ground, ['init'])).toMatchObject({ exit: 0 });
    const gates = chosen.gates.flatMap((gate) => ['--gate', gate]);
    const words = ['run', 'Work on it', '--repo', repository, '--model', `scripted:${script}`];
    const lines = await toItsEnd([...words, ...gates]);
    const { run = '' } = lines.at(-1) ?? {};
    const committed = committedIn(lines);
    expect(committed.length).toBeGreaterThan(30);

    const witness = new Witness(folder);
    const sample = committed.filter((_, nth) => nth % 8 === 0 || nth === committed.length - 1);
    await twoAtATime(sample, async ({ seq, tree }) => {
      const out = path.join(folder, `at-${seq}`);
      const world = await chancery(ground, ['world', run, '--at', `${seq}`, '--checkout', out]);
      expect(world).toMatchObject({ exit: 0, stderr: '' });
      expect(witness.treeOf(out, [])).toBe(tree);
      if (tree === committed.at(-1)?.tree) {
        expect(listingOfCommit(repository, `chancery/${run}`)).toEqual(listingOf(out));
      }
      rmSync(out, { recursive: true });
    });
    expect(git(repository, 'status', '--porcelain')).toBe('');
    expect(await chancery(ground, ['verify'])).toMatchObject({ exit: 0 });
  });
});
