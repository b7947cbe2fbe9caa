import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSigner } from '@chancery/adapters/keys-file';
import { isJsonObject, parseRecord, type Signer } from '@chancery/kernel/encoding';
import { issueWrit, type Terms } from '@chancery/kernel/writ';
import { startFakeLlm, type FakeLlm, type FakeReply } from '@chancery/testkit/fake-llm';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;
let fake: FakeLlm | undefined;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
});

afterEach(async () => {
  await fake?.close();
  fake = undefined;
  stand.remove();
});

const terms: Terms = {
  grants: ['fs.read', 'fs.write'].map((capability) => ({
    capability,
    where: [{ arg: 'path', op: 'under', value: 'docs' }],
  })),
  effects: ['pure', 'read', 'write'],
  budget: {
    ...{ tokens: 300_000, costMicrousd: 300_000, calls: 100 },
    ...{ wallMs: 4_000_000, cpuMs: 4_000_000, bytesOut: 0 },
  },
  window: { notBefore: 0, notAfter: 4_000_000_000_000 },
  delegation: { depth: 1, children: 3 },
};

function signer(label: string): Signer {
  const loaded = loadSigner(join(stand.home, 'keys', `${label}.key.json`));
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  return loaded.value;
}

function pinnedLedger(): string {
  const config = parseRecord(readFileSync(join(stand.home, 'config.json'), 'utf8'));
  const value = config.ok && isJsonObject(config.value) ? config.value['ledger'] : undefined;
  return typeof value === 'string' ? value : '';
}

/** A standing writ of the owner for the runtime, in a file. */
function standingWrit(change: Partial<Terms> = {}): string {
  const writ = issueWrit({
    ledger: pinnedLedger(),
    parent: null,
    issuer: signer('owner'),
    subject: signer('runtime').id,
    terms: { ...terms, ...change },
    nonce: 'standing',
  });
  if (!writ.ok) throw new Error(writ.refusal.message);
  const file = join(stand.folder, 'writ.json');
  writeFileSync(file, JSON.stringify(writ.value.envelope));
  return file;
}

describe('a run under a standing writ', () => {
  const call = (name: string, args: object) => ({ calls: [{ name, args }] });

  it('may do what the writ covers, and nothing else', async () => {
    const model = stand.script(
      call('fs.write', { path: 'docs/a.md', text: 'a\n' }),
      call('fs.write', { path: 'a.md', text: 'a\n' }),
      call('shell.run', { command: 'true' }),
      { say: 'Done.' },
    );
    const words = ['run', 'Write', '--repo', stand.repo, '--model', model];
    const { exit, lines } = await stand.json([...words, '--writ', standingWrit()]);
    expect(exit).toBe(0);
    expect(lines.at(-1)).toMatchObject({ commits: 1, refusals: 2 });
    const refused = lines.flatMap(({ line }) => {
      const why = (line as { readonly why: { readonly code: string } | null } | null)?.why;
      return why === null || why === undefined ? [] : [why.code];
    });
    expect(refused).toEqual(['writ.out-of-scope', 'writ.not-granted']);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('holds its part of the budget while it lasts, and brings the rest back at its end', async () => {
    const writing = call('fs.write', { path: 'docs/a.md', text: 'a\n' });
    const model = stand.script(writing, { say: 'Done.' });
    const words = ['run', 'Write', '--repo', stand.repo, '--model', model];
    const flags = ['--writ', standingWrit(), '--budget', '0.20usd,200000tokens,40calls'];
    const held = await stand.json([...words, ...flags, '--protect', 'docs/**']);
    expect(held.exit).toBe(4);
    const second = await stand.json([...words, ...flags]);
    expect(second.exit).toBe(6);
    expect(second.lines).toMatchObject([{ type: 'error', code: 'budget.exhausted' }]);
    await stand.run(['cancel', String(held.lines.at(-1)?.['run'])]);
    expect((await stand.json([...words, ...flags])).exit).toBe(0);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it.each([
    ['that may not delegate', { delegation: { depth: 0, children: 0 } }, 'writ.widened'],
    ['that has expired', { window: { notBefore: 0, notAfter: 1 } }, 'writ.expired'],
  ])('%s is refused', async (_, change, code) => {
    const model = stand.script({ say: 'Done.' });
    const words = ['run', 'Nothing', '--repo', stand.repo, '--model', model];
    const { exit, lines } = await stand.json([...words, '--writ', standingWrit(change)]);
    expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 3, code });
  });

  it('that was changed after it was signed is refused', async () => {
    const file = standingWrit();
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"sig":"./, '"sig":"_'));
    const model = stand.script({ say: 'Done.' });
    const words = ['run', 'Nothing', '--repo', stand.repo, '--model', model, '--writ', file];
    const { exit, lines } = await stand.json(words);
    expect({ exit, type: lines[0]?.type }).toEqual({ exit: 3, type: 'error' });
  });
});

describe('a run with a live provider', () => {
  const apiKey = 'test-credential-0123456789';
  const replies: readonly FakeReply[] = [
    { kind: 'http-error', status: 529, message: 'busy', headers: { 'retry-after': '0' } },
    {
      kind: 'answer',
      text: 'I write.',
      calls: [
        { id: 'c1', name: 'fs_write', args: '{"path":"b.txt","text":"b\\n"}' },
        { id: 'c2', name: 'fs_read', args: '{"path":' },
      ],
    },
    { kind: 'answer', text: 'Done.' },
  ];

  it.each([
    ['anthropic', 'ANTHROPIC_API_KEY'],
    ['openai', 'OPENAI_API_KEY'],
    ['openai-compatible', 'OPENAI_COMPATIBLE_API_KEY'],
  ])('%s works, its failures and malformed calls included', async (provider, variable) => {
    fake = await startFakeLlm({ replies, apiKey });
    const { exit, lines, stderr } = await stand.json(
      [
        ...['run', 'Write b', '--repo', stand.repo, '--gate', 'test -f b.txt'],
        ...['--model', `${provider}:some-model`, '--base-url', fake.url, '--price', '3000,15000'],
      ],
      { [variable]: apiKey },
    );
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(lines.at(-1)).toMatchObject({
      model: `${provider}:some-model`,
      status: { outcome: 'succeeded' },
      commits: 2,
      refusals: 1,
    });
    expect(JSON.stringify(lines)).not.toContain(apiKey);
    expect(readFileSync(join(stand.home, 'ledger.db')).includes(apiKey)).toBe(false);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('is resumed with the model and the address that it was started with', async () => {
    const held: FakeReply = {
      kind: 'answer',
      calls: [{ id: 'c1', name: 'fs_write', args: '{"path":"CODEOWNERS","text":"x"}' }],
    };
    fake = await startFakeLlm({ replies: [held, { kind: 'answer', text: 'Done.' }] });
    const model = ['--model', 'ollama:some-model', '--base-url', fake.url];
    const begun = await stand.json(['run', 'Own', '--repo', stand.repo, ...model]);
    expect(begun.exit).toBe(4);
    const run = String(begun.lines.at(-1)?.['run']);
    await stand.run(['approve', run, '--yes']);
    const { exit, lines } = await stand.json(['resume', run]);
    expect(exit).toBe(0);
    expect(lines.at(-1)).toMatchObject({ model: 'openai-compatible:some-model', commits: 1 });
    expect(fake.requests).toHaveLength(2);
  });
});
