import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLine, type Turn } from '../cli-fixture.ts';

/** Contents of every sort, each with a word that stands nowhere else. */
const planted = {
  task: 'mend the quokkatask',
  said: 'I look at the wombatsaid',
  file: 'the narwhalfile',
  path: 'docs/ocelotpath.txt',
  outside: '/home/lemuroutside',
  written: 'pangolinwritten',
  command: 'echo axolotlcommand',
  failing: 'cat tapirfailing',
  secret: 'correct-horse-battery-okapi',
} as const;
const words =
  /quokka|wombat|narwhal|ocelot|lemur|yak|pangolin|axolotl|tapir|okapi|correct-horse|CODEOWNERS/;

const choice = { alternatives: ['other'], confidenceBps: 6_000, reasons: ['cheapest'] };

function routed(name: string, args: object, serial: number): Turn {
  return { calls: [{ name, args, routing: { ...choice, selected: `choice/${serial}`, serial } }] };
}

const turns: readonly Turn[] = [
  { say: planted.said, ...routed('fs.read', { path: planted.path }, 1) },
  routed('fs.read', { path: planted.outside }, 2),
  routed('fs.write', { path: 'b.txt', text: planted.written }, 3),
  routed('shell.run', { command: planted.command }, 4),
  routed('shell.run', { command: planted.failing }, 5),
  routed('shell.run', { command: `echo ${planted.secret}` }, 6),
  routed('send.yakname', {}, 7),
  { calls: [{ name: 'fs.list', args: { path: 'docs' } }] },
  routed('fs.write', { path: 'CODEOWNERS', text: planted.written }, 8),
];

let whole: Stand;
let stand: Stand;
let runs: readonly string[];

/** Two runs of the same turns, each of which waits in the end; one is that of a subject. */
beforeAll(async () => {
  whole = new Stand();
  whole.makeRepo({ [planted.path]: `${planted.file}\n`, CODEOWNERS: '* @ada\n' });
  await whole.init();
  const model = whole.script(...turns, { say: 'done' });
  const run = ['run', planted.task, '--repo', whole.repo, '--model', model, '--no-wait'];
  const env = { PLANTED_SECRET: planted.secret };
  const left = [
    await whole.json(run, env),
    await whole.json([...run, '--subject', 'ada@example.org'], env),
  ];
  expect(left.map(({ exit }) => exit)).toEqual([4, 4]);
  runs = left.map(({ lines }) => String(lines.at(-1)?.['run']));
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

const feedback = (...more: readonly string[]) => stand.json(['routing-feedback', ...more]);
const outcomeOf = ({ serial, capability, outcome, refusal, failure }: JsonLine) =>
  [serial, capability, outcome, refusal ?? failure].join(' ');

const ofOneRun = [
  '1 fs.read committed ',
  '2 fs.read refused args.escapes',
  '3 fs.write committed ',
  '4 shell.run committed ',
  '5 shell.run committed ',
  '6 shell.run refused args.secret',
  '7  refused capability.unknown',
];

describe('chancery routing-feedback', () => {
  it('tells what became of what routers chose, refusals too, and of nothing that waits', async () => {
    const { exit, lines } = await feedback();
    expect(exit).toBe(0);
    expect(lines.map(outcomeOf)).toEqual([...ofOneRun, ...ofOneRun]);
    expect(lines.map(({ run }) => run)).toEqual([
      ...Array<unknown>(7).fill(runs[0]),
      ...Array<unknown>(7).fill(runs[1]),
    ]);
    for (const { serial, selected } of lines) expect(selected).toBe(`choice/${String(serial)}`);
  });

  it('tells with --all of proposals without evidence as well', async () => {
    const { lines } = await feedback(String(runs[0]), '--all');
    expect(lines.map(outcomeOf)).toEqual([...ofOneRun, ' fs.list committed ']);
    expect(lines.at(-1)).toMatchObject({ decision: null, selected: null, reasons: [] });
  });

  it('holds nothing of any content', async () => {
    const kept = readdirSync(stand.home).filter((name) => name.startsWith('ledger.db'));
    const ledger = kept.map((name) => readFileSync(join(stand.home, name), 'latin1')).join('');
    expect(ledger).toMatch(words);
    for (const more of [['--json', '--all'], ['--all'], [String(runs[0]), '--json']]) {
      const { stdout, stderr } = await stand.run(['routing-feedback', ...more]);
      expect(stdout).toContain('choice/1');
      expect(stdout + stderr).not.toMatch(words);
      for (const text of Object.values(planted)) expect(stdout + stderr).not.toContain(text);
      expect(stdout).not.toContain(stand.folder);
      expect(stdout).not.toContain(whole.repo);
    }
  });

  it('goes on after any line, and is the same each time', async () => {
    const { lines } = await feedback();
    expect((await feedback()).lines).toEqual(lines);
    for (const index of [0, 6, lines.length - 1]) {
      const { exit, lines: rest } = await feedback('--since', String(lines[index]?.['position']));
      expect([exit, rest]).toEqual([0, lines.slice(index + 1)]);
    }
    expect(await feedback('--since', '0')).toMatchObject({ lines });
  });

  it('begins at a time', async () => {
    const { lines } = await feedback();
    const at = (index: number): string => new Date(Number(lines[index]?.['atMs'])).toISOString();
    const { lines: rest } = await feedback('--since', at(6));
    expect(rest.at(-1)).toEqual(lines.at(-1));
    expect(rest).toContainEqual(lines[6]);
    expect(rest).toEqual(lines.filter(({ atMs }) => Number(atMs) >= Number(lines[6]?.['atMs'])));
    expect((await feedback('--since', '2999-01-01')).lines).toEqual([]);
  });

  it('takes runs by their first letters, in one order whatever order they are named in', async () => {
    const [first = '', second = ''] = runs;
    const { lines } = await feedback();
    expect((await feedback(second, first)).lines).toEqual(lines);
    expect((await feedback(second, second)).lines).toEqual(lines.slice(7));
    expect((await feedback('nothere')).lines).toMatchObject([{ code: 'run.unknown' }]);
  });

  it.each(['-1', '1.5', 'soon', '', '99999999999999999', '2026-99-99'])(
    'refuses --since %j',
    async (since) => {
      const { exit, lines } = await feedback(`--since=${since}`);
      expect([exit, lines]).toMatchObject([2, [{ type: 'error', code: 'usage.invalid' }]]);
    },
  );

  it('tells a person of it in a table, and how to go on', async () => {
    const { lines } = await feedback();
    const { stdout } = await stand.run(['routing-feedback', String(runs[1])]);
    expect(stdout).toContain('AT ');
    expect(stdout).toContain('refused (args.escapes)');
    expect(stdout).toContain(`--since ${String(lines.at(-1)?.['position'])}`);
    const none = await stand.run(['routing-feedback', '--since', '2999-01-01']);
    expect(none.stdout).toBe('No proposal that a router chose was settled.\n');
  });

  it('tells the same of a run whose subject is erased', async () => {
    const { lines } = await feedback('--all');
    const erasing = ['erase', 'ada@example.org', '--reason', 'asked', '--yes'];
    expect((await stand.run(['cancel', String(runs[1])])).exit).toBe(0);
    expect((await stand.run(erasing)).exit).toBe(0);
    const after = await feedback('--all');
    expect(after.exit).toBe(0);
    expect(after.lines.slice(0, lines.length)).toEqual(lines);
    expect(after.lines.slice(lines.length).map(outcomeOf)).toEqual(['8 fs.write abandoned ']);
  });

  it('tells of the answer of a human to what was held', async () => {
    const { lines } = await feedback();
    expect((await stand.run(['deny', String(runs[0]), '--reason', 'no', '--yes'])).exit).toBe(0);
    const model = ['resume', String(runs[0]), '--no-wait'];
    await stand.run(model);
    const after = await feedback(String(runs[0]));
    expect(after.lines.map(outcomeOf)).toEqual([...ofOneRun, '8 fs.write denied ']);
    expect(lines).not.toContainEqual(after.lines.at(-1));
  });

  it('is beside the record of each action, and verifies', async () => {
    const audited = await stand.json(['audit', String(runs[0])]);
    const routings = audited.lines.map(({ routing }) => routing as { serial: number } | null);
    expect(routings.map((each) => each?.serial)).toEqual([1, 2, 3, 4, 5, 6, 7, undefined, 8]);
    expect((await stand.run(['audit', String(runs[0])])).stdout).toContain('"serial":1');
    expect((await stand.json(['verify', '--strict'])).lines).toMatchObject([{ ok: true }]);
  });
});
