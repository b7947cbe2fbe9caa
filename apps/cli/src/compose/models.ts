import { done, refused, type Result } from '@chancery/kernel/refusal';
import { listPriceOf, type Model } from '@chancery/runtime/cognition';
import type { ModelChoice } from '../runs/model-choice.ts';
import { readText } from '../text-file.ts';

/** Longest time that one model call may take. */
const callTimeoutMs = 600_000;

/** The environment variable that holds a provider's API key. */
export const keyVariables = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  'openai-compatible': 'OPENAI_COMPATIBLE_API_KEY',
} as const;

/** What a header of HTTP can hold: Latin-1 without control characters. */
const sendable = /^[\x20-\x7e\xa0-\xff]*$/;

/** Refuses `model.script-invalid`, `model.no-key`. */
export async function modelOf(choice: ModelChoice, env: NodeJS.ProcessEnv): Promise<Result<Model>> {
  if (choice.provider === 'scripted') {
    const { parseScript, scriptedModel } = await import('@chancery/adapters/model-scripted');
    const text = readText(choice.name);
    if (!text.ok) {
      const { message, remedy } = text.refusal;
      return refused('model.script-invalid', message, { remedy });
    }
    const script = parseScript(text.value);
    return script.ok ? done(scriptedModel(script.value)) : script;
  }
  const { name, baseUrl } = choice;
  const local = choice.provider === 'ollama';
  const provider = choice.provider === 'ollama' ? 'openai-compatible' : choice.provider;
  const apiKey = local ? '' : (env[keyVariables[provider]] ?? '');
  if (apiKey === '' && provider !== 'openai-compatible') {
    return refused('model.no-key', `${keyVariables[provider]} is not set`);
  }
  if (!sendable.test(apiKey)) {
    const message = `${keyVariables[provider]} holds characters that no request can carry`;
    return refused('model.no-key', message, {
      remedy:
        'Set it anew: the key alone, without line breaks, control characters or others outside Latin-1.',
    });
  }
  const { liveModel } = await import('@chancery/adapters/model-ai-sdk');
  const address = baseUrl === undefined ? {} : { baseUrl };
  const price = listPriceOf(`${provider}:${name}`);
  return done(liveModel({ provider, name, apiKey, price, timeoutMs: callTimeoutMs, ...address }));
}
