import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@chancery/kernel/encoding';
import { readEntry, type Draft, type Kind } from '@chancery/kernel/ledger';
import { listPrices } from '@chancery/runtime/cognition';
import { Journal } from '@chancery/runtime/journal';
import { startFakeLlm, type FakeLlm } from '@chancery/testkit/fake-llm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';
import { openWriter } from '../compose/stores.ts';
import { granted } from '../exit.ts';
import { homeOf, readFounded } from '../home.ts';

let stand: Stand;
let fake: FakeLlm | undefined;

beforeEach(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
});

afterEach(async () => {
  stand.remove();
  await fake?.close();
  fake = undefined;
});

const cost = (dollars: number) => ({
  inputMicrousd: dollars * 1_000_000,
  cachedInputMicrousd: 0,
  outputMicrousd: 0,
});
const played = { model: 'scripted:test', ...cost(100) };

/** Writes a price table; answers its file. */
function fileOf(content: object | string, name = 'prices.json'): string {
  const file = join(stand.folder, name);
  const whole = { v: 1, source: 'the shop', models: [played], fallback: null };
  const text = typeof content === 'string' ? content : JSON.stringify({ ...whole, ...content });
  writeFileSync(file, text);
  return file;
}

async function declare(content: object, ...words: readonly string[]) {
  const { exit, lines } = await stand.json(['prices', 'declare', fileOf(content), ...words]);
  return { exit, lines, last: lines.at(-1) };
}

const usage = { inputTokens: 1_000, cachedInputTokens: 0, outputTokens: 0 };

/** Has a script played, whose one answer takes 1,000 tokens of input. */
async function play(...words: readonly string[]) {
  const model = stand.script({ say: 'Done.', usage });
  return stand.json(['run', 'Do', '--repo', stand.repo, '--model', model, ...words]);
}

const spentBy = (line: object | undefined) =>
  (line as { readonly spent?: { readonly costMicrousd: number } } | undefined)?.spent?.costMicrousd;

describe('prices', () => {
  it('are declared, listed, paid by runs and shown by spend', async () => {
    const first = await declare({});
    expect(first).toMatchObject({
      exit: 0,
      lines: [
        { type: 'price-change', model: 'scripted:test', before: null, after: cost(100) },
        { type: 'prices-declared', source: 'the shop', models: 1, changes: 1 },
      ],
    });
    const entry = first.last?.['entry'];
    expect((await declare({})).last).toMatchObject({ entry: null, changes: 0 });
    const listed = (await stand.json(['prices', 'list'])).lines;
    expect(listed.slice(0, 2)).toMatchObject([
      { type: 'price-table', state: 'in-effect', entry, by: first.last?.['by'], models: [played] },
      { type: 'price', ...played, by: 'table', source: 'the shop' },
    ]);
    expect(listed.slice(2)).toEqual(
      listPrices.map((row) => ({ type: 'price', ...row, by: 'built-in' })),
    );
    const ran = await play();
    expect(ran.exit).toBe(0);
    expect(spentBy(ran.lines.at(-1))).toBe(100_000);
    const { lines } = await stand.json(['spend']);
    expect(lines).toMatchObject([
      { type: 'spend', run: { pricedBy: 'price table' }, spent: { costMicrousd: 100_000 } },
      { type: 'spend-model', model: 'scripted:test', pricedBy: ['price table'] },
    ]);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('are shown to people: the table, who signed it, its rows, what is built in, what is to come', async () => {
    expect((await stand.run(['prices', 'list'])).stdout).toMatch(/^No price table is in effect\./);
    await declare({ fallback: cost(7) });
    const coming = await declare({ models: [] }, '--effective', '2199-01-01T00:00:00Z');
    const { stdout } = await stand.run(['prices', 'list']);
    expect(stdout).toMatch(/Signed by +owner \(ed25519:/);
    expect(stdout).toContain('Fallback    7.00 USD in, 0.00 USD cached, 0.00 USD out');
    expect(stdout).toMatch(/scripted:test +100\.00 USD +0\.00 USD +0\.00 USD +table\n/);
    expect(stdout).toMatch(/openai:gpt-5 +1\.25 USD .*built in \(list price/);
    expect(stdout).toContain(`on: ${String(coming.last?.['entry'])}, 0 models, signed by`);
    const model = stand.script({ say: 'Done.', usage });
    const ran = await stand.run(['run', 'Do', '--repo', stand.repo, '--model', model]);
    expect(ran.stdout).toMatch(/Price +100\.00 USD in, .*\(price table [0-9a-f]{12}\)/s);
    expect((await stand.run(['spend'])).stdout).toMatch(/scripted:test .* price table\n/);
  });

  it('that are to come change nothing before, and --price goes before every table', async () => {
    await declare({});
    await declare({ models: [{ ...played, ...cost(200) }] }, '--effective', '2199-01-01');
    expect(spentBy((await play()).lines.at(-1))).toBe(100_000);
    const byHand = await play('--price', '50000,0');
    expect(spentBy(byHand.lines.at(-1))).toBe(50_000);
    expect((await stand.json(['prices', 'list'])).lines.slice(0, 2)).toMatchObject([
      { state: 'in-effect', models: [played] },
      { state: 'to-come', effectiveFromMs: Date.UTC(2199, 0, 1) },
    ]);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('have a template, which is what is built in and can be declared', async () => {
    const file = join(stand.folder, 'new.json');
    const made = await stand.json(['prices', 'template', file]);
    expect(made.lines).toEqual([{ type: 'price-template', file, models: listPrices.length }]);
    expect(readFileSync(file, 'utf8')).toContain(
      '    {"model":"openai:gpt-5","inputMicrousd":1250000,"cachedInputMicrousd":125000,"outputMicrousd":10000000},\n',
    );
    const checked = await stand.run(['prices', 'check', file]);
    expect(checked.stdout).toContain('+ openai:gpt-5: 1.25 USD in');
    expect((await stand.json(['prices', 'list'])).lines[0]).toMatchObject({ type: 'price' });
    expect((await stand.json(['prices', 'declare', file])).lines.at(-1)).toMatchObject({
      models: listPrices.length,
    });
    expect((await stand.json(['prices', 'check', file])).lines).toMatchObject([
      { type: 'prices-checked', changes: 0 },
    ]);
    expect((await stand.run(['prices', 'template', file])).exit).toBe(2);
  });

  it('tell what another table changes', async () => {
    const gone = { model: 'openai:old', ...cost(1) };
    await declare({ models: [played, gone], fallback: cost(3) });
    const file = fileOf({ models: [{ ...played, ...cost(50) }] });
    const { stdout } = await stand.run(['prices', 'declare', file]);
    expect(stdout).toMatch(
      /^- openai:old: 1\.00 .*\n- scripted:test: 100\.00 .*\n\+ scripted:test: 50\.00 .*\n- any other model: 3\.00 .*\nDeclared from /,
    );
  });
});

describe('a model whose price nobody knows', () => {
  const unknown = ['--model', 'openai-compatible:some'];

  it('is refused, and pays the fallback of a table, which is plainly told', async () => {
    fake = await startFakeLlm({ replies: [{ kind: 'answer', text: 'Done.' }] });
    const words = ['run', 'Do', '--repo', stand.repo, ...unknown, '--base-url', fake.url];
    const refused = await stand.json(words);
    expect(refused).toMatchObject({ exit: 2, lines: [{ code: 'model.unpriced' }] });
    expect(String(refused.lines[0]?.['remedy'])).toMatch(/--price .*chancery prices declare/);
    await declare({ fallback: cost(100) });
    const { exit, stdout } = await stand.run(words);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/\(fallback of the price table [0-9a-f]{12}\)/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('the price of this model is not known');
    const { lines } = await stand.json(['spend']);
    expect(lines.at(-1)).toMatchObject({ pricedBy: ['fallback of the price table'] });
    expect((await stand.run(['verify'])).exit).toBe(0);
  });
});

describe('a price table is not declared', () => {
  it.each<[string, readonly string[], object]>([
    ['by a key that may not', ['--key', 'runtime'], { code: 'policy.not-signer' }],
    ['from a time long past', ['--effective', '2024-01-01'], { code: 'prices.invalid' }],
    ['from a time that is none', ['--effective', 'soon'], { code: 'usage.invalid' }],
  ])('%s', async (_, words, why) => {
    const runtime = join(stand.home, 'keys/runtime.key.json');
    const given = words.map((word) => (word === 'runtime' ? runtime : word));
    expect((await declare({}, ...given)).lines).toMatchObject([why]);
    expect((await stand.json(['prices', 'list'])).lines[0]).toMatchObject({ type: 'price' });
  });

  it('from a file that is malformed, or not there', async () => {
    const { exit, last } = await declare({ models: [played, played] });
    const message = `${join(stand.folder, 'prices.json')}: "models[1].model": scripted:test stands in models[0] already`;
    expect([exit, last]).toMatchObject([2, { code: 'prices.invalid', message }]);
    const missing = await stand.json(['prices', 'check', join(stand.folder, 'none.json')]);
    expect(missing).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
    const past = ['prices', 'check', fileOf({}), '--effective', '2024-01-01'];
    expect((await stand.json(past)).lines).toMatchObject([{ code: 'prices.invalid' }]);
    const bare = await stand.run(['prices']);
    expect(bare).toMatchObject({ exit: 2, stdout: '' });
    expect(bare.stderr).toContain('say what to do with prices');
  });
});

/** Appends what no honest runtime would: the first entry of a kind once more, on a stream. */
async function forge(
  kind: Kind,
  stream: string,
  change: (body: JsonObject) => object,
): Promise<void> {
  const home = granted(homeOf({ CHANCERY_HOME: stand.home }));
  const { ledger } = granted(readFounded(home));
  const store = await openWriter(home);
  const entries = (await store.readAll(0, 1_000)).map((each) => granted(readEntry(each)).entry);
  const entry = entries.find((each) => each.kind === kind);
  if (entry === undefined) throw new Error(`there is no ${kind}`);
  const journal = new Journal({ store, ledger, by: entry.by, clock: { nowMs: Date.now } });
  const heads = new Map([[stream, await store.head(stream)]]);
  const body = change(entry.body);
  const written = await journal.append(heads, [{ stream, kind, body } as unknown as Draft]);
  expect(written.kind).toBe('written');
  await store.close();
}

describe('verification finds', () => {
  const codes = async (): Promise<readonly unknown[]> => {
    const { exit, lines } = await stand.json(['verify']);
    const [line] = lines;
    const findings = line?.['findings'] as readonly { readonly code: string }[];
    return [exit, ...findings.map(({ code }) => code)];
  };

  it('an old table that was put back', async () => {
    await declare({});
    await declare({ models: [{ ...played, ...cost(200) }] });
    await forge('prices.declared', 'policy', (body) => body);
    expect(await codes()).toEqual([7, 'prices.invalid']);
    expect((await stand.json(['prices', 'list'])).lines).toMatchObject([
      { code: 'envelope.invalid' },
    ]);
  });

  it('a run that pays less than the table that it names', async () => {
    await declare({});
    await play();
    await forge('run.started', 'run:forged', (body) => {
      return { ...body, price: { ...(body['price'] as JsonObject), inputMicrousd: 1 } };
    });
    expect(await codes()).toEqual(expect.arrayContaining([7, 'budget.misstated']));
  });
});
