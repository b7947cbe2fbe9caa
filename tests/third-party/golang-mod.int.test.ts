import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseNote, parseVerifierKey, verifyNote } from '@chancery/kernel/tree';
import { valueOf } from '@chancery/testkit/builders';

const vectors = path.resolve(import.meta.dirname, '../vectors/tree');
const program = path.join(import.meta.dirname, 'golang-mod/main.go');

/** Where Debian's golang-golang-x-mod-dev puts the sources. */
const gopath = '/usr/share/gocode';

const missing = whatIsMissing();

function whatIsMissing(): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) return 'go is not installed';
  const sources = path.join(gopath, 'src/golang.org/x/mod/sumdb');
  return existsSync(sources) ? undefined : 'the sources of golang.org/x/mod are not installed';
}

interface Report {
  readonly failures: readonly string[];
  readonly checked: Readonly<Record<string, number>>;
  readonly note: string;
  readonly verifier: string;
}

const title = `golang.org/x/mod/sumdb${missing === undefined ? '' : `: left out, ${missing}`}`;

describe.skipIf(missing !== undefined)(title, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'golang-mod-'));
    const env = goEnv();
    execFileSync('go', ['build', '-o', path.join(folder, 'check'), program], { env });
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Nothing is fetched: no module, no proxy. */
  function goEnv(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: folder,
      GO111MODULE: 'off',
      GOPROXY: 'off',
      GOFLAGS: '',
      GOPATH: gopath,
      GOCACHE: path.join(folder, 'cache'),
    };
  }

  function checked(of: string, text = 'text\n'): Report {
    const input = JSON.stringify({ folder: of, text });
    const output = execFileSync(path.join(folder, 'check'), { input, encoding: 'utf8' });
    return JSON.parse(output) as Report;
  }

  test('agrees with every vector of trees, tiles, bundles and notes, valid and not', () => {
    const { failures, checked: counts } = checked(vectors);
    expect(failures).toEqual([]);
    expect(counts).toEqual({
      roots: 12,
      inclusion: 60,
      'inclusion made': 9,
      consistency: 45,
      'consistency made': 8,
      'nodes from tiles': 596,
      bundles: 2,
      'entries of bundles': 300,
      paths: 4,
      'tiles between': 6,
      keys: 1,
      notes: 10,
      texts: 10,
    });
  });

  test('does not agree with a vector that was altered', () => {
    const copy = path.join(folder, 'altered');
    cpSync(vectors, copy, { recursive: true });
    const file = path.join(copy, 'merkle.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/("size": 257,\s+"root": ")./, '$1f'));
    expect(readFileSync(file, 'utf8')).not.toBe(text);
    expect(checked(copy).failures).toEqual(['roots: 257']);
  });

  test('signs notes that verify here', () => {
    const text = 'a line\n\nand — another\n';
    const { note, verifier } = checked(vectors, text);
    const key = valueOf(parseVerifierKey(verifier));
    const read = valueOf(parseNote(note));
    expect(read.text).toBe(text);
    expect(valueOf(verifyNote(read, [key]))).toEqual([{ key, timeS: undefined }]);
  });
});
