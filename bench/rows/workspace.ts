import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitWorkspaces } from '@chancery/adapters/workspace-git';
import type { Workspace } from '@chancery/runtime/workspace';
import { valueOf } from '../policy-text.ts';
import { percentile, percentiles, type BenchRow } from '../row.ts';

/** Of a repository: files, and how many of them are in one folder. */
const size = { files: 50_000, perFolder: 100 };
const rounds = { warmUp: 2, measured: 10 };

/** Milliseconds of a snapshot of which the one path that can differ is known. */
const knownMs = 80;
/** Times that ours may take what git takes. */
const share = 1.3;

/** Snapshots after one changed file among many, and going back to what was before it. */
export async function workspaceRows(): Promise<BenchRow[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bench-workspace-')));
  try {
    const repository = makeRepository(join(folder, 'repository'));
    const workspaces = gitWorkspaces({ home: join(folder, 'home') });
    const request = { run: 'a'.repeat(26), repository, allowDirty: false };
    const workspace = valueOf(await workspaces.create(request));
    const rows = rowsOf(await measured(workspace, repository));
    await workspace.dispose();
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pathOf(file: number): string {
  return `folder-${Math.floor(file / size.perFolder)}/file-${file}.txt`;
}

function makeRepository(repository: string): string {
  for (let file = 0; file < size.files; file += 1) {
    const path = join(repository, pathOf(file));
    if (file % size.perFolder === 0) mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `text of the file ${file}\n`.repeat(20));
  }
  git(repository, 'init', '-q');
  git(repository, 'add', '-A');
  git(repository, '-c', 'user.name=b', '-c', 'user.email=b@b', 'commit', '-qm', 'all');
  return repository;
}

function git(folder: string, ...args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', ['-C', folder, ...args], { env, encoding: 'utf8' }).trim();
}

/** Milliseconds of each. */
interface Samples {
  readonly known: number[];
  readonly unknown: number[];
  readonly rollback: number[];
  readonly gitAdd: number[];
  readonly gitReadTree: number[];
}

/** By turns: each round changes one file, ours in the worktree and git's in a checkout of its own. */
async function measured(workspace: Workspace, repository: string): Promise<Samples> {
  const before = valueOf(await workspace.snapshot());
  const base = git(repository, 'rev-parse', 'HEAD^{tree}');
  const samples: Samples = { known: [], unknown: [], rollback: [], gitAdd: [], gitReadTree: [] };
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const path = pathOf((round + rounds.warmUp) * 997);
    const content = (what: string): string => `${what} of round ${round}\n`;
    writeFileSync(join(repository, path), content('git'));
    const gitAdd = await timeMs(() => git(repository, 'add', '-A'));
    const gitReadTree = await timeMs(() => git(repository, 'read-tree', '--reset', '-u', base));
    writeFileSync(join(workspace.root, path), content('known'));
    const known = await timeMs(async () => valueOf(await workspace.snapshot([path])));
    writeFileSync(join(workspace.root, path), content('unknown'));
    const unknown = await timeMs(async () => valueOf(await workspace.snapshot()));
    const rollback = await timeMs(() => workspace.restore(before));
    if (valueOf(await workspace.snapshot()) !== before) throw new Error('not all is as it was');
    if (round < 0) continue;
    const took = { known, unknown, rollback, gitAdd, gitReadTree };
    for (const [name, ms] of Object.entries(took)) samples[name as keyof Samples].push(ms);
  }
  return samples;
}

function rowsOf({ known, unknown, rollback, gitAdd, gitReadTree }: Samples): BenchRow[] {
  const [add, readTree] = [percentile(gitAdd, 0.5), percentile(gitReadTree, 0.5)];
  const snapshotMs = percentile(unknown, 0.5);
  return [
    rowOf('snapshot-path-known', known, { name: `${knownMs} ms`, ms: knownMs }),
    rowOf('snapshot-path-unknown', unknown, { name: `${share} git add -A`, ms: share * add }),
    rowOf('rollback', rollback, {
      name: `a snapshot + ${share} git read-tree -u`,
      ms: snapshotMs + share * readTree,
    }),
  ];
}

/** A row that may take so many milliseconds at the median. */
function rowOf(
  name: string,
  samples: readonly number[],
  most: { readonly name: string; readonly ms: number },
): BenchRow {
  const times = percentiles(samples);
  const ratio = most.ms / times.p50;
  return {
    ...{ name, unit: 'ms', ...times, perSecond: 1_000 / times.p50 },
    reference: { name: most.name, perSecond: 1_000 / most.ms },
    ...{ ratio, bar: 1, met: ratio >= 1 },
  };
}

async function timeMs(run: () => unknown): Promise<number> {
  const at = performance.now();
  await run();
  return performance.now() - at;
}
