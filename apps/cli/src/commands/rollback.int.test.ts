import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;
/** Commit of the checkout before each test. */
let base: string;
/** A run that nothing is undone of. */
let untouched: string;

const write = (path: string, text: string) => ({
  calls: [{ name: 'fs.write', args: { path, text } }],
});
const savepoint = (name: string) => ({ calls: [{ name: 'savepoint', args: { name } }] });
const done = { say: 'Done.' };

interface Entry {
  readonly kind: string;
  readonly body: { readonly rollback: { readonly undoing: string } };
}

function resultOf(lines: readonly JsonLine[]): JsonLine | undefined {
  return lines.findLast(({ type }) => type === 'result');
}

async function start(...words: readonly string[]): Promise<JsonLine | undefined> {
  const { exit, lines } = await stand.json([...words]);
  expect(exit).toBe(0);
  return resultOf(lines);
}

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo({ 'a.txt': 'hello\n', LICENSE: 'ours\n' });
  base = stand.git('rev-parse', 'HEAD');
  await stand.init();
});

async function changeFiles(): Promise<string> {
  const model = stand.script(
    write('a.txt', 'first\n'),
    savepoint('middle'),
    write('b.txt', 'second\n'),
    done,
  );
  const result = await start('run', 'Change files', '--repo', stand.repo, '--model', model);
  return String(result?.['run']);
}

beforeAll(async () => {
  untouched = await changeFiles();
});

afterEach(async () => {
  stand.git('reset', '-q', '--hard', base);
  expect((await stand.run(['verify'])).exit).toBe(0);
});

afterAll(() => {
  stand.remove();
});

const textOf = (path: string): string => readFileSync(join(stand.repo, path), 'utf8');

describe('rollback', () => {
  let run: string;
  beforeEach(async () => {
    run = await changeFiles();
  });

  it('shows what it would undo, and undoes nothing unless it is told to', async () => {
    const runs = async (): Promise<number> => (await stand.json(['runs'])).lines.length;
    const before = await runs();
    const shown = await stand.json(['rollback', run, '--to', 'start', '--dry-run']);
    expect(shown).toMatchObject({
      exit: 0,
      lines: [{ type: 'rollback', run, to: 0, steps: [{ capability: 'fs.restore' }], lasting: [] }],
    });
    const unasked = await stand.run(['rollback', run, '--to', 'start']);
    expect(unasked).toMatchObject({ exit: 4, stderr: '' });
    expect(unasked.stdout).toContain('1. the files, byte for byte  entries ');
    expect(unasked.stdout).toContain('Nothing was undone: pass --yes to do it.');
    expect(await runs()).toBe(before);
  });

  it('brings a checkout that has the result back to where it was', async () => {
    expect((await stand.run(['apply', run])).exit).toBe(0);
    expect(existsSync(join(stand.repo, 'b.txt'))).toBe(true);
    const undone = await start('rollback', run, '--to', 'start', '--yes', '--apply');
    expect(undone).toMatchObject({
      status: { outcome: 'succeeded', reason: 'all that can be undone is undone' },
      model: 'none',
      commits: 1,
    });
    expect(textOf('a.txt')).toBe('hello\n');
    expect(existsSync(join(stand.repo, 'b.txt'))).toBe(false);
    expect(stand.git('diff', '--stat', 'HEAD~2', 'HEAD')).toBe('');
  });

  it('goes back to a savepoint, and from there to the start', async () => {
    const undone = await start('rollback', run, '--to', 'savepoint:middle', '--yes', '--apply');
    expect(textOf('a.txt')).toBe('first\n');
    expect(existsSync(join(stand.repo, 'b.txt'))).toBe(false);
    const { stdout } = await stand.run(['show', String(undone?.['run'])]);
    expect(stdout).toMatch(/▶ from +\w+, entry \d+/);
    expect(stdout).toMatch(/to undo +1 steps, all would pass/);
    await start('rollback', run, '--to', 'start', '--yes');
    await start('rollback', run, '--to', 'start', '--yes', '--apply');
    expect(textOf('a.txt')).toBe('hello\n');
  });

  it('asks a human before a protected file goes back', async () => {
    const model = stand.script(write('LICENSE', 'mine\n'), done);
    const words = [
      'run',
      'Take it',
      '--repo',
      stand.repo,
      '--model',
      model,
      '--protect',
      'LICENSE',
    ];
    const held = await stand.json(words);
    const taken = String(resultOf(held.lines)?.['run']);
    expect((await stand.run(['approve', taken, '--yes'])).exit).toBe(0);
    expect((await stand.json(['resume', taken])).exit).toBe(0);
    const undoing = await stand.json(['rollback', taken, '--to', 'start', '--yes']);
    expect(undoing.exit).toBe(4);
    const saga = String(resultOf(undoing.lines)?.['run']);
    const again = await stand.json(['rollback', taken, '--to', 'start', '--yes']);
    expect({ exit: again.exit, code: again.lines.at(-1)?.['code'] }).toEqual({
      exit: 8,
      code: 'run.unfinished',
    });
    const waiting = await stand.json(['inbox']);
    expect(waiting.lines).toMatchObject([
      { type: 'waiting', run: saga, what: 'held', capability: 'fs.restore' },
    ]);
    const [started] = undoing.lines.flatMap(({ entry }) =>
      (entry as Entry | undefined)?.kind === 'run.started' ? [entry as Entry] : [],
    );
    const asked = await stand.run(['approve', saga, '--yes']);
    expect(asked).toMatchObject({ exit: 0, stderr: '' });
    expect(asked.stdout).toMatch(new RegExp(`Undoes +what ${taken} did after its entry 0\\n`));
    expect(asked.stdout).toMatch(new RegExp(`Plan +${started?.body.rollback.undoing ?? '-'}\\n`));
    expect(asked.stdout).toContain('1. the files, byte for byte (this one)  entry ');
    const { exit, lines } = await stand.json(['resume', saga, '--apply']);
    expect(exit).toBe(0);
    expect(resultOf(lines)).toMatchObject({ status: { outcome: 'succeeded' } });
    expect(textOf('LICENSE')).toBe('ours\n');
  });
});

describe('a rollback is refused', () => {
  it.each([
    [['--to', '9999'], 'usage.invalid'],
    [['--to', 'yesterday'], 'usage.invalid'],
    [['--to', 'savepoint:nowhere'], 'usage.invalid'],
    [['--to', '-1'], 'usage.invalid'],
  ])('by %j', async (flags, code) => {
    const { exit, lines } = await stand.json(['rollback', untouched, ...flags, '--yes']);
    expect({ exit, code: lines.at(-1)?.['code'] }).toEqual({ exit: 2, code });
  });

  it('of a run that has not ended', async () => {
    const model = stand.script(write('package-lock.json', '{}'), done);
    const words = ['run', 'Hold', '--repo', stand.repo, '--model', model];
    const held = await stand.json(words);
    const open = String(resultOf(held.lines)?.['run']);
    const { exit, lines } = await stand.json(['rollback', open, '--to', 'start', '--yes']);
    expect({ exit, code: lines.at(-1)?.['code'] }).toEqual({ exit: 8, code: 'run.unfinished' });
  });
});

describe('branch', () => {
  it('goes on differently from any moment, and diff tells in what', async () => {
    const { lines } = await stand.json(['show', untouched]);
    const middle = lines.findLast(
      ({ line }) => (line as { readonly what: string }).what === 'savepoint',
    );
    const at = String((middle?.['entry'] as { readonly seq: number }).seq);
    const model = stand.script(write('c.txt', 'other\n'), done);
    const words = ['branch', untouched, 'Go on', '--at', at, '--model', model, '--apply'];
    const branched = await start(...words, '--gate', 'test ! -e b.txt');
    const id = String(branched?.['run']);
    expect(branched).toMatchObject({ status: { outcome: 'succeeded' } });
    expect(textOf('a.txt')).toBe('first\n');
    expect(textOf('c.txt')).toBe('other\n');
    const compared = await stand.json(['diff', untouched, id]);
    expect(compared.lines).toMatchObject([
      {
        type: 'comparison',
        left: { run: untouched, from: null },
        right: { run: id, from: { run: untouched, seq: Number(at) } },
        alike: 0,
        onlyLeft: [{ intent: { capability: 'fs.write' }, outcome: 'committed' }],
        files: [
          { path: 'b.txt', change: 'deleted' },
          { path: 'c.txt', change: 'added' },
        ],
      },
    ]);
    const { stdout } = await stand.run(['diff', `${untouched}@${at}`, id, '--patch']);
    expect(stdout).toContain('+other');
    expect(stdout).not.toContain('/b.txt');
    expect(await stand.run(['world', id, '--at', '1'])).toMatchObject({ exit: 0 });
  });

  it.each([
    [['branch', 'RUN', 'Go on', '--at', '999'], 'run.unknown'],
    [['branch', 'RUN', 'Go on', '--at', 'x'], 'usage.invalid'],
    [['branch', 'nobody', 'Go on'], 'run.unknown'],
    [['diff', 'RUN', 'nobody'], 'run.unknown'],
    [['diff', 'RUN@999', 'RUN'], 'usage.invalid'],
    [['diff', 'RUN@1@2', 'RUN'], 'usage.invalid'],
  ])('refuses %j', async (words, code) => {
    const model = stand.script(done);
    const named = words.map((word) => word.replace('RUN', untouched));
    const flags = words[0] === 'branch' ? ['--model', model] : [];
    const { exit, lines } = await stand.json([...named, ...flags]);
    expect({ exit, code: lines.at(-1)?.['code'] }).toEqual({ exit: 2, code });
  });
});

it('the inbox is empty where nothing waits', async () => {
  const other = new Stand();
  await other.init();
  expect(await other.run(['inbox'])).toMatchObject({ exit: 0, stdout: 'Nothing waits for you.\n' });
  other.remove();
});
