import { existsSync, readFileSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;
let run: string;

const at = (name: string): string => join(stand.folder, name);
const file = (name: string): string => readFileSync(at(name), 'utf8');

/** Text of many different lines, so that no two pieces of it are the same blob. */
const long = (seed: number): string =>
  Array.from({ length: 4_000 }, (_, line) => `${seed} ${line * 7919 + seed}`).join('\n');

beforeAll(async () => {
  stand = new Stand();
  const files = Array.from({ length: 12 }, (_, index) => `${index}.txt`);
  stand.makeRepo(Object.fromEntries(files.map((name, index) => [name, long(index)])));
  await stand.init();
  const calls = files.map((path) => ({ name: 'fs.read', args: { path } }));
  const model = stand.script({ say: 'I read.', calls }, { say: 'Done.' });
  const { lines } = await stand.json(['run', 'Read', '--repo', stand.repo, '--model', model]);
  run = `run:${String(lines.at(-1)?.['run'])}`;
  await stand.run(['checkpoint']);
});

afterAll(() => {
  stand.remove();
});

/** Kills a command when its file has changed so often; it may have ended before. */
async function killedAtGrowth(words: readonly string[], to: string, growth: number): Promise<void> {
  let seen = 0;
  const { child, ended } = stand.start(words);
  const watcher = watch(to, () => {
    seen += 1;
    if (seen === growth) child.kill('SIGKILL');
  });
  await ended;
  watcher.close();
}

it.each(['nowhere', 'a file'])('an export is written through no link, to %s', async (target) => {
  const [link, to] = [at(`link to ${target}`), at(target)];
  symlinkSync(to, link);
  if (target === 'a file') writeFileSync(to, '');
  const { exit, stderr } = await stand.run(['export', '--to', link]);
  expect([exit, stderr]).toEqual([2, expect.stringContaining('is a symbolic link')]);
  expect(existsSync(to) && readFileSync(to, 'utf8') !== '').toBe(false);
  expect(existsSync(to)).toBe(target === 'a file');
});

describe.each([
  ['of the whole ledger', (): readonly string[] => []],
  ['of some streams', (): readonly string[] => ['--stream', run, 'run:nobody']],
])('an export %s', (name, scope) => {
  const words = (to: string): readonly string[] => ['export', ...scope(), '--to', at(to)];

  it('that is killed at any growth of its file is gone on with to the same bytes', async () => {
    expect((await stand.run(words(`${name} reference`))).exit).toBe(0);
    const reference = file(`${name} reference`);
    expect(reference.length).toBeGreaterThan(400_000);
    for (const kills of [1, 2, 3]) {
      const to = `${name} killed ${kills}`;
      writeFileSync(at(to), '');
      for (let growth = 1; growth <= kills; growth += 1) {
        await killedAtGrowth(words(to), at(to), growth);
        expect(reference.startsWith(file(to))).toBe(true);
      }
      const isWhole = file(to) === reference;
      expect((await stand.run(words(to))).exit).toBe(isWhole ? 2 : 0);
      expect(file(to)).toBe(reference);
    }
  });

  it('goes on behind a line of which a part was written', async () => {
    const reference = file(`${name} reference`);
    for (const length of [40, 5_000, 200_001]) {
      const to = `${name} cut ${length}`;
      const begun = Buffer.from(reference).subarray(0, length);
      writeFileSync(at(to), begun);
      const { lines } = await stand.json(words(to));
      const bytes = Buffer.byteLength(reference);
      expect(lines[0]).toMatchObject({ type: 'export', before: length, bytes });
      expect(file(to)).toBe(reference);
    }
  });

  it('leaves a file that is not its beginning as it is', async () => {
    const reference = file(`${name} reference`);
    const { stdout } = await stand.run(['export', '--stream', 'run:nobody']);
    const other = stdout.slice(0, -10);
    const others = {
      'other words': 'Dear all\n',
      'other words without an end': 'Dear all',
      'a last line of other bytes': `${reference.slice(0, 150_000)}!`,
      'the beginning of another scope': other,
    };
    for (const [what, text] of Object.entries(others)) {
      writeFileSync(at(what), text);
      const { exit, lines } = await stand.json(words(what));
      expect({ what, exit, code: lines[0]?.['code'] }).toEqual(
        what === 'a last line of other bytes' || what === 'other words without an end'
          ? { what, exit: 7, code: 'export.invalid' }
          : { what, exit: 2, code: 'usage.invalid' },
      );
      expect(file(what)).toBe(text);
    }
  });
});

it('is written to a file, and read from one, and to nothing else', async () => {
  for (const words of [
    ['export', '--to', '/dev/null'],
    ['export', '--to', stand.folder],
    ['import', stand.folder],
    ['import', '/dev/null'],
  ]) {
    const { exit, lines } = await stand.json(words);
    expect({ words, exit, code: lines[0]?.['code'] }).toEqual({
      ...{ words, exit: 2, code: 'usage.invalid' },
    });
  }
});
