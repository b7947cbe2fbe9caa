import { describe, expect, it } from 'vitest';
import { chooseModel, flagsOf, priceGiven, type ModelFlags } from './model-choice.ts';

describe('the choice of a model', () => {
  it.each<[string, ModelFlags, NodeJS.ProcessEnv, string]>([
    ['the one that is named', { model: 'openai:gpt-5' }, {}, 'openai:gpt-5'],
    ['one whose name has colons', { model: 'ollama:qwen3:8b' }, {}, 'ollama:qwen3:8b'],
    ['that of the key that is set', {}, { ANTHROPIC_API_KEY: 'k' }, 'anthropic:claude-sonnet-4-5'],
    ['that of the other key', {}, { OPENAI_API_KEY: 'k' }, 'openai:gpt-5'],
  ])('falls on %s', (_, flags, env, chosen) => {
    const choice = chooseModel(flags, env);
    expect(choice.ok && `${choice.value.provider}:${choice.value.name}`).toBe(chosen);
  });

  it('takes a script by its absolute path', () => {
    const choice = chooseModel({ model: 'scripted:some/script.json' }, {});
    expect(choice.ok && choice.value.name).toBe(`${process.cwd()}/some/script.json`);
  });

  it('takes a price of a thousand tokens for that of a million', () => {
    const choice = chooseModel({ model: 'openai:new', price: '3,15' }, {});
    expect(choice.ok && choice.value.price).toEqual({
      ...{ inputMicrousd: 3_000, cachedInputMicrousd: 3_000, outputMicrousd: 15_000 },
      source: 'declared',
    });
  });

  it.each<[string, ModelFlags, string | undefined]>([
    ['a price is given', { model: 'openai:gpt-5', price: '3,15' }, 'declared'],
    ['the model is on one’s own machine', { model: 'ollama:some' }, 'local'],
    ['a price is given for that', { model: 'ollama:some', price: '3,15' }, 'declared'],
    ['nothing is said', { model: 'openai:gpt-5' }, undefined],
  ])('says what is paid where %s', (_, flags, source) => {
    const choice = chooseModel(flags, {});
    expect(choice.ok && priceGiven(choice.value).price?.source).toBe(source);
  });

  it.each<[ModelFlags]>([
    [{ model: 'openai:gpt-5' }],
    [{ model: 'ollama:a', baseUrl: 'http://127.0.0.1:1/v1' }],
    [{ model: 'openai-compatible:a b', baseUrl: 'https://host/v1?a=b', price: '3000,15000' }],
    [{ model: 'scripted:/a "quoted" path/script.json' }],
  ])('%j is chosen again by the words that are recorded', (flags) => {
    const choice = chooseModel(flags, {});
    const again = choice.ok ? chooseModel(flagsOf(choice.value.why), {}) : choice;
    expect(choice.ok).toBe(true);
    expect(again).toEqual(choice);
  });

  it('reads no flags in other words', () => {
    expect(flagsOf('the test asks for it')).toEqual({});
  });
});

it('a provider that there is not is told with those that there are', () => {
  expect(chooseModel({ model: 'foo:bar' }, {})).toMatchObject({
    refusal: {
      code: 'model.unknown',
      message:
        'there is no provider foo: there are scripted, anthropic, openai, openai-compatible, ollama',
    },
  });
});
