import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
let files: { readonly sealed: string; readonly erased: string };

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
  files = { sealed, erased: await exported('erased.chancery') };
}, 120_000);

afterAll(() => {
  stand.remove();
  built.remove();
});

async function verdictOn(evidence: string) {
  const args = [evidence, '--ledger', ledger, '--json'];
  const { exit, stdout } = await runIn(empty, built.program, args);
  const { ok, missingContents, refusals, findings } = JSON.parse(stdout) as {
    readonly ok: boolean;
    readonly missingContents: number;
    readonly refusals: readonly { readonly code: string; readonly message: string }[];
    readonly findings: readonly { readonly severity: string; readonly code: string }[];
  };
  const found = [...new Set(findings.map(({ severity, code }) => `${severity} ${code}`))];
  return { exit, ok, missingContents, refusals, found };
}

/** It holds, and what is sealed is told as unread: no evidence has a key. */
const holds = { exit: 0, ok: true, refusals: [], found: ['drift content.unread'] };

it('a subject’s sealed contents hold, and nobody can read them in the export', async () => {
  expect(await verdictOn(files.sealed)).toEqual({ ...holds, missingContents: 0 });
  expect(readFileSync(files.sealed, 'utf8')).not.toContain(secret);
});

it('a ledger whose subject was erased holds all the same, with its sealed bytes', async () => {
  expect(await verdictOn(files.erased)).toEqual({ ...holds, missingContents: 0 });
  expect(readFileSync(files.erased, 'utf8')).toContain('"subject.erased"');
});

it('its tiles hold as well, without any contents', async () => {
  const { missingContents, ...rest } = await verdictOn(path.join(stand.home, 'tiles'));
  expect(rest).toEqual(holds);
  expect(missingContents).toBeGreaterThan(0);
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
