import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

const team = `@id("all")
permit (principal, action, resource);

@id("hold-notes")
@hold("human")
forbid (principal, action, resource == Capability::"fs.write")
when { context has path && context.path == "notes.md" };
`;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo({ 'notes.md': 'one\n', CODEOWNERS: 'ada\n' });
  await stand.init();
  const file = join(stand.folder, 'team.cedar');
  writeFileSync(file, team);
  await stand.run(['policy', 'activate', file, '--level', 'repository', '--yes']);
});

afterEach(() => {
  stand.remove();
});

/** Runs a model that writes once, and tells how that has ended. */
async function running(path = 'notes.md', text = 'two\n', repo = stand.repo) {
  const write = { say: 'I write.', calls: [{ name: 'fs.write', args: { path, text } }] };
  const model = stand.script(write, { say: 'Done.' });
  const { exit, lines } = await stand.json(['run', 'Note', '--repo', repo, '--model', model]);
  return { exit, run: String(lines.at(-1)?.['run']) };
}

it('an approved action is remembered, listed, and revoked', async () => {
  const { exit, run } = await running();
  expect(exit).toBe(4);
  const shown = await stand.run(['approve', run, '--yes', '--remember']);
  expect(shown.stdout).toContain('@lifts("hold-notes")');
  expect(shown.stdout).toContain('context.path == "notes.md"');
  const listed = await stand.json(['grants', 'list']);
  const name = String(listed.lines[0]?.['name']);
  const untilMs = Number(listed.lines[0]?.['untilMs']);
  expect(listed.lines).toMatchObject([
    {
      ...{ type: 'grant', level: 'repository', lifts: 'hold-notes', state: 'active' },
      repository: stand.repo,
    },
  ]);
  // The approval was a moment ago, and a test may take its time.
  expect(Math.round((untilMs - Date.now()) / 86_400_000)).toBe(30);
  expect(shown.stdout).toMatch(/To be remembered until \d{4}-/);
  expect(shown.stdout).toMatch(new RegExp(`Remembered until .* as ${name}`));
  expect((await running()).exit).toBe(0);
  expect((await running('notes.md', 'three\n')).exit).toBe(4);
  const other = join(stand.folder, 'other');
  cpSync(stand.repo, other, { recursive: true });
  expect((await running('notes.md', 'two\n', other)).exit).toBe(4);

  const revoked = await stand.json(['grants', 'revoke', name]);
  expect(revoked.lines).toMatchObject([{ name, state: 'revoked' }]);
  expect((await running()).exit).toBe(4);
  expect((await stand.json(['grants', 'revoke', name])).lines).toMatchObject([
    { code: 'grant.unknown' },
  ]);
  expect((await stand.run(['verify'])).exit).toBe(0);
});

it('what an approver cannot sign is proposed, and decides when it is accepted', async () => {
  const made = await stand.json(['keys', 'create', 'deputy']);
  const deputy = String(made.lines[0]?.['key']);
  await stand.run(['keys', 'trust', deputy, '--label', 'deputy', '--purpose', 'approve']);
  const { run } = await running();
  const key = join(stand.home, 'keys/deputy.key.json');
  const voted = await stand.json(['approve', run, '--yes', '--remember', '--key', key]);
  expect(voted.lines).toMatchObject([{ type: 'vote' }, { type: 'grant', state: 'proposed' }]);
  const name = String(voted.lines[1]?.['name']);
  expect((await running()).exit).toBe(4);
  expect((await stand.json(['grants', 'accept', name])).exit).toBe(4);
  expect((await stand.json(['grants', 'accept', name, '--yes', '--key', key])).lines).toMatchObject(
    [{ code: 'policy.not-signer' }],
  );
  const accepted = await stand.json(['grants', 'accept', name, '--yes']);
  expect(accepted.lines).toMatchObject([{ name, state: 'active' }]);
  expect((await running()).exit).toBe(0);
  expect((await stand.run(['verify'])).exit).toBe(0);
});

it('what is held whatever policy says is not remembered, and nothing is voted', async () => {
  const { run } = await running('CODEOWNERS', 'eve\n');
  const { lines } = await stand.json(['approve', run, '--yes', '--remember']);
  expect(lines).toMatchObject([{ code: 'grant.not-rememberable' }]);
  expect((await stand.json(['runs'])).lines).toMatchObject([{ run, answer: null }]);
});

it('what is remembered for a time is expired afterwards, and lifts nothing', async () => {
  const { run } = await running();
  const without = await stand.json(['approve', run, '--yes', '--for', '1h']);
  expect(without).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
  const long = await stand.json(['approve', run, '--yes', '--remember', '--for', '91d']);
  expect(long).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
  const voted = await stand.json(['approve', run, '--yes', '--remember', '--for', '1ms']);
  const name = String(voted.lines[1]?.['name']);
  expect((await running()).exit).toBe(4);
  const listed = await stand.json(['grants', 'list']);
  expect(listed.lines).toMatchObject([{ name, state: 'expired' }]);
  expect((await stand.run(['grants', 'list'])).stdout).toMatch(/repository +hold-notes +expired/);
  const revoked = await stand.json(['grants', 'revoke', name]);
  expect(revoked.lines).toMatchObject([{ name, state: 'revoked' }]);
});

it('a proposal whose time is over is not accepted', async () => {
  const made = await stand.json(['keys', 'create', 'deputy']);
  const deputy = String(made.lines[0]?.['key']);
  await stand.run(['keys', 'trust', deputy, '--label', 'deputy', '--purpose', 'approve']);
  const { run } = await running();
  const key = ['--key', join(stand.home, 'keys/deputy.key.json')];
  const words = ['approve', run, '--yes', '--remember', '--for', '1ms', ...key];
  const name = String((await stand.json(words)).lines[1]?.['name']);
  expect(await stand.json(['grants', 'accept', name, '--yes'])).toMatchObject({
    exit: 2,
    lines: [{ code: 'usage.invalid' }],
  });
});

it('a rule that was made before there were repositories and ends is shown as wide, and revoked', async () => {
  const name = 'remembered-0123456789abcdef';
  const file = join(stand.folder, 'old.cedar');
  const lifting = (digest: string) =>
    `@id("${name}") @lifts("hold-notes") ${digest} permit (principal, action, resource);\n`;
  writeFileSync(file, lifting(''));
  const words = ['policy', 'activate', file, '--level', 'repository', '--name', name, '--yes'];
  const [refused] = (await stand.json(words)).lines;
  const [digest = ''] = /@digest\("[0-9a-f]{64}"\)/.exec(String(refused?.['remedy'])) ?? [];
  writeFileSync(file, lifting(digest));
  expect((await stand.run(words)).exit).toBe(0);
  expect((await stand.json(['grants', 'list'])).lines).toMatchObject([
    { name, state: 'active', repository: null, untilMs: null },
  ]);
  const { stdout } = await stand.run(['grants', 'list']);
  expect(stdout).toMatch(/active +no end +every repository/);
  expect((await running()).exit).toBe(0);
  expect((await stand.run(['grants', 'revoke', name])).exit).toBe(0);
  expect((await running()).exit).toBe(4);
});
