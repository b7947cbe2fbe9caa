import type { LanguageModel } from 'ai';

/** How a provider is reached. */
export interface ProviderOptions {
  readonly provider: 'anthropic' | 'openai' | 'openai-compatible';
  readonly name: string;
  /** Address that the provider's paths are appended to; undefined: the provider's own, or Ollama here. */
  readonly baseUrl?: string;
  /** Empty: no credential is sent (servers on one's own machine). */
  readonly apiKey: string;
}

/** The answer is not the stream of events that was asked for. */
export class NotAStream extends Error {}

/**
 * Refuses redirects, which would carry the key to another host, and answers that are not streams,
 * which the SDK would read as empty ones. Tells when a request is whole: what is thrown before is ours.
 */
const guardedFetch =
  (onSend: () => void): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, { ...init, redirect: 'manual' });
    onSend();
    const response = await fetch(request);
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new NotAStream('the provider redirects to another address');
    }
    const type = response.headers.get('content-type') ?? 'none';
    if (response.ok && !type.startsWith('text/event-stream')) {
      await response.body?.cancel();
      throw new NotAStream(`the provider answered with content type ${type.slice(0, 80)}`);
    }
    return response;
  };

/** Said here, because the SDK would otherwise take the address from the environment. */
const defaultBaseUrls: Readonly<Record<ProviderOptions['provider'], string>> = {
  anthropic: 'https://api.anthropic.com/v1',
  openai: 'https://api.openai.com/v1',
  'openai-compatible': 'http://127.0.0.1:11434/v1',
};

/**
 * Loads the provider's part of the SDK, here and not at start, and makes its model. `onSend` is
 * called before the first byte of a request leaves.
 */
export async function languageModel(
  options: ProviderOptions,
  onSend: () => void,
): Promise<LanguageModel> {
  const { provider, name, apiKey } = options;
  const baseURL = options.baseUrl ?? defaultBaseUrls[provider];
  const settings = { fetch: guardedFetch(onSend), baseURL, apiKey };
  switch (provider) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic(settings)(name);
    }
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI(settings)(name);
    }
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const { apiKey: key, ...rest } = settings;
      const credential = key === '' ? {} : { apiKey: key };
      return createOpenAICompatible({
        ...rest,
        ...credential,
        name: 'compatible',
        includeUsage: true,
      })(name);
    }
  }
}
