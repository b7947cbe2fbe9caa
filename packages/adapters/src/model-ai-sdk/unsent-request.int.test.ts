import { localPrice, type ModelEvent, type ModelRequest } from '@chancery/runtime/cognition';
import { describe, expect, test } from 'vitest';
import { liveModel } from './index.ts';

const request: ModelRequest = {
  messages: [{ role: 'user', text: 'Go.' }],
  tools: [],
  maxOutputTokens: 1000,
};

describe.each(['anthropic', 'openai', 'openai-compatible'] as const)('%s', (provider) => {
  test.each([
    ['a key with a line break', 'http://127.0.0.1:1/v1', 'sk\nant'],
    ['a long key with a line break', 'http://127.0.0.1:1/v1', 'a-credential\nof-two-lines'],
    ['a key that no header holds', 'http://127.0.0.1:1/v1', 'sk-€'],
    ['a barred port', 'http://127.0.0.1:9/v1', 'sk-ant'],
    ['an address that is none', 'http://127.0.0.1:port/v1', 'sk-ant'],
  ])('%s ends the call at once: nothing is paid, and no key shown', async (_, baseUrl, apiKey) => {
    const model = liveModel({
      ...{ provider, name: 'test-model', baseUrl, apiKey },
      ...{ price: localPrice, timeoutMs: 20_000 },
    });
    const events: ModelEvent[] = [];
    for await (const event of model.stream(request, new AbortController().signal)) {
      events.push(event);
    }
    expect(events).toMatchObject([
      {
        type: 'failed',
        failure: { class: 'terminal', code: 'not-sent' },
        usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain(JSON.stringify(apiKey).slice(1, -1));
  });
});
