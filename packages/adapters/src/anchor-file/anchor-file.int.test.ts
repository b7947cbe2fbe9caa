import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { originOf, signCheckpoint } from '@chancery/kernel/tree';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileAnchor } from './index.ts';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(7)));
const noteOf = (size: number): string => {
  const root = String(size % 10).repeat(64);
  return signCheckpoint({ origin: originOf('a'.repeat(64)), size, root, heads: undefined }, [
    signer,
  ]);
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'anchor-file-')));
  file = join(folder, 'checkpoints');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('an anchor in a file', () => {
  it('gives back what was published, in order, for its user alone', async () => {
    const anchor = fileAnchor(file);
    expect(await anchor.published()).toEqual({ ok: true, value: [] });
    for (const size of [1, 2, 3]) {
      expect(await anchor.publish(noteOf(size))).toEqual({ ok: true, value: null });
    }
    const notes = [1, 2, 3].map(noteOf);
    expect(await fileAnchor(file).published()).toEqual({ ok: true, value: notes });
    expect(readFileSync(file, 'utf8')).toBe(notes.join(''));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('goes through no link in its place, whether it leads to a file or nowhere', async () => {
    const elsewhere = join(folder, 'elsewhere');
    symlinkSync(elsewhere, file);
    const refused = { ok: false, refusal: { code: 'anchor.unreachable' } };
    expect(await fileAnchor(file).publish(noteOf(1))).toMatchObject(refused);
    expect(existsSync(elsewhere)).toBe(false);
    writeFileSync(elsewhere, noteOf(1));
    expect(await fileAnchor(file).published()).toMatchObject(refused);
    expect(await fileAnchor(file).publish(noteOf(2))).toMatchObject(refused);
    expect(readFileSync(elsewhere, 'utf8')).toBe(noteOf(1));
  });

  it('waits for no pipe in its place', async () => {
    execFileSync('mkfifo', [file]);
    const refused = { ok: false, refusal: { code: 'anchor.unreachable' } };
    expect(await fileAnchor(file).published()).toMatchObject(refused);
    expect(await fileAnchor(file).publish(noteOf(1))).toMatchObject(refused);
  });

  it('keeps all that many publish at the same moment', async () => {
    const notes = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(noteOf);
    const all = await Promise.all(notes.map((note) => fileAnchor(file).publish(note)));
    expect(all.every(({ ok }) => ok)).toBe(true);
    const published = await fileAnchor(file).published();
    expect(published.ok && published.value.toSorted()).toEqual(notes.toSorted());
  });

  it('takes nothing more once it was cut short, or something else was written to it', async () => {
    for (const text of [noteOf(1).slice(0, -1), `${noteOf(1)}more\n`, 'a note\n']) {
      writeFileSync(file, text);
      for (const answer of [
        await fileAnchor(file).published(),
        await fileAnchor(file).publish(noteOf(2)),
      ]) {
        expect(answer).toMatchObject({ ok: false, refusal: { code: 'anchor.broken' } });
      }
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
    writeFileSync(file, noteOf(1));
    appendFileSync(file, noteOf(2));
    expect(await fileAnchor(file).published()).toMatchObject({ ok: true });
  });

  it('keeps what was acknowledged where a note was written in part, and goes on without that part', async () => {
    for (const size of [1, 2]) await fileAnchor(file).publish(noteOf(size));
    const kept = statSync(file).size;
    appendFileSync(file, noteOf(3).slice(0, 40));
    expect(await fileAnchor(file).publish(noteOf(4))).toMatchObject({
      refusal: { code: 'anchor.broken', retryable: false },
    });
    truncateSync(file, kept);
    expect(await fileAnchor(file).publish(noteOf(4))).toEqual({ ok: true, value: null });
    const notes = [1, 2, 4].map(noteOf);
    expect(await fileAnchor(file).published()).toEqual({ ok: true, value: notes });
  });

  it('is unreachable where the place is no file, or there is no folder for it', async () => {
    mkdirSync(file);
    const unreachable = { ok: false, refusal: { code: 'anchor.unreachable', retryable: true } };
    expect(await fileAnchor(file).published()).toMatchObject(unreachable);
    expect(await fileAnchor(file).publish(noteOf(1))).toMatchObject(unreachable);
    const nowhere = fileAnchor(join(folder, 'no', 'folder'));
    expect(await nowhere.publish(noteOf(1))).toMatchObject(unreachable);
  });
});
