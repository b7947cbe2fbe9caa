import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLeft } from '../cli-fixture.ts';

let whole: Stand;
let stand: Stand;
let run: string;

beforeAll(async () => {
  whole = new Stand();
  whole.makeRepo({ 'a.txt': 'hello\n', 'large.txt': 'x'.repeat(40_000) });
  await whole.init();
  const calls = ['a.txt', 'large.txt'].map((path) => ({ name: 'fs.read', args: { path } }));
  const model = whole.script({ calls }, { say: 'Done.' });
  const { lines } = await whole.json(['run', 'Read', '--repo', whole.repo, '--model', model]);
  run = String(lines.at(-1)?.['run']);
});

beforeEach(() => {
  stand = new Stand();
  cpSync(whole.home, stand.home, { recursive: true });
});

afterEach(() => {
  stand.remove();
});

afterAll(() => {
  whole.remove();
});

const ledger = (): string => join(stand.home, 'ledger.db');

/** Changes the bytes of the file where they stand, as a hand or a disk would. */
function replaceInFile(from: string, to: string): void {
  const bytes = readFileSync(ledger());
  // A page that was split keeps old bytes that nobody reads.
  let found = 0;
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1), found += 1) {
    bytes.write(to, at);
  }
  if (found === 0 || from.length !== to.length)
    throw new Error(`nothing to replace: ${from.slice(0, 99)}`);
  writeFileSync(ledger(), bytes);
}

/** Text of the first entry of a kind. */
function textOf(kind: string): string {
  const database = new DatabaseSync(ledger(), { readOnly: true });
  const rows = database.prepare('SELECT text FROM entries').all();
  database.close();
  const texts = rows.map(({ text }) => String(text));
  return texts.find((text) => text.includes(`"kind":"${kind}"`)) ?? '';
}

function codesOf({ lines }: JsonLeft): readonly unknown[] {
  return lines.map((line) => line['code']);
}

interface Finding {
  readonly severity: string;
  readonly code: string;
  readonly stream: string;
  readonly seq: number;
}

describe('verify', () => {
  it('finds nothing in a ledger that is whole', async () => {
    const { exit, lines } = await stand.json(['verify', run]);
    expect(exit).toBe(0);
    expect(lines).toMatchObject([{ type: 'verification', ok: true, run, findings: [] }]);
  });

  it.each([
    ['ledger.created', /"sig":"./],
    ['key.trusted', /"payload":"./],
    // A long entry lies on several pages: only its beginning is sure to be in one piece.
    ['policy.activated', /"at":./],
    ['writ.issued', /"at":./],
    ['run.started', /"task":"./],
    ['turn.started', /"turn":./],
    ['commit', /"redactions":./],
    ['run.finished', /"reason":"./],
  ])('ends with 7 and names the entry where a byte of %s is another', async (kind, before) => {
    const text = textOf(kind);
    const match = before.exec(text);
    const at = (match?.index ?? 0) + (match?.[0].length ?? 0) - 1;
    const flipped = text[at] === '7' ? '6' : '7';
    const [from, to] = [Math.max(0, at - 20), at + 60];
    replaceInFile(text.slice(from, to), text.slice(from, at) + flipped + text.slice(at + 1, to));
    const { stream, seq } = JSON.parse(text) as Finding;
    const { exit, lines } = await stand.json(['verify']);
    expect(exit).toBe(7);
    expect(lines[0]).toMatchObject({ ok: false });
    const { findings } = lines[0] as unknown as { readonly findings: readonly Finding[] };
    expect(findings[0]).toMatchObject({ severity: 'tampered', stream, seq });
  });

  it('tells a person which entry it is', async () => {
    replaceInFile('"task":"Read"', '"task":"Raed"');
    const { exit, stdout } = await stand.run(['verify']);
    expect(exit).toBe(7);
    expect(stdout).toContain(`entry 0 of run:${run}`);
    expect(stdout).toContain('NOT verified');
  });

  it('ends with 7 where the content of a blob is another', async () => {
    replaceInFile('xxxxxxxxxxyyyyy'.replaceAll('y', 'x'), 'xxxxxxxxxxzzzzz');
    const { exit, lines } = await stand.json(['verify']);
    expect(exit).toBe(7);
    expect(lines[0]).toMatchObject({ findings: [{ code: 'blob.missing', stream: `run:${run}` }] });
  });
});

describe('a ledger', () => {
  it('of a later version is refused, and left as it is', async () => {
    const database = new DatabaseSync(ledger());
    database.exec('PRAGMA user_version = 99');
    database.close();
    const { mtimeMs } = statSync(ledger());
    for (const words of [['runs'], ['verify'], ['run', 'x', '--repo', whole.repo]]) {
      const more = words[0] === 'run' ? ['--model', stand.script({ say: 'x' })] : [];
      const left = await stand.json([...words, ...more]);
      expect({ exit: left.exit, codes: codesOf(left) }).toEqual({
        exit: 2,
        codes: ['ledger.newer'],
      });
    }
    expect(statSync(ledger()).mtimeMs).toBe(mtimeMs);
  });

  it.each([['runs'], ['verify'], ['show', 'x'], ['approve', 'x', '--yes']])(
    'that is no ledger is corrupt, says %s',
    async (...words) => {
      writeFileSync(
        ledger(),
        'not a database at all, but long enough to be taken for one\n'.repeat(99),
      );
      const left = await stand.json(words);
      expect({ exit: left.exit, codes: codesOf(left) }).toEqual({
        exit: 7,
        codes: ['ledger.corrupt'],
      });
    },
  );

  it('with an entry that cannot be read is corrupt, says whoever reads it', async () => {
    replaceInFile('"turn":1}', '"tern":1}');
    for (const words of [['show', run], ['audit', run], ['replay', run], ['runs']]) {
      const left = await stand.json(words);
      expect({ exit: left.exit, codes: codesOf(left).at(-1) }).toEqual({
        exit: 7,
        codes: 'ledger.corrupt',
      });
    }
  });

  it('other than the one that is pinned is corrupt', async () => {
    const config = join(stand.home, 'config.json');
    const text = readFileSync(config, 'utf8').replace(/"[0-9a-f]{64}"/, `"${'0'.repeat(64)}"`);
    writeFileSync(config, text);
    expect(codesOf(await stand.json(['runs']))).toEqual(['ledger.corrupt']);
    expect((await stand.json(['verify'])).exit).toBe(7);
    expect((await stand.json(['doctor'])).exit).toBe(7);
  });

  it('that is gone is missing', async () => {
    rmSync(ledger());
    expect(codesOf(await stand.json(['runs']))).toEqual(['ledger.missing']);
  });

  it.each([['runs'], ['init'], ['verify'], ['import', 'none.chancery'], ['join', '0'.repeat(64)]])(
    'that is empty is missing, and to be restored from a copy, says %s',
    async (...words) => {
      const copy = readFileSync(ledger());
      writeFileSync(ledger(), '');
      const left = await stand.json(words);
      expect({ exit: left.exit, codes: codesOf(left) }).toEqual({
        exit: 2,
        codes: ['ledger.missing'],
      });
      expect(left.lines[0]?.['message']).toBe(
        `a ledger was founded here, and ${ledger()} is empty`,
      );
      expect(left.lines[0]?.['remedy']).toContain(`Restore ${ledger()} from a copy`);
      writeFileSync(ledger(), copy);
      expect((await stand.run(['verify'])).exit).toBe(0);
    },
  );

  it('whose pin is gone is pinned again by init, with the same id', async () => {
    const config = join(stand.home, 'config.json');
    const before = readFileSync(config, 'utf8');
    rmSync(config);
    expect((await stand.run(['init', '--name', 'test'])).exit).toBe(0);
    expect(readFileSync(config, 'utf8')).toBe(before);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });
});
