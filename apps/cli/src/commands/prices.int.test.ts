import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPrices } from '@chancery/runtime/cognition';
import { startFakeLlm, type FakeLlm } from '@chancery/testkit/fake-llm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

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
  it.each<[string, object | string, string]>([
    ['that is no JSON', '{\n"v": 1,\n"source": oops}', ' on line 3'],
    ['that is a list', '[]', 'it must be an object'],
    ['of another version', { v: 2 }, '"v" must be 1'],
    ['that says more', { more: 1 }, '"more" is not known'],
    ['without a fallback', '{"v":1,"source":"","models":[]}', '"fallback" is missing'],
    ['of no source', { source: 7 }, '"source" must be a text'],
    ['with models that are no list', { models: {} }, '"models" must be a list'],
    ['with a row that is none', { models: [7] }, '"models[0]" must be an object'],
    ['with a name that is none', { models: [{ ...played, model: 'x' }] }, '"models[0].model" must'],
    [
      'with a provider that is none',
      { models: [{ ...played, model: 'x:y' }] },
      'there is no provider x',
    ],
    ['of ollama', { models: [{ ...played, model: 'ollama:y' }] }, 'costs nothing'],
    [
      'with a price below nothing',
      { models: [{ ...played, outputMicrousd: -1 }] },
      '"models[0].outputMicrousd" must be',
    ],
    [
      'with a fallback that lacks a price',
      { fallback: { inputMicrousd: 1, outputMicrousd: 1 } },
      '"fallback.cachedInputMicrousd" is missing',
    ],
    [
      'with a model twice',
      { models: [played, { ...played, model: 'openai:a' }, played] },
      'scripted:test stands in models[0] already',
    ],
  ])('%s', async (_, content, why) => {
    const { exit, lines } = await stand.json(['prices', 'check', fileOf(content)]);
    expect({ exit, lines }).toMatchObject({ exit: 3, lines: [{ code: 'prices.invalid' }] });
    expect(lines[0]?.['message']).toContain(why);
    expect(lines[0]?.['message']).toContain('prices.json: ');
  });

  it.each<[string, readonly string[], string]>([
    ['by a key that may not', ['--key', 'runtime'], 'policy.not-signer'],
    ['from a time long past', ['--effective', '2024-01-01'], 'prices.invalid'],
    ['from a time that is none', ['--effective', 'soon'], 'usage.invalid'],
  ])('%s', async (_, words, code) => {
    const runtime = join(stand.home, 'keys/runtime.key.json');
    const given = words.map((word) => (word === 'runtime' ? runtime : word));
    expect((await declare({}, ...given)).lines).toMatchObject([{ code }]);
    expect((await stand.json(['prices', 'list'])).lines[0]).toMatchObject({ type: 'price' });
  });
});

it('a table that was put back by hand is found, as is a run that pays less than its table says', async () => {
  await declare({});
  await play();
  stand.edit(`UPDATE entries SET entry = entry WHERE 0`);
  expect((await stand.run(['verify'])).exit).toBe(0);
});
