import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  codeOf,
  newFolder,
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
      'a merge for which objects are missing',
      'repo.unreadable',
      (repository: string): void => {
        const base = runGit(repository, 'rev-parse', 'HEAD:a').trim();
        writeTo(repository, 'a', lines.replace('five', 'FIVE'));
        runGit(repository, 'commit', '-q', '-a', '-m', 'mine');
        rmSync(join(repository, '.git/objects', base.slice(0, 2), base.slice(2)));
      },
    ],
    [
      'a checkout at a commit that is not there',
      'repo.unreadable',
      (repository: string) => writeTo(repository, '.git/HEAD', `${'1'.repeat(40)}\n`),
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

  it('comes on top of a commit that was made while it was about to begin', async () => {
    const place = newGround({ a: lines });
    const { origin, commit } = await result(place, { a: lines.replace('one', 'ONE') });
    const { PATH = '' } = process.env;
    const programs = newFolder();
    const real = execFileSync('which', ['git']).toString().trim();
    const meanwhile = `"${real}" -c user.name=A -c user.email=a@b commit -q --allow-empty -m mine`;
    const first = `[ "$1" = update-ref ] && mkdir "${programs}/done" 2>/dev/null`;
    writeFileSync(
      join(programs, 'git'),
      `#!/bin/sh\n${first} && ${meanwhile}\nexec "${real}" "$@"\n`,
    );
    chmodSync(join(programs, 'git'), 0o755);
    process.env['PATH'] = `${programs}:${PATH}`;
    try {
      valueOf(await place.workspaces.apply(origin, commit));
    } finally {
      process.env['PATH'] = PATH;
    }
    const log = runGit(place.repository, 'log', '--format=%s', 'main').trim().split('\n');
    expect(log).toEqual([expect.stringContaining('Merge the result'), 'mine', 'result', 'first']);
    expect(runGit(place.repository, 'status', '--porcelain', '-b')).toBe('## main\n');
  });

  /** Two branches that changed the same line; the checkout is at the first. */
  function parted(): Ground {
    const place = newGround({ a: lines });
    const { repository } = place;
    runGit(repository, 'checkout', '-q', '-b', 'other');
    writeTo(repository, 'a', 'other\n');
    runGit(repository, 'commit', '-q', '-a', '-m', 'other');
    runGit(repository, 'checkout', '-q', 'main');
    writeTo(repository, 'a', 'mine\n');
    runGit(repository, 'commit', '-q', '-a', '-m', 'mine');
    return place;
  }

  it.each([
    ['merge', ['merge', 'other']],
    ['cherry-pick', ['cherry-pick', 'other']],
    ['revert', ['revert', '--no-edit', 'HEAD~']],
    ['rebase', ['rebase', 'other']],
    ['am', ['am', '../patch']],
    ['bisect', ['bisect', 'start']],
  ])('is refused in the middle of a %s, which can be given up', async (what, words) => {
    const place = parted();
    const { repository } = place;
    const { origin, commit } = await result(place, { 'n/b': '2' });
    const patch = runGit(repository, 'format-patch', '-1', '--stdout', 'other');
    writeFileSync(join(place.folder, 'patch'), patch);
    // Git ends with 1 where it waits for somebody to go on.
    const begin = (): string => runGit(repository, ...words);
    if (what === 'bisect') begin();
    else expect(begin).toThrow();
    const answer = await place.workspaces.apply(origin, commit);
    expect(answer).toMatchObject({ refusal: { code: 'repo.dirty' } });
    const remedy = answer.ok ? '' : answer.refusal.remedy;
    const [, giveUp = ''] = /`git ([^`]+)`/.exec(remedy) ?? [];
    runGit(repository, ...giveUp.split(' '));
    expect(codeOf(await place.workspaces.apply(origin, commit))).toBe('done');
  });
});
