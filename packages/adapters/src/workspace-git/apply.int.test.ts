import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  codeOf,
  newGround,
  newWorkspace,
  runGit,
  valueOf,
  writeTo,
  type Ground,
} from './repository-fixture.ts';
import { gitWorkspaces } from './workspaces.ts';

describe('applying a result', () => {
  async function result(place: Ground, files: Readonly<Record<string, string>>, run = 'r1') {
    const workspace = await newWorkspace(place, run);
    for (const [path, content] of Object.entries(files)) writeTo(workspace.root, path, content);
    const commit = await workspace.commit(valueOf(await workspace.snapshot()), 'result');
    return { origin: workspace.origin, commit };
  }

  function stateOf(repository: string): unknown {
    return {
      head: runGit(repository, 'rev-parse', 'HEAD'),
      index: readFileSync(join(repository, '.git/index')),
      a: readFileSync(join(repository, 'a'), 'utf8'),
      refs: runGit(repository, 'for-each-ref'),
      objects: runGit(repository, 'count-objects', '-v'),
    };
  }

  const lines = 'one\ntwo\nthree\nfour\nfive\n';

  it('moves the branch of the user forward, once', async () => {
    const place = newGround({ a: lines, gone: 'x' });
    const { origin, commit } = await result(place, { a: 'new\n', 'n/b': '2' });
    writeTo(place.repository, 'mine', 'not recorded, not in the way');
    expect(valueOf(await place.workspaces.apply(origin, commit))).toBe(commit);
    expect(runGit(place.repository, 'status', '--porcelain', '-b')).toBe('## main\n?? mine\n');
    expect(readFileSync(join(place.repository, 'a'), 'utf8')).toBe('new\n');
    expect(valueOf(await place.workspaces.apply(origin, commit))).toBe(commit);
  });

  it('that another was cut off in, after the files and before the branch, ends what it began', async () => {
    const place = newGround({ a: lines, gone: 'x' });
    const { origin, commit } = await result(place, { a: 'new\n', 'n/b': '2' });
    runGit(place.repository, 'read-tree', '-m', '-u', 'HEAD', commit);
    expect(runGit(place.repository, 'status', '--porcelain')).toBe('M  a\nA  n/b\n');
    expect(valueOf(await place.workspaces.apply(origin, commit))).toBe(commit);
    expect(runGit(place.repository, 'status', '--porcelain', '-b')).toBe('## main\n');
  });

  it('puts many on top of each other that come at once, each whole', async () => {
    const place = newGround({ a: lines });
    const runs = ['one', 'two', 'three'];
    const results: Awaited<ReturnType<typeof result>>[] = [];
    for (const run of runs) results.push(await result(place, { [run]: run }, run));
    const applied = async ({ origin, commit }: (typeof results)[number]): Promise<string> => {
      for (;;) {
        const answer = await gitWorkspaces({ home: place.home }).apply(origin, commit);
        if (codeOf(answer) !== 'repo.busy') return codeOf(answer);
      }
    };
    expect(await Promise.all(results.map(applied))).toEqual(['done', 'done', 'done']);
    expect(runGit(place.repository, 'status', '--porcelain', '-b')).toBe('## main\n');
    expect(runGit(place.repository, 'ls-files').trim().split('\n')).toEqual(['a', ...runs].sort());
  });

  it('merges when the branch has moved elsewhere', async () => {
    const place = newGround({ a: lines });
    const { origin, commit } = await result(place, { a: lines.replace('one', 'ONE') });
    writeTo(place.repository, 'a', lines.replace('five', 'FIVE'));
    runGit(place.repository, 'commit', '-q', '-a', '-m', 'mine');
    const mine = runGit(place.repository, 'rev-parse', 'HEAD').trim();
    const merged = valueOf(await place.workspaces.apply(origin, commit));
    expect(runGit(place.repository, 'log', '-1', '--format=%H %P', 'main')).toBe(
      `${merged} ${mine} ${commit}\n`,
    );
    expect(readFileSync(join(place.repository, 'a'), 'utf8')).toBe('ONE\ntwo\nthree\nfour\nFIVE\n');
    expect(runGit(place.repository, 'status', '--porcelain')).toBe('');
  });

  it.each([
    [
      'a conflict',
      'repo.conflict',
      (repository: string): void => {
        writeTo(repository, 'a', 'mine\n');
        runGit(repository, 'commit', '-q', '-a', '-m', 'mine');
      },
    ],
    [
      'changes in the same file',
      'repo.dirty',
      (repository: string) => writeTo(repository, 'a', 'mine'),
    ],
    [
      'a file in the way of a new one',
      'repo.dirty',
      (repository: string) => writeTo(repository, 'n/b', 'mine'),
    ],
    [
      'an ignored file in the way of a new one',
      'repo.dirty',
      (repository: string): void => {
        writeTo(repository, '.git/info/exclude', 'n/\n');
        writeTo(repository, 'n/b', 'mine');
      },
    ],
    [
      'another git at work',
      'repo.busy',
      (repository: string) => writeTo(repository, '.git/index.lock', ''),
    ],
    [
      'another git at work on the branch',
      'repo.busy',
      (repository: string) => writeTo(repository, '.git/refs/heads/main.lock', ''),
    ],
    [
      'another git at work on HEAD',
      'repo.busy',
      (repository: string) => writeTo(repository, '.git/HEAD.lock', ''),
    ],
  ])('refuses %s and changes nothing', async (_what, code, disturb) => {
    const place = newGround({ a: lines });
    const { origin, commit } = await result(place, { a: 'new\n', 'n/b': '2' });
    disturb(place.repository);
    const before = stateOf(place.repository);
    expect(codeOf(await place.workspaces.apply(origin, commit))).toBe(code);
    expect(stateOf(place.repository)).toEqual(before);
  });
});
