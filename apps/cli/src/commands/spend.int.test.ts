import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

type Amounts = Readonly<Record<string, number>>;

let stand: Stand;
let team: string;
let lines: readonly JsonLine[];

/** A writ of a team, one below it, a run under that, and a run of its own. */
beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  team = join(stand.folder, 'team.writ');
  const one = join(stand.folder, 'one.writ');
  await stand.json(['writ', 'issue', team, '--depth', '2', '--budget', '20usd']);
  await stand.json(['writ', 'issue', one, '--parent', team, '--budget', '1usd']);
  const write = { calls: [{ name: 'fs.write', args: { path: 'b.txt', text: 'x\n' } }] };
  const model = stand.script(write, { say: 'Done.' });
  const run = ['run', 'Write', '--repo', stand.repo, '--model', model];
  await stand.json([...run, '--writ', one, '--budget', '0.5usd']);
  await stand.json(run);
  ({ lines } = await stand.json(['spend']));
});

afterAll(() => stand.remove());

const usd = (line: JsonLine | undefined, name: string): number | undefined =>
  (line?.[name] as Amounts | undefined)?.['costMicrousd'];

describe('what was spent', () => {
  it('is a tree in which a child has what is carved from its parent, and the rest came back', () => {
    const [root, below, leaf, own, model] = lines;
    const spent = usd(leaf, 'spent') ?? 0;
    expect(spent).toBeGreaterThan(0);
    expect(lines.map(({ type, depth, phase }) => [type, depth, phase])).toEqual([
      ['spend', 0, 'open'],
      ['spend', 1, 'open'],
      ['spend', 2, 'closed'],
      ['spend', 0, 'finished'],
      ['spend-model', undefined, undefined],
    ]);
    expect([usd(root, 'granted'), usd(root, 'carved'), usd(root, 'left')]).toEqual([
      20_000_000, 1_000_000, 19_000_000,
    ]);
    expect([usd(below, 'carved'), usd(below, 'left')]).toEqual([spent, 1_000_000 - spent]);
    expect([usd(leaf, 'returned'), usd(leaf, 'left')]).toEqual([500_000 - spent, 0]);
    expect(root?.['total']).toEqual(leaf?.['total']);
    expect(own).toMatchObject({ parent: null, run: { phase: 'finished' } });
    expect(model).toMatchObject({ runs: 2, model: expect.stringMatching(/^scripted:/) as string });
    expect(usd(model, 'spent')).toBe(spent + (usd(own, 'spent') ?? 0));
  });

  it('is shown of one writ by its file, and of the writ of a run by the run', async () => {
    const [byFile, byRun] = await Promise.all([
      stand.json(['spend', team]),
      stand.json(['spend', (lines[2]?.['run'] as { run: string }).run]),
    ]);
    const leaf = { ...lines[2], depth: 0 };
    expect(byFile.lines.slice(0, 3)).toEqual(lines.slice(0, 3));
    expect(byFile.lines).toHaveLength(4);
    expect(byRun.lines[0]).toEqual(leaf);
  });

  it('stands under each other for a person, money in dollars', async () => {
    const { stdout, exit } = await stand.run(['spend', team]);
    const [head = '', ...rest] = stdout.split('\n');
    const money = rest.filter((line) => line.trim().startsWith('USD'));
    const end = head.indexOf('GRANTED') + 'GRANTED'.length;
    expect(exit).toBe(0);
    expect(money.map((line) => line.slice(0, end).trim().split(/ +/).at(-1))).toEqual([
      '20.00',
      '1.00',
      '0.50',
    ]);
    expect(new Set(money.map((line) => line.length))).toEqual(new Set([head.length]));
  });

  it('is nothing for what names neither a writ nor a run', async () => {
    writeFileSync(join(stand.folder, 'no.writ'), '{}');
    const { exit, lines: said } = await stand.json(['spend', join(stand.folder, 'no.writ')]);
    expect([exit, said[0]?.['code']]).toEqual([3, 'writ.void']);
  });
});
