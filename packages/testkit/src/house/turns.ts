import type { JsonObject } from '@chancery/kernel/encoding';
import { localPrice, type Model, type ModelEvent } from '@chancery/runtime/cognition';

/** One answer of a model: what it says, and what it calls. */
export interface Turn {
  readonly say?: string;
  readonly calls?: readonly {
    readonly name: string;
    readonly args: JsonObject;
    /** What a router says of the call, whatever it is. */
    readonly routing?: unknown;
  }[];
  /** The model that is said to have answered, where it is another. */
  readonly servedBy?: string;
}

const usage = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 };

/** A model that gives these answers, chosen by how often it has answered already. */
export function modelOf(turns: readonly Turn[]): Model {
  return {
    id: 'test:turns',
    price: { ...localPrice, outputMicrousd: 1_000_000 },
    estimateTokens: () => 10,
    async *stream(request): AsyncGenerator<ModelEvent> {
      const answered = request.messages.filter(({ role }) => role === 'assistant').length;
      const turn: Turn = turns[answered] ?? {};
      await Promise.resolve();
      if (turn.say !== undefined) yield { type: 'text', text: turn.say };
      for (const [index, { name, args, routing }] of (turn.calls ?? []).entries()) {
        const call = { id: `call-${answered}-${index}`, name, args };
        yield { type: 'call', call, ...(routing === undefined ? {} : { routing }) };
      }
      const { servedBy } = turn;
      const served = servedBy === undefined ? {} : { servedBy };
      yield {
        type: 'finished',
        stop: turn.calls === undefined ? 'end' : 'calls',
        usage,
        ...served,
      };
    },
  };
}
