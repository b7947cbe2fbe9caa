import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
});

afterEach(() => {
  stand.remove();
});

const mend = {
  options: 'q o=write',
  operands: 'read*',
  cases: { 'mend -o b a': 'read write <a >b', 'mend --other': 'unknown' },
};

function fileOf(content: object | string): string {
  const file = join(stand.folder, 'rows.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const rows = (row: object = mend, name = 'mend') => fileOf({ v: 1, programs: { [name]: row } });

const verdictOf = async (...line: readonly string[]) => {
  const { stdout } = await stand.run(['policy', 'explain', '--json', '--', ...line]);
  const told = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  return [told['verdict'], told['unclear']];
};

describe('rows of programs', () => {
  it('are declared, and have commands be understood: explained, run, counted, verified', async () => {
    const shell = (command: string) => ({ calls: [{ name: 'shell.run', args: { command } }] });
    const play = async () => {
      const model = stand.script(shell('mend a || true'), { say: 'Done.' });
      return stand.json(['run', 'Mend', '--repo', stand.repo, '--model', model]);
    };
    expect(await verdictOf('mend', 'a')).toEqual([
      'hold',
      expect.arrayContaining([expect.any(String)]),
    ]);
    expect((await play()).exit).toBe(4);
    const declared = await stand.json(['programs', 'declare', rows()]);
    expect(declared.lines).toMatchObject([{ type: 'programs-declared', programs: ['mend'] }]);
    expect((await stand.json(['programs', 'declare', rows()])).lines).toMatchObject([
      { entry: null },
    ]);
    expect(await verdictOf('mend', 'a')).toEqual(['permit', []]);
    expect((await play()).exit).toBe(0);
    expect((await stand.json(['commands'])).lines).toMatchObject([
      { type: 'command-unclear', command: 'mend a || true', now: true },
      { type: 'commands-understood', proposed: 2, understood: 1, unclear: 1, now: 1 },
    ]);
    expect((await stand.run(['commands'])).stdout).toContain('By now');
    expect((await stand.run(['verify'])).exit).toBe(0);
    const { lines } = await stand.json(['programs', 'list']);
    expect(lines).toMatchObject([
      {
        type: 'program',
        name: 'mend',
        state: 'declared',
        declared: { by: declared.lines[0]?.['by'] },
      },
    ]);
    expect((await stand.json(['programs', 'show', 'mend'])).lines).toMatchObject([
      { type: 'program-row', state: 'declared', document: mend },
    ]);
    const retired = await stand.json(['programs', 'retire', 'mend']);
    expect(retired.lines).toMatchObject([{ type: 'program-retired', name: 'mend' }]);
    expect((await verdictOf('mend', 'a'))[0]).toBe('hold');
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('are shown to people: those that are declared, those that are built in', async () => {
    expect((await stand.run(['programs', 'list'])).stdout).toMatch(/^No row.*\n\n\d+ programs/);
    expect((await stand.run(['programs', 'declare', rows()])).stdout).toMatch(
      /^Declared, .*: mend/,
    );
    expect((await stand.run(['programs', 'list', '--all'])).stdout).toMatch(
      /mend +declared .* tar /s,
    );
    expect((await stand.run(['programs', 'show', 'tar'])).stdout).toContain('"form": "tar"');
    expect((await stand.run(['programs', 'show', 'mend'])).stdout).toContain('"operands": "read*"');
    expect((await stand.run(['programs', 'retire', 'mend'])).stdout).toMatch(/^Retired, signed by/);
    expect((await stand.json(['programs', 'list', '--all'])).lines).toContainEqual({
      ...{ type: 'program', name: 'tar', state: 'built-in', declared: null },
    });
  });

  it('begin with a file that can be declared', async () => {
    const file = join(stand.folder, 'sew.json');
    expect((await stand.run(['programs', 'template', 'sew', '--out', file])).exit).toBe(0);
    const checked = await stand.json(['programs', 'check', file]);
    expect(checked.lines).toHaveLength(4);
    expect(checked.lines.at(-1)).toMatchObject({ type: 'programs-checked', cases: 3 });
    expect((await stand.run(['programs', 'check', file])).stdout).toContain('can be declared');
    expect(existsSync(file) && readFileSync(file, 'utf8')).toContain('"sew --help"');
  });

  it.each<readonly [string, () => string, RegExp]>([
    ['no JSON', () => fileOf('{'), /rows\.json/],
    ['no version', () => fileOf({ programs: { mend } }), /"v" must be 1/],
    ['a member more', () => fileOf({ v: 1, programs: { mend }, note: 1 }), /"note" is not known/],
    ['no rows', () => fileOf({ v: 1 }), /"programs" must be/],
    ['what is built in', () => rows(mend, 'git'), /git is built in/],
    ['another version of it', () => rows(mend, 'python3.14'), /is built in/],
    [
      'a line that tells something else',
      () => rows({ ...mend, cases: { 'mend a': '' } }),
      /found is "read <a"/,
    ],
  ])('are refused with %s', async (_, file, message) => {
    for (const act of ['check', 'declare']) {
      const { exit, lines } = await stand.json(['programs', act, file()]);
      const last = lines.at(-1);
      expect([exit, last]).toMatchObject([2, { code: 'programs.invalid', message }]);
    }
  });

  it('tell people which line is read otherwise', async () => {
    const { stdout } = await stand.run([
      'programs',
      'check',
      rows({ ...mend, cases: { 'mend a': '' } }),
    ]);
    expect(stdout).toMatch(/^mend a\n {2}told +\n {2}found +.*read <a/);
  });

  it.each([
    ['show', 'sew', 'programs.unknown'],
    ['retire', 'sew', 'programs.unknown'],
    ['retire', 'tar', 'programs.unknown'],
    ['template', 'git', 'programs.invalid'],
    ['template', '../sew', 'programs.invalid'],
  ])('refuse %s %s', async (act, name, code) => {
    const { lines } = await stand.json(['programs', act, name]);
    expect(lines).toMatchObject([{ code }]);
  });

  it('say what can be done with them', async () => {
    expect((await stand.run(['programs'])).stderr).toContain('`template`');
  });
});
