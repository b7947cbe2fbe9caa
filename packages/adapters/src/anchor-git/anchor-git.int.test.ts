import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { emptyRoot, originOf, signCheckpoint } from '@chancery/kernel/tree';
import { gitAnchor, gitAnchorSource, sshPublicKey } from './index.ts';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(7)));
const branch = 'chancery/anchor';
const noteOf = (size: number): string => {
  const root = size === 0 ? emptyRoot : String(size % 10).repeat(64);
  return signCheckpoint({ origin: originOf('a'.repeat(64)), size, root, heads: undefined }, [
    signer,
  ]);
};

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'anchor-git-')));
  git('init', '--quiet', '-b', 'main');
});
afterEach(() => rmSync(folder, { recursive: true }));

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
}

const anchor = () =>
  gitAnchor({ repository: folder, branch, signer, nowMs: () => 1_700_000_000_000 });
const source = () => gitAnchorSource({ repository: folder, branch });

describe('an anchor in a git repository', () => {
  it('gives back what was published, in order, and touches nothing else', async () => {
    expect(await source().published()).toEqual({ ok: true, value: [] });
    for (const size of [1, 2, 3]) expect((await anchor().publish(noteOf(size))).ok).toBe(true);
    const published = { ok: true, value: [noteOf(1), noteOf(2), noteOf(3)] };
    expect(await source().published()).toEqual(published);
    expect(git('log', '--format=%s', branch).split('\n')).toEqual([
      ...['Checkpoint of 3 entries', 'Checkpoint of 2 entries', 'Checkpoint of 1 entries'],
    ]);
    expect(git('status', '--porcelain')).toBe('');
    expect(git('fsck', '--strict')).toBe('');
  });

  it('signs its commits, so that git verifies them', async () => {
    await anchor().publish(noteOf(1));
    const allowed = join(folder, 'allowed');
    writeFileSync(allowed, `anchor ssh-ed25519 ${sshPublicKey(signer).toString('base64')}\n`);
    const verify = (commit: string) =>
      git(
        ...['-c', 'gpg.format=ssh', '-c', `gpg.ssh.allowedSignersFile=${allowed}`],
        ...['verify-commit', commit],
      );
    expect(() => verify(branch)).not.toThrow();
    const [text, forged] = [git('cat-file', 'commit', branch), join(folder, 'forged')];
    writeFileSync(forged, `${text.replace('of 1 entries', 'of 9 entries')}\n`);
    const id = git('hash-object', '-t', 'commit', '-w', forged);
    expect(() => verify(id)).toThrow();
  });

  it('lets one of two that publish at the same moment try again', async () => {
    const both = await Promise.all([1, 2].map((size) => anchor().publish(noteOf(size))));
    const done = both.filter(({ ok }) => ok).length;
    const published = await source().published();
    expect(published.ok && published.value.length).toBe(done);
    expect(done).toBeGreaterThan(0);
    for (const each of both) {
      if (!each.ok)
        expect(each.refusal).toMatchObject({ code: 'anchor.unreachable', retryable: true });
    }
  });

  it('keeps what was published to two clones and merged', async () => {
    await anchor().publish(noteOf(1));
    const [base, identity] = [
      git('rev-parse', branch),
      ['-c', 'user.name=A', '-c', 'user.email=a@'],
    ];
    await anchor().publish(noteOf(2));
    const one = git('rev-parse', branch);
    git('update-ref', `refs/heads/${branch}`, base);
    await anchor().publish(noteOf(3));
    const [two, tree] = [git('rev-parse', branch), git('rev-parse', `${branch}^{tree}`)];
    const parents = ['-p', two, '-p', one];
    const merged = git(...identity, 'commit-tree', ...parents, '-m', 'Both', tree);
    git('update-ref', `refs/heads/${branch}`, merged);
    await anchor().publish(noteOf(4));
    const published = await source().published();
    const notes = published.ok ? published.value : [];
    expect(new Set(notes)).toEqual(new Set([1, 2, 3, 4].map(noteOf)));
    expect([notes.at(0), notes.at(-1)]).toEqual([noteOf(1), noteOf(4)]);
  });

  it('gives back more than one process of git reads', async () => {
    await anchor().publish(noteOf(1));
    const tree = git('rev-parse', `${branch}^{tree}`);
    const commit = (nth: number): string =>
      [
        `commit refs/heads/${branch}`,
        'committer A <a@localhost> 1700000000 +0000',
        'data 1\nx',
        ...(nth === 0 ? [`from refs/heads/${branch}^0`] : []),
        `M 040000 ${tree} `,
        '',
      ].join('\n');
    const many = Array.from({ length: 2_000 }, (_, nth) => commit(nth)).join('\n');
    execFileSync('git', ['-C', folder, 'fast-import', '--quiet'], { input: many });
    await anchor().publish(noteOf(2));
    const published = await source().published();
    const notes = published.ok ? published.value : [];
    expect(notes).toEqual([...Array.from({ length: 2_001 }, () => noteOf(1)), noteOf(2)]);
  });

  it('is not believed in a shallow clone, which has not all of it', async () => {
    for (const size of [1, 2, 3]) await anchor().publish(noteOf(size));
    const clone = join(folder, 'clone');
    const from = ['--quiet', '--bare', '--depth=1', '--branch', branch, `file://${folder}`];
    git('clone', ...from, clone);
    const left = await gitAnchorSource({ repository: clone, branch }).published();
    expect(left).toMatchObject({ ok: false, refusal: { code: 'anchor.unreachable' } });
    expect(left.ok ? '' : left.refusal.remedy).toContain('--unshallow');
    execFileSync('git', ['-C', clone, 'fetch', '--quiet', '--unshallow', 'origin', branch]);
    const whole = await gitAnchorSource({ repository: clone, branch }).published();
    expect(whole).toEqual({ ok: true, value: [1, 2, 3].map(noteOf) });
  });

  it('shows what it keeps, though somebody has replaced a commit', async () => {
    for (const size of [1, 2]) await anchor().publish(noteOf(size));
    git('replace', branch, `${branch}~1`);
    expect(await source().published()).toEqual({ ok: true, value: [noteOf(1), noteOf(2)] });
  });

  it('is broken where a commit of the branch holds no checkpoint', async () => {
    await anchor().publish(noteOf(1));
    const tree = git('hash-object', '-t', 'tree', '-w', '/dev/null');
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@localhost'];
    const id = git(...identity, 'commit-tree', '-p', branch, '-m', 'x', tree);
    git('update-ref', `refs/heads/${branch}`, id);
    expect(await source().published()).toMatchObject({ refusal: { code: 'anchor.broken' } });
  });
});
