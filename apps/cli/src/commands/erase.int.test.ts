import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLeft } from '../cli-fixture.ts';

let whole: Stand;
let stand: Stand;
let run: string;

const secret = 'a word that only Ada knows';

beforeAll(async () => {
  whole = new Stand();
  whole.makeRepo({ 'letter.txt': `${secret}\n` });
  await whole.init();
  const model = whole.script(
    { calls: [{ name: 'fs.read', args: { path: 'letter.txt' } }] },
    { say: `I have read: ${secret}` },
  );
  const words = ['run', `Read about ${secret}`, '--repo', whole.repo, '--model', model];
  const { lines, exit } = await whole.json([...words, '--subject', 'ada@example.org']);
  if (exit !== 0) throw new Error('the run has failed');
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

const codesOf = ({ lines }: JsonLeft) => lines.map((line) => line['code']);
const erase = (...words: readonly string[]) => stand.json(['erase', 'ada@example.org', ...words]);
const keysLeft = (): readonly string[] => readdirSync(join(stand.home, 'subjects'));

function ledgerHolds(text: string): boolean {
  const names = readdirSync(stand.home).filter((name) => name.startsWith('ledger.db'));
  return names.some((name) => readFileSync(join(stand.home, name)).includes(text));
}

describe('a run with --subject', () => {
  it('leaves nothing in the ledger that can be read without the key, and shows it with it', async () => {
    expect([ledgerHolds(secret), ledgerHolds('ada@example.org')]).toEqual([false, false]);
    expect((await stand.run(['show', run, '--verbose'])).stdout).toContain(secret);
    expect((await stand.run(['audit', run])).stdout).toContain('letter.txt');
    const listed = await stand.json(['runs']);
    expect(listed.lines).toMatchObject([{ task: `Read about ${secret}` }]);
    const { exit, lines } = await stand.json(['verify']);
    expect([exit, lines]).toMatchObject([0, [{ ok: true, findings: [], erased: 0, pruned: 0 }]]);
  });

  it('is in the list that is kept without its task, which is opened for each showing', async () => {
    expect((await stand.run(['snapshot'])).exit).toBe(0);
    const file = readFileSync(join(stand.home, 'projections', 'runs.json'), 'utf8');
    const { payload } = JSON.parse(file) as { readonly payload: string };
    const kept = Buffer.from(payload, 'base64').toString();
    expect(kept).toContain(run);
    expect([kept.includes(secret), kept.includes('ada@example.org')]).toEqual([false, false]);
    expect(ledgerHolds(secret)).toBe(false);
    const tasks = async () => (await stand.json(['runs'])).lines.map(({ task }) => task);
    expect(await tasks()).toEqual([`Read about ${secret}`]);
    expect((await erase('--yes')).exit).toBe(0);
    expect(await tasks()).toEqual([expect.stringMatching(/^\[erased by/)]);
  });

  it('is verified without the key as well, and then told as unread', async () => {
    rmSync(join(stand.home, 'subjects'), { recursive: true });
    const { exit, lines } = await stand.json(['verify']);
    const { findings } = lines[0] as unknown as { readonly findings: readonly { code: string }[] };
    expect(exit).toBe(0);
    expect([...new Set(findings.map(({ code }) => code))]).toEqual(['content.unread']);
    const shown = await stand.json(['show', run]);
    expect(shown.exit).toBe(0);
    expect(shown.lines.find(({ type }) => type === 'gone')).toMatchObject({ how: 'sealed' });
  });

  it('refuses a subject without a name', async () => {
    const words = ['run', 'Do', '--repo', whole.repo, '--model', stand.script({ say: 'x' })];
    expect(codesOf(await stand.json([...words, '--subject', ' ']))).toEqual(['usage.invalid']);
  });
});

describe('erase', () => {
  it('shows what would go, and does nothing where nobody is asked', async () => {
    for (const flags of [[], ['--dry-run', '--yes']]) {
      const { exit, lines } = await erase(...flags);
      expect(exit).toBe(flags.length === 0 ? 4 : 0);
      expect(lines).toMatchObject([{ type: 'erasure', runs: [run], by: null }]);
      expect(keysLeft().length).toBe(1);
    }
    expect((await stand.run(['erase', 'ada@example.org'])).stdout).toContain('pass --yes');
  });

  it('makes the contents unreadable, says so everywhere, and all proofs hold', async () => {
    expect((await stand.run(['checkpoint'])).exit).toBe(0);
    const { exit, lines } = await erase('--yes', '--reason', 'as asked');
    expect([exit, keysLeft()]).toEqual([0, []]);
    const by = String(lines[0]?.['by']);

    const verified = await stand.json(['verify']);
    expect([verified.exit, verified.lines]).toMatchObject([0, [{ ok: true, findings: [] }]]);
    expect(verified.lines[0]?.['erased']).toBe(lines[0]?.['contents']);
    expect((await stand.run(['replay', run])).exit).toBe(0);
    expect((await stand.run(['prove', '0'])).exit).toBe(0);

    const gone = { type: 'gone', how: 'erased', by, reason: 'as asked' };
    for (const command of ['show', 'audit', 'world']) {
      const told = await stand.json([command, run]);
      expect(told.exit).toBe(0);
      expect(told.lines.find(({ type }) => type === 'gone')).toMatchObject(gone);
      const text = (await stand.run([command, run])).stdout;
      expect(text).not.toContain(secret);
    }
    expect((await stand.run(['audit', run])).stdout.replace(/\s+/g, ' ')).toContain(
      `[erased by ${by}`,
    );
    expect((await stand.run(['world', run])).stdout).toContain('[erased by');
    const listed = await stand.json(['runs']);
    expect(String(listed.lines[0]?.['task'])).toMatch(/^\[erased by/);
    expect(codesOf(await erase('--yes'))).toEqual(['subject.unknown']);
    for (const words of [
      ['rollback', run, '--to', 'start', '--dry-run'],
      ['rollback', run, '--to', 'start'],
      ['branch', run, 'Go on', '--model', stand.script({ say: 'Done.' })],
    ]) {
      const refused = await stand.json(words);
      expect([words[0], refused.exit, codesOf(refused)]).toEqual([words[0], 2, ['content.erased']]);
    }
  });

  it('works again for the same name, with another key', async () => {
    await erase('--yes');
    stand.makeRepo();
    const model = stand.script({ say: 'Done.' });
    const words = ['run', 'Again', '--repo', stand.repo, '--model', model];
    expect((await stand.json([...words, '--subject', 'ada@example.org'])).exit).toBe(0);
    expect(keysLeft().length).toBe(1);
    expect((await erase('--yes')).exit).toBe(0);
    expect((await stand.json(['verify'])).lines).toMatchObject([{ ok: true, findings: [] }]);
  });

  it('refuses a key that is no human’s, and a subject whose run goes on', async () => {
    const key = join(stand.home, 'keys', 'runtime.key.json');
    expect(codesOf(await erase('--yes', '--key', key))).toEqual(['approval.not-approver']);
    stand.makeRepo();
    const args = { path: 'LICENSE', text: 'mine\n' };
    const model = stand.script({ calls: [{ name: 'fs.write', args }] }, { say: 'Done.' });
    const words = ['run', 'Ask', '--repo', stand.repo, '--model', model, '--no-wait'];
    const held = await stand.json([
      ...words,
      ...['--protect', 'LICENSE', '--subject', 'ada@example.org'],
    ]);
    expect(held.exit).toBe(4);
    expect(codesOf(await erase('--yes'))).toEqual(['run.unfinished']);
    expect(keysLeft().length).toBe(1);
    const waiting = String(held.lines.at(-1)?.['run']);
    expect((await stand.run(['approve', waiting, '--yes'])).exit).toBe(0);
    expect((await stand.run(['resume', waiting])).exit).toBe(0);
    expect((await erase('--yes')).exit).toBe(0);
    const { lines } = await stand.json(['verify']);
    expect(lines).toMatchObject([{ ok: true, findings: [] }]);
  });
});
