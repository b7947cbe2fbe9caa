import type { TokenPrice } from '@chancery/kernel/account';
import { rowOf, type ModelPrice } from '@chancery/kernel/prices';
import type { Price } from './model.ts';

const anthropicList = 'list price 2025-11, anthropic.com/pricing';
const openaiList = 'list price 2025-11, openai.com/api/pricing';

/** Input, cached input and output, in micro-USD for a million tokens. */
type Row = readonly [input: number, cachedInput: number, output: number];

const anthropic: Readonly<Record<string, Row>> = {
  'claude-opus-4-5': [5_000_000, 500_000, 25_000_000],
  'claude-opus-4-1': [15_000_000, 1_500_000, 75_000_000],
  'claude-opus-4-0': [15_000_000, 1_500_000, 75_000_000],
  'claude-sonnet-4-5': [3_000_000, 300_000, 15_000_000],
  'claude-sonnet-4-0': [3_000_000, 300_000, 15_000_000],
  'claude-haiku-4-5': [1_000_000, 100_000, 5_000_000],
  'claude-3-5-haiku': [800_000, 80_000, 4_000_000],
};

const openai: Readonly<Record<string, Row>> = {
  'gpt-5.1': [1_250_000, 125_000, 10_000_000],
  'gpt-5': [1_250_000, 125_000, 10_000_000],
  'gpt-5-mini': [250_000, 25_000, 2_000_000],
  'gpt-5-nano': [50_000, 5_000, 400_000],
  'gpt-4.1': [2_000_000, 500_000, 8_000_000],
  'gpt-4.1-mini': [400_000, 100_000, 1_600_000],
  'gpt-4.1-nano': [100_000, 25_000, 400_000],
  'gpt-4o': [2_500_000, 1_250_000, 10_000_000],
  'gpt-4o-mini': [150_000, 75_000, 600_000],
  o3: [2_000_000, 500_000, 8_000_000],
  'o4-mini': [1_100_000, 275_000, 4_400_000],
};

/** The publicly listed price of a model. */
export interface ListPrice extends ModelPrice, Price {}

/**
 * Publicly listed prices that are built in, by their models. They are those of plain calls: no batch
 * discount, no surcharge for very long contexts.
 */
export const listPrices: readonly ListPrice[] = [
  ...listed('anthropic', anthropic, anthropicList),
  ...listed('openai', openai, openaiList),
];

function listed(
  provider: string,
  rows: Readonly<Record<string, Row>>,
  source: string,
): readonly ListPrice[] {
  return Object.entries(rows).map(
    ([name, [inputMicrousd, cachedInputMicrousd, outputMicrousd]]) => ({
      model: `${provider}:${name}`,
      ...{ inputMicrousd, cachedInputMicrousd, outputMicrousd, source },
    }),
  );
}

/** Price of a model on one's own machine. Only ever chosen explicitly, never guessed from an address. */
export const localPrice: Price = {
  inputMicrousd: 0,
  cachedInputMicrousd: 0,
  outputMicrousd: 0,
  source: 'local',
};

/** Whether calls at this price cost nothing, however many they are. */
export function isFree({
  inputMicrousd,
  cachedInputMicrousd,
  outputMicrousd,
}: TokenPrice): boolean {
  return inputMicrousd + cachedInputMicrousd + outputMicrousd === 0;
}

/** Listed price of a model, `provider:name`; undefined for one that is not built in. */
export function listPriceOf(model: string): Price | undefined {
  const row = rowOf(listPrices, model);
  if (row === undefined) return undefined;
  const { inputMicrousd, cachedInputMicrousd, outputMicrousd, source } = row;
  return { inputMicrousd, cachedInputMicrousd, outputMicrousd, source };
}
