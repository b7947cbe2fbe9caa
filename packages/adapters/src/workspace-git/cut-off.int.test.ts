import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { codeOf, newGround, newWorkspace, runGit, valueOf, writeTo } from './repository-fixture.ts';

const path = process.env['PATH'] ?? '';

afterEach(() => {
  process.env['PATH'] = path;
});

const files = Array.from({ length: 40 }, (_, at) => [`new/${at}`, `${at}: ${'x'.repeat(2_000)}\n`]);

/** A result of forty new files, a changed one and one that is gone. */
async function result() {
  const place = newGround({ a: 'one\n', gone: 'x\n', kept: 'k\n' });
  const workspace = await newWorkspace(place);
  for (const [name = '', content = ''] of files) writeTo(workspace.root, name, content);
  writeTo(workspace.root, 'a', 'two\n'.repeat(1_000));
  rmSync(join(workspace.root, 'gone'));
  const commit = await workspace.commit(valueOf(await workspace.snapshot()), 'result');
  const apply = () => place.workspaces.apply(workspace.origin, commit);
  return { place, commit, apply, root: place.repository };
}

/** Puts a git on the PATH that does something else, once, where it would write the checkout. */
function meanwhile(folder: string, script: string): void {
  const real = execFileSync('which', ['git']).toString().trim();
  const writes = '[ "$1 $2 $3" = "read-tree -m -u" ] && mkdir "$0.done" 2>/dev/null';
  const program = `#!/bin/sh\nif ${writes}; then ${script.replaceAll('GIT', `"${real}"`)}; fi\nexec "${real}" "$@"\n`;
  writeFileSync(join(folder, 'git'), program);
  chmodSync(join(folder, 'git'), 0o755);
  process.env['PATH'] = `${folder}:${path}`;
}

/** Writes the checkout as git does, file after file without the index, up to so many, and is killed. */
const writing = (commit: string, count: number): string =>
  `rm -f gone; GIT diff-tree -r --name-only --no-renames --diff-filter=AMT HEAD ${commit} | head -${count} |
   while read -r file; do mkdir -p "$(dirname "$file")"; GIT show "${commit}:$file" > "$file"; done; kill -9 $$`;

describe('an application whose git was killed', () => {
  it.each([0, 1, 7, 41])('after %i files is brought to its end by another', async (count) => {
    const { place, commit, apply, root } = await result();
    meanwhile(place.folder, writing(commit, count));
    expect(codeOf(await apply())).toBe('repo.busy');
    expect(codeOf(await apply())).toBe('done');
    expect(runGit(root, 'status', '--porcelain', '-b')).toBe('## main\n');
    expect(runGit(root, 'rev-parse', 'HEAD').trim()).toBe(commit);
    expect(readdirSync(join(root, 'new'))).toHaveLength(40);
    const left = readdirSync(join(place.home, 'snapshots'));
    expect(left.filter((name) => /index|apply/.test(name))).toEqual([]);
  });

  it.each(['new/0', 'a'])('in the middle of a file is brought to its end: %s', async (half) => {
    const { place, commit, apply, root } = await result();
    meanwhile(place.folder, writing(commit, 3));
    expect(codeOf(await apply())).toBe('repo.busy');
    truncateSync(join(root, half), 1_000);
    expect(codeOf(await apply())).toBe('done');
    expect(runGit(root, 'status', '--porcelain', '-b')).toBe('## main\n');
  });

  it('leaves what somebody has made of the files since', async () => {
    const { place, commit, apply, root } = await result();
    meanwhile(place.folder, writing(commit, 7));
    expect(codeOf(await apply())).toBe('repo.busy');
    writeFileSync(join(root, 'new/0'), 'mine');
    const answer = await apply();
    expect(answer).toMatchObject({ refusal: { code: 'repo.dirty' } });
    expect(JSON.stringify(answer)).toContain('new/0');
    expect(JSON.stringify(answer)).not.toContain('new/1');
    expect(readFileSync(join(root, 'new/0'), 'utf8')).toBe('mine');
  });
});

describe('an application that was not cut off', () => {
  it.each([
    ['a new file', 'new/0', files[0]?.[1] ?? ''],
    ['a changed one', 'a', 'two\n'.repeat(1_000)],
    ['what becomes a folder', 'new', files[0]?.[1] ?? ''],
  ])('leaves what is staged, whatever the files are: %s', async (_what, name, content) => {
    const { apply, root } = await result();
    writeTo(root, name, 'staged\n');
    runGit(root, 'add', name);
    rmSync(join(root, name));
    writeTo(root, name === 'new' ? 'new/0' : name, content);
    const before = runGit(root, 'ls-files', '-s');
    expect(codeOf(await apply())).toBe('repo.dirty');
    expect(runGit(root, 'ls-files', '-s')).toBe(before);
  });

  it('takes a beginning of a file for a change of its owner', async () => {
    const { commit, apply, root } = await result();
    writeTo(root, 'new/0', '0: x');
    expect(codeOf(await apply())).toBe('repo.dirty');
    expect(readFileSync(join(root, 'new/0'), 'utf8')).toBe('0: x');
    writeTo(root, 'new/0', files[0]?.[1] ?? '');
    expect(valueOf(await apply())).toBe(commit);
    expect(runGit(root, 'status', '--porcelain')).toBe('');
  });

  it('says what to do where the disk is full, and is brought to its end by another', async () => {
    const { place, apply, root } = await result();
    const said = 'error: unable to write file new/0: No space left on device';
    meanwhile(
      place.folder,
      `mkdir new; head -c 100 /dev/null > new/0; echo "${said}" >&2; exit 128`,
    );
    expect(await apply()).toMatchObject({
      refusal: {
        code: 'repo.unreadable',
        message: `no room for what git has to write: ${said}`,
        remedy: 'Make room on the disk of the repository, then say this again.',
      },
    });
    expect(codeOf(await apply())).toBe('done');
    expect(runGit(root, 'status', '--porcelain')).toBe('');
  });
});
