import { listPrices } from '@chancery/runtime/cognition';
import { describe, expect, it } from 'vitest';
import { priceFileText, readPriceFile } from './file.ts';

const cost = { inputMicrousd: 3, cachedInputMicrousd: 2, outputMicrousd: 1 };
const first = { model: 'anthropic:a', ...cost };
const second = { model: 'openai:b', ...cost };
const whole = { v: 1, source: 'the shop', models: [second, first], fallback: cost };

describe('the file of a price table', () => {
  it('says rows in any order, and they stand by their models', () => {
    expect(readPriceFile(JSON.stringify(whole))).toEqual({
      ok: true,
      value: { source: 'the shop', models: [first, second], fallback: cost },
    });
  });

  it('is read as it was written', () => {
    const models = listPrices.map(({ source: _, ...row }) => row);
    const table = { source: 'a "shop"\\n', models, fallback: null };
    const read = readPriceFile(priceFileText(table));
    const sorted = models.toSorted((a, b) => (a.model < b.model ? -1 : 1));
    expect(read).toEqual({ ok: true, value: { ...table, models: sorted } });
    expect(readPriceFile(priceFileText({ ...table, models: [] }))).toMatchObject({ ok: true });
  });

  it.each<[string, object | string, string]>([
    ['no JSON', '{\n"v": 1,\n"source": oops}', 'array on line 3'],
    ['a list', '[]', 'it must be an object'],
    ['one of another version', { v: 2 }, '"v" must be 1'],
    ['one that says more', { more: 1 }, '"more" is not known'],
    ['one without a fallback', '{"v":1,"source":"","models":[]}', '"fallback" is missing'],
    ['one of no source', { source: 7 }, '"source" must be a text of at most 256 characters'],
    ['one of a long source', { source: 's'.repeat(257) }, '"source" must be a text of at most'],
    ['one with models that are no list', { models: {} }, '"models" must be a list'],
    ['one with a row that is none', { models: [7] }, '"models[0]" must be an object'],
    [
      'one with a row that says more',
      { models: [{ ...first, a: 1 }] },
      '"models[0].a" is not known',
    ],
    [
      'one with a name that is none',
      { models: [{ ...first, model: 'x' }] },
      '"models[0].model" must be',
    ],
    [
      'one with a provider that is none',
      { models: [first, { ...first, model: 'x:y' }] },
      '"models[1].model": there is no provider x',
    ],
    ['one of ollama', { models: [{ ...first, model: 'ollama:y' }] }, 'costs nothing'],
    [
      'one below nothing',
      { models: [{ ...first, outputMicrousd: -1 }] },
      '"models[0].outputMicrousd" must be',
    ],
    [
      'one beyond all',
      { fallback: { ...cost, inputMicrousd: 1_000_000_000_001 } },
      '"fallback.inputMicrousd" must be',
    ],
    [
      'one of words',
      { fallback: { ...cost, inputMicrousd: '1' } },
      '"fallback.inputMicrousd" must',
    ],
    [
      'one with a fallback that lacks a price',
      { fallback: { inputMicrousd: 1 } },
      '"fallback.cachedInputMicrousd" is missing',
    ],
    ['one with a fallback of nothing', { fallback: 0 }, '"fallback" must be an object'],
    [
      'one with a model twice',
      { models: [first, second, first] },
      '"models[2].model": anthropic:a stands in models[0] already',
    ],
  ])('is not %s', (_, content, why) => {
    const text = typeof content === 'string' ? content : JSON.stringify({ ...whole, ...content });
    const read = readPriceFile(text);
    expect(read).toMatchObject({ ok: false, refusal: { code: 'prices.invalid' } });
    expect(read.ok ? '' : read.refusal.message).toContain(why);
  });
});
