import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLeft } from '../cli-fixture.ts';

let whole: Stand;
let stand: Stand;
let run: string;

beforeAll(async () => {
  whole = new Stand();
  whole.makeRepo({ 'large.txt': 'a line of a letter\n'.repeat(3_000) });
  await whole.init();
  const model = whole.script(
    { calls: [{ name: 'fs.read', args: { path: 'large.txt' } }] },
    { say: 'Done.' },
  );
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

const codesOf = ({ lines }: JsonLeft) => lines.map((line) => line['code']);

function blobsLeft(): number {
  const database = new DatabaseSync(join(stand.home, 'ledger.db'), { readOnly: true });
  const rows = database.prepare('SELECT digest FROM blobs').all();
  database.close();
  return rows.length;
}

describe('prune', () => {
  it('shows what would go and does nothing where nobody is asked', async () => {
    for (const [words, ended] of [
      [['prune', '--run', run], 4],
      [['prune', '--run', run, '--yes', '--dry-run'], 0],
    ] as const) {
      const { exit, stdout } = await stand.run(words);
      expect(exit).toBe(ended);
      expect(stdout).toContain(`${run}  1 content,`);
      expect(blobsLeft()).toBe(1);
    }
    const { exit, lines } = await stand.json(['prune', '--older-than', '1ms']);
    expect(exit).toBe(4);
    expect(lines).toMatchObject([{ type: 'pruning', runs: [run], by: null }]);
    expect(blobsLeft()).toBe(1);
  });

  it('removes with a signed entry, and everything that shows says so', async () => {
    const words = ['prune', '--run', run, '--reason', 'asked for', '--yes'];
    const { exit, lines } = await stand.json(words);
    expect(exit).toBe(0);
    expect(lines).toMatchObject([{ type: 'pruning', runs: [run], shared: 0 }]);
    expect(blobsLeft()).toBe(0);
    const by = String(lines[0]?.['by']);
    expect(by).toMatch(/^ed25519:/);

    const verified = await stand.json(['verify']);
    expect(verified.exit).toBe(0);
    expect(verified.lines).toMatchObject([{ ok: true, pruned: 1, findings: [] }]);
    expect((await stand.run(['verify'])).stdout).toContain('1 content was pruned');
    expect((await stand.run(['replay', run])).exit).toBe(0);

    const gone = { type: 'gone', how: 'pruned', by, reason: 'asked for' };
    const audited = await stand.json(['audit', run]);
    expect(audited.lines[0]).toMatchObject(gone);
    const shown = await stand.json(['show', run]);
    expect(shown.lines.filter(({ type }) => type === 'gone')).toMatchObject([gone]);
    const audit = (await stand.run(['audit', run])).stdout.replace(/\s+/g, ' ');
    expect(audit).toContain(`[pruned by ${by}`);
    expect(audit).toContain(': asked for]');

    const again = await stand.run(['prune', '--run', run, '--yes']);
    expect([again.exit, again.stdout]).toEqual([0, 'There is nothing to remove.\n']);
  });

  it('refuses to guess what is meant, and keeps a run that goes on', async () => {
    expect(codesOf(await stand.json(['prune', '--yes']))).toEqual(['usage.invalid']);
    expect(codesOf(await stand.json(['prune', '--older-than', 'soon']))).toEqual(['usage.invalid']);
    expect(codesOf(await stand.json(['prune', '--run', 'zzzz']))).toEqual(['run.unknown']);
    const held = [
      'run',
      'Ask',
      '--repo',
      whole.repo,
      '--no-wait',
      '--protect',
      'LICENSE',
      '--model',
    ];
    const args = { path: 'LICENSE', text: 'mine\n' };
    const model = stand.script({ calls: [{ name: 'fs.write', args }] }, { say: 'Done.' });
    const { lines } = await stand.json([...held, model]);
    const waiting = String(lines.at(-1)?.['run']);
    const left = await stand.json(['prune', '--run', waiting, '--yes']);
    expect([left.exit, codesOf(left)]).toEqual([8, ['run.unfinished']]);
  });

  it('refuses a key that is no human’s', async () => {
    const key = join(stand.home, 'keys', 'runtime.key.json');
    const left = await stand.json(['prune', '--run', run, '--yes', '--key', key]);
    expect([left.exit, codesOf(left)]).toEqual([3, ['approval.not-approver']]);
    expect(blobsLeft()).toBe(1);
  });
});

describe('verify', () => {
  it('finds a blob that is gone and that nobody has pruned', async () => {
    const database = new DatabaseSync(join(stand.home, 'ledger.db'));
    const { sql } = database
      .prepare("SELECT sql FROM sqlite_schema WHERE name = 'blobs_refuse_delete'")
      .get() as { readonly sql: string };
    database.exec(`DROP TRIGGER blobs_refuse_delete; DELETE FROM blobs; ${sql}`);
    database.close();
    const { exit, lines } = await stand.json(['verify']);
    expect(exit).toBe(7);
    expect(lines).toMatchObject([{ ok: false, pruned: 0, findings: [{ code: 'blob.missing' }] }]);
    expect(codesOf(await stand.json(['audit', run]))).toEqual(['ledger.corrupt']);
  });
});
