import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo({ CODEOWNERS: 'ada\n' });
  await stand.init();
});

afterEach(() => {
  stand.remove();
});

it('an approver delegates, the delegate answers, and the delegation is listed and ended', async () => {
  const made = await stand.json(['keys', 'create', 'helper']);
  const helper = String(made.lines[0]?.['key']);
  const given = await stand.json(['approvers', 'delegate', '--to', helper, '--for', '5d']);
  expect(given.lines).toMatchObject([{ delegate: helper, channel: null, state: 'given' }]);
  const id = String(given.lines[0]?.['id']);
  expect((await stand.run(['approvers', 'list'])).stdout).toContain(id.slice(0, 12));

  const change = { name: 'fs.write', args: { path: 'CODEOWNERS', text: 'eve\n' } };
  const model = stand.script({ say: 'I change it.', calls: [change] }, { say: 'Done.' });
  const held = await stand.json(['run', 'Own', '--repo', stand.repo, '--model', model]);
  const run = String(held.lines.at(-1)?.['run']);
  const key = join(stand.home, 'keys/helper.key.json');
  const voted = await stand.json(['approve', run, '--yes', '--key', key]);
  expect(voted.lines).toMatchObject([{ outcome: 'granted', voter: helper }]);
  expect((await stand.run(['resume', run])).exit).toBe(0);

  const ended = await stand.json(['approvers', 'end', id.slice(0, 8), '--reason', 'back']);
  expect(ended.lines).toMatchObject([{ id, state: 'ended' }]);
  expect((await stand.json(['approvers', 'end', id])).lines).toMatchObject([
    { code: 'delegation.unknown' },
  ]);
  expect((await stand.json(['approvers', 'list'])).lines).toEqual(ended.lines);
  expect((await stand.run(['verify'])).exit).toBe(0);
});

it('a runtime has nothing delegated to it', async () => {
  const { lines } = await stand.json(['keys', 'list']);
  const runtime = lines.find(({ label }) => label === 'runtime')?.['key'];
  const words = ['approvers', 'delegate', '--to', String(runtime), '--for', '5d'];
  expect((await stand.json(words)).lines).toMatchObject([{ code: 'delegation.invalid' }]);
});
