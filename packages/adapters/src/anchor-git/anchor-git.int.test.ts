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

  it('is broken where a commit of the branch holds no checkpoint', async () => {
    await anchor().publish(noteOf(1));
    const tree = git('hash-object', '-t', 'tree', '-w', '/dev/null');
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@localhost'];
    const id = git(...identity, 'commit-tree', '-p', branch, '-m', 'x', tree);
    git('update-ref', `refs/heads/${branch}`, id);
    expect(await source().published()).toMatchObject({ refusal: { code: 'anchor.broken' } });
  });
});
