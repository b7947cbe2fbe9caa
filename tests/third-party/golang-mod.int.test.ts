import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseNote, parseVerifierKey, verifyNote } from '@chancery/kernel/tree';
import { valueOf } from '@chancery/testkit/builders';
import { Stand, type Started } from '../../apps/cli/src/cli-fixture.ts';

const vectors = path.resolve(import.meta.dirname, '../vectors/tree');
const program = ['main.go', 'log.go'].map((name) =>
  path.join(import.meta.dirname, 'golang-mod', name),
);

/** Where the sources of golang.org/x are: of Debian's golang-golang-x-mod-dev, or those that Go's own tools are built of. */
const sources = [
  '/usr/share/gocode/src/golang.org/x',
  path.join(goRoot() ?? '/', 'src/cmd/vendor/golang.org/x'),
].find((place) =>
  ['note', 'tlog'].every((name) => existsSync(path.join(place, 'mod/sumdb', name))),
);

const missing = whatIsMissing();

function goRoot(): string | undefined {
  const { status, stdout } = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function whatIsMissing(): string | undefined {
  if (goRoot() === undefined) return 'go is not installed';
  return sources === undefined ? 'the sources of golang.org/x/mod are not installed' : undefined;
}

/** What a command says when it serves. */
interface Line {
  readonly url: string;
  readonly witness: string;
}

/** The bundle at the right edge of a log. */
function bundleIn(edge: string): string {
  const [width = ''] = readdirSync(edge).toSorted((a, b) => Number(b) - Number(a));
  return path.join(edge, width);
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
    mkdirSync(path.join(folder, 'go/src/golang.org'), { recursive: true });
    symlinkSync(sources ?? '', path.join(folder, 'go/src/golang.org/x'));
    const env = goEnv();
    execFileSync('go', ['build', '-o', path.join(folder, 'check'), ...program], { env });
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
      GOPATH: path.join(folder, 'go'),
      GOCACHE: path.join(folder, 'cache'),
    };
  }

  const checked = (of: string, text = 'text\n'): Report => told({ folder: of, text });

  function told(request: object): Report {
    const input = JSON.stringify(request);
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

  describe('given a log that is served, and a witness', () => {
    let stand: Stand;
    let other: Stand;
    const started: Started[] = [];
    let log: Readonly<Record<'url' | 'key' | 'witness' | 'cosigned', string>>;

    /** Starts what serves until it is stopped; its first line. */
    async function serving(of: Stand, ...words: readonly string[]): Promise<Line> {
      const made = of.start([...words, '--listen', '127.0.0.1:0', '--json']);
      started.push(made);
      let said = '';
      made.child.stdout?.on('data', (text: string) => (said += text));
      await made.says('}\n');
      return JSON.parse(said) as Line;
    }

    beforeAll(async () => {
      [stand, other] = [new Stand(), new Stand()];
      stand.makeRepo();
      for (const each of [stand, other]) await each.found();
      const key = String((await stand.json(['log', 'key'])).lines[0]?.['key']);
      const { witness } = await serving(other, 'witness', '--log', key);
      const asked = ['checkpoint', '--witness', witness];
      const cosigned = (await stand.json(asked)).lines.find(({ type }) => type === 'checkpoint');
      const model = stand.script({ say: 'Done.' });
      await stand.json(['run', 'Work', '--repo', stand.repo, '--model', model]);
      const { url } = await serving(stand, 'log', 'serve');
      const [, vkey = ''] = witness.split('#');
      log = { url, key, witness: vkey, cosigned: String(cosigned?.['note']) };
    });

    afterAll(async () => {
      for (const { child, ended } of started) {
        child.kill('SIGINT');
        await ended;
      }
      for (const each of [stand, other]) each.remove();
    });

    test('reads all of it over HTTP, and opens what was cosigned', () => {
      const { failures, checked: counts } = told({ log });
      const [, size = ''] = readFileSync(path.join(stand.home, 'tiles/checkpoint'), 'utf8').split(
        '\n',
      );
      expect(failures).toEqual([]);
      expect(counts).toEqual({
        ...{ checkpoint: 1, root: 1, entries: 1, keys: 1, cosigned: 2 },
        'entry in the tree': Number(size),
      });
    });

    test('does not open what another has signed', () => {
      const [origin = '', ...rest] = log.cosigned.split('\n');
      const forged = [origin, '1', ...rest.slice(1)].join('\n');
      expect(told({ log: { ...log, cosigned: forged } }).failures).toEqual([
        'cosigned: by the witness',
      ]);
    });

    test('tells a bundle of which a byte was changed', () => {
      const file = bundleIn(path.join(stand.home, 'tiles/tile/entries/000.p'));
      const bytes = readFileSync(file);
      bytes[bytes.length - 1] = 0x20;
      writeFileSync(file, bytes);
      expect(told({ log }).failures).toHaveLength(1);
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
