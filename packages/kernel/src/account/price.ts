import { Fault } from '../refusal/index.ts';

/** Micro-USD for a million tokens. */
export interface TokenPrice {
  readonly inputMicrousd: number;
  readonly cachedInputMicrousd: number;
  readonly outputMicrousd: number;
}

/** Tokens that one model call has used. */
export interface Usage {
  /** All input tokens, the cached ones included. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

/** Tokens and money of one model call, as entries record them. */
export interface ModelSpend {
  readonly tokens: number;
  readonly costMicrousd: number;
}

/**
 * Cost of a call in micro-USD, rounded up. More cached input than input counts as all cached.
 * @throws {Fault} when it is no safe integer.
 */
export function costMicrousd(price: TokenPrice, usage: Usage): number {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const scaled =
    BigInt(usage.inputTokens - cached) * BigInt(price.inputMicrousd) +
    BigInt(cached) * BigInt(price.cachedInputMicrousd) +
    BigInt(usage.outputTokens) * BigInt(price.outputMicrousd);
  const cost = Number((scaled + 999_999n) / 1_000_000n);
  if (!Number.isSafeInteger(cost))
    throw new Fault('the cost of a model call is not a safe integer');
  return cost;
}

/** What a call has spent. Throws as `costMicrousd` does. */
export function spendOf(price: TokenPrice, usage: Usage): ModelSpend {
  return {
    tokens: usage.inputTokens + usage.outputTokens,
    costMicrousd: costMicrousd(price, usage),
  };
}

/**
 * What a call can spend at most when the estimate of its input holds: nothing cached, full output.
 * Throws as `costMicrousd` does.
 */
export function reserve(
  price: TokenPrice,
  estimatedInputTokens: number,
  maxOutputTokens: number,
): ModelSpend {
  const dearest = Math.max(price.inputMicrousd, price.cachedInputMicrousd);
  return spendOf(
    { ...price, inputMicrousd: dearest },
    { inputTokens: estimatedInputTokens, cachedInputTokens: 0, outputTokens: maxOutputTokens },
  );
}
