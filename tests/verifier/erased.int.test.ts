import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Stand } from '../../apps/cli/src/cli-fixture.ts';
import { build, runIn, type Built } from './built.ts';
import { stripped } from './stripped.ts';

const secret = 'a word that only Ada knows';

let built: Built;
let stand: Stand;
let empty: string;
let ledger: string;
/** Exports from before the key was destroyed, and from after. */
let files: { readonly sealed: string; readonly erased: string; readonly pruned: string };
/** How many contents each command that removes says that it removed, and `verify` counts then. */
const told = { erased: 0, pruned: 0, verified: {} };

/** Tiles from after the key was destroyed. */
let tiles: string;

/** What the runtime counts as removed. */
async function counted() {
  const [line] = (await stand.json(['verify'])).lines;
  return { pruned: line?.['pruned'], erased: line?.['erased'] };
}

/** Signs what has been recorded and exports it. */
async function exported(name: string): Promise<string> {
  const file = path.join(stand.folder, name);
  const [signed] = (await stand.json(['checkpoint'])).lines;
  ledger = String(signed?.['note']).split('\n')[0]?.replace('chancery.alt/', '') ?? '';
  const { exit, stderr } = await stand.run(['export', '--to', file]);
  if (exit !== 0) throw new Error(stderr);
  return file;
}

beforeAll(async () => {
  built = await build();
  empty = path.join(built.folder, 'empty');
  mkdirSync(empty);
  stand = new Stand();
  stand.makeRepo({ 'letter.txt': `${secret}\n` });
  await stand.init();
  const model = stand.script(
    { calls: [{ name: 'fs.read', args: { path: 'letter.txt' } }] },
    { say: `I have read: ${secret}` },
  );
  const words = ['run', `Read about ${secret}`, '--repo', stand.repo, '--model', model];
  const { exit, stderr } = await stand.json([...words, '--subject', 'ada@example.org']);
  if (exit !== 0) throw new Error(stderr);
  const sealed = await exported('sealed.chancery');
  const left = await stand.json(['erase', 'ada@example.org', '--yes', '--reason', 'as asked']);
  if (left.exit !== 0) throw new Error(left.stderr);
  told.erased = Number(left.lines[0]?.['contents']);
  told.verified = await counted();
  const erased = await exported('erased.chancery');
  tiles = path.join(stand.folder, 'tiles-of-erased');
  cpSync(path.join(stand.home, 'tiles'), tiles, { recursive: true });
  const pruning = ['prune', '--older-than', '1ms', '--yes', '--reason', 'no longer needed'];
  const pruned = await stand.json(pruning);
  if (pruned.exit !== 0) throw new Error(pruned.stderr);
  told.pruned = (pruned.lines[0]?.['blobs'] as readonly string[]).length;
  files = { sealed, erased, pruned: await exported('pruned.chancery') };
});

afterAll(() => {
  stand.remove();
  built.remove();
});

async function verdictOn(evidence: string) {
  const args = [evidence, '--ledger', ledger, '--json'];
  const { exit, stdout } = await runIn(empty, built.program, args);
  const { ok, missingContents, pruned, erased, refusals, findings } = JSON.parse(stdout) as {
    readonly ok: boolean;
    readonly missingContents: number;
    readonly pruned: number;
    readonly erased: number;
    readonly refusals: readonly { readonly code: string; readonly message: string }[];
    readonly findings: readonly { readonly severity: string; readonly code: string }[];
  };
  const found = [...new Set(findings.map(({ severity, code }) => `${severity} ${code}`))];
  return { exit, ok, missingContents, pruned, erased, refusals, found };
}

/** It holds, and nothing is missing that nobody has had removed. */
const holds = { exit: 0, ok: true, missingContents: 0, refusals: [], pruned: 0, erased: 0 };

it('a subject’s sealed contents hold unread, and nobody can read them in the export', async () => {
  expect(await verdictOn(files.sealed)).toEqual({ ...holds, found: ['drift content.unread'] });
  expect(readFileSync(files.sealed, 'utf8')).not.toContain(secret);
});

it('a ledger whose subject was erased holds, and says what was erased', async () => {
  expect(told.erased).toBeGreaterThan(1);
  expect(told.verified).toEqual({ pruned: 0, erased: told.erased });
  expect(await verdictOn(files.erased)).toEqual({ ...holds, erased: told.erased, found: [] });
  expect(readFileSync(files.erased, 'utf8')).toContain('"subject.erased"');
  const { stdout } = await runIn(empty, built.program, [files.erased, '--ledger', ledger]);
  expect(stdout).toContain(`${told.erased} contents were erased, by a signed entry`);
  expect(stdout).not.toContain('drift');
});

it('its tiles hold as well, without any contents', async () => {
  expect(await verdictOn(tiles)).toEqual({ ...holds, erased: told.erased, found: [] });
});

it('contents that were pruned as well count as pruned, as many as prune has said', async () => {
  expect(told.pruned).toBe(told.erased);
  expect(await counted()).toEqual({ pruned: told.pruned, erased: 0 });
  const { stdout } = await runIn(empty, built.program, [files.pruned, '--ledger', ledger]);
  expect(stdout).toContain(`${told.pruned} contents were pruned, by a signed entry`);
  expect(await verdictOn(files.pruned)).toEqual({ ...holds, pruned: told.pruned, found: [] });
});

it('sealed bytes that were taken out are missed: destroying a key is no pruning', async () => {
  const file = path.join(built.folder, 'stripped.chancery');
  writeFileSync(file, stripped(readFileSync(files.erased, 'utf8')));
  expect(await verdictOn(file)).toMatchObject({
    ...{ exit: 7, ok: false },
    refusals: [
      { message: expect.stringContaining('is missing, and nobody has pruned it') as string },
    ],
  });
});
