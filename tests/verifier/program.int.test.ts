import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportOf, ledgerFixture, trustRuntime, writeRun } from '@chancery/testkit/builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand } from '../../apps/cli/src/cli-fixture.ts';
import { build, runIn, type Built, type Ended } from './built.ts';
import { stripped } from './stripped.ts';

let built: Built;
let stand: Stand;
let empty: string;
let ledger: string;
/** The checkpoint, and the key that signed it. */
let signed: { readonly note: string; readonly key: string };

beforeAll(async () => {
  built = await build();
  empty = path.join(built.folder, 'empty');
  mkdirSync(empty);
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  const model = stand.script({ say: 'Done.' });
  await stand.json(['run', 'Nothing', '--repo', stand.repo, '--model', model]);
  const [checkpoint] = (await stand.json(['checkpoint'])).lines;
  signed = { note: String(checkpoint?.['note']), key: String(checkpoint?.['key']) };
  ledger = signed.note.split('\n')[0]?.replace('chancery.alt/', '') ?? '';
});

afterAll(() => {
  stand.remove();
  built.remove();
});

function tiles(): string {
  return path.join(stand.home, 'tiles');
}

function verify(...args: readonly string[]): Promise<Ended> {
  return runIn(empty, built.program, args);
}

/** A copy of the tiles in which something was changed. */
function tampered(change: (folder: string) => void): string {
  const folder = mkdtempSync(path.join(built.folder, 'tiles-'));
  cpSync(tiles(), folder, { recursive: true });
  change(folder);
  return folder;
}

/** The bundle at the right edge of the tree. */
function bundleIn(folder: string): string {
  const edge = path.join(folder, 'tile/entries/000.p');
  const [width = ''] = readdirSync(edge).toSorted((a, b) => Number(b) - Number(a));
  return path.join(edge, width);
}

describe('the program, alone in an empty folder', () => {
  it('verifies the tiles of a ledger, for somebody who knows its id', async () => {
    const { exit, stdout, stderr } = await verify(tiles(), '--ledger', ledger, '--json');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const size = Number(signed.note.split('\n')[1]);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'verdict',
      ok: true,
      ledger,
      entries: size,
      findings: [],
      refusals: [],
      heads: [{ size }],
      runs: [{ outcome: 'succeeded' }],
    });
  });

  it('says it to a person, and by whom it was signed', async () => {
    const { exit, stdout } = await verify(tiles(), '--ledger', ledger, '--key', signed.key);
    expect(exit).toBe(0);
    expect(stdout).toContain(`signed for ${signed.note.split('\n')[1] ?? ''} entries by ed25519:`);
    expect(stdout).toMatch(/^verified {2}\d+ entries in \d+ streams, 1 runs, from ledger /m);
  });

  it('folds the worlds to the digests that the runtime has', async () => {
    const { stdout } = await verify(tiles(), '--ledger', ledger, '--json');
    const [replayed] = (await stand.json(['verify'])).lines;
    const verdict = JSON.parse(stdout) as { readonly runs: unknown };
    expect(verdict.runs).toEqual(replayed?.['runs']);
  });

  it('names the entry of which a byte was changed', async () => {
    const folder = tampered((copy) => {
      const bytes = readFileSync(bundleIn(copy));
      const first = bytes.indexOf('"at":');
      const at = bytes.indexOf('"at":', first + 1) + '"at":'.length;
      bytes[at] = bytes[at] === 0x31 ? 0x32 : 0x31;
      writeFileSync(bundleIn(copy), bytes);
    });
    const args = ['--ledger', ledger, '--key', signed.key, '--json'];
    const { exit, stdout } = await verify(folder, ...args);
    expect(exit).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      refusals: [{ code: 'checkpoint.mismatch' }, { code: 'tile.invalid' }],
    });
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly object[] };
    expect(findings[0]).toMatchObject({ code: 'entry.altered', stream: 'ledger', seq: 1 });
  });

  it('verifies the files of workspaces by their digests, and that all are there', async () => {
    const file = path.join(built.folder, 'with-workspaces');
    const words = ['export', '--with-workspaces', '--to', file];
    expect((await stand.run(words)).exit).toBe(0);
    expect((await verify(file, '--ledger', ledger)).exit).toBe(0);
    const lines = readFileSync(file, 'utf8').split('\n');
    const at = lines.findLastIndex((line) => line.startsWith('{"object":'));
    const forged = {
      'has other bytes': lines.with(at, (lines[at] ?? '').replace('"base64":"a', '"base64":"b')),
      'is missing': lines.toSpliced(at, 1),
      'is not to be here': lines.toSpliced(at, 0, lines[at] ?? ''),
    };
    for (const [why, changed] of Object.entries(forged)) {
      writeFileSync(file, changed.join('\n'));
      const { exit, stdout, stderr } = await verify(file, '--ledger', ledger, '--json');
      expect([why, exit]).toEqual([why, 7]);
      expect(stdout + stderr).toContain('export.invalid');
      expect(stdout + stderr).toContain(why);
    }
  });

  it('does not believe another ledger than the one that is pinned', async () => {
    const other = ledger.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const { exit, stdout } = await verify(tiles(), '--ledger', other);
    expect(exit).toBe(7);
    expect(stdout).toContain('tampered ledger.foreign');
    expect(stdout).toContain('NOT verified');
  });

  it('does not believe a checkpoint of a log whose key was not given', async () => {
    const stranger = `${signed.key.split('+')[0] ?? ''}+00000000+AQ==`;
    expect((await verify(tiles(), '--ledger', ledger, '--key', stranger)).stderr).toContain(
      'verifier.invalid',
    );
  });

  it('finds that the end was cut off since a checkpoint that somebody kept', async () => {
    const kept = path.join(built.folder, 'kept.checkpoint');
    const early = tampered(() => undefined);
    const model = stand.script({ say: 'Again.' });
    await stand.json(['run', 'More', '--repo', stand.repo, '--model', model]);
    writeFileSync(kept, (await stand.run(['checkpoint'])).stdout);
    const args = ['--ledger', ledger, '--checkpoint', kept];
    expect((await verify(tiles(), ...args)).exit).toBe(0);
    const { exit, stdout } = await verify(early, ...args);
    expect(exit).toBe(7);
    expect(stdout).toContain('the end was cut off');
  });
});

describe('the program, given an export', () => {
  const outside = new Map<string, Uint8Array>();
  const fixture = ledgerFixture();
  trustRuntime(fixture);
  writeRun(fixture, 'r1', fixture.writ, outside);

  const whole = exportOf(fixture, { blobs: outside }).join('');

  function fileOf(name: string, text: string): string {
    const file = path.join(built.folder, name);
    writeFileSync(file, text);
    return file;
  }

  it('verifies it with the contents that stand outside their entries', async () => {
    const { exit, stdout } = await verify(
      fileOf('whole', whole),
      '--ledger',
      fixture.ledger,
      '--json',
    );
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, missingContents: 0 });
  });

  it('does not believe one from which they were taken', async () => {
    const { exit, stdout } = await verify(
      fileOf('stripped', stripped(whole)),
      '--ledger',
      fixture.ledger,
    );
    expect(exit).toBe(7);
    expect(stdout).toContain('is missing, and nobody has pruned it');
  });
});

describe('the program refuses', () => {
  it.each([
    ['no evidence', [], 'name one file or folder'],
    ['evidence without a pinned ledger', ['.'], '--ledger is missing'],
    ['a ledger id that is none', ['.', '--ledger', 'x'], '64 hexadecimal digits'],
    ['an unknown flag', ['.', '--frobnicate'], '--frobnicate'],
    ['a quorum without witnesses', ['.', '--ledger', '0'.repeat(64), '--quorum', '1'], '--quorum'],
    ['a place where nothing is', ['nowhere', '--ledger', '0'.repeat(64)], 'there is no nowhere'],
    ['a folder without tiles', ['.', '--ledger', '0'.repeat(64)], 'ENOENT'],
  ])('%s', async (_, args, message) => {
    const { exit, stdout, stderr } = await verify(...args);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('remedy: ');
  });

  it('a bundle that is missing, and says which', async () => {
    const folder = tampered((copy) => writeFileSync(bundleIn(copy), ''));
    const { exit, stderr } = await verify(folder, '--ledger', ledger);
    expect(exit).toBe(7);
    expect(stderr).toContain('tile.invalid');
  });
});
