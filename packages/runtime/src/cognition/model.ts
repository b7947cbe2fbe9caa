import type { TokenPrice, Usage } from '@chancery/kernel/account';
import type { Json, JsonObject } from '@chancery/kernel/encoding';

/** One message of the conversation with a model. */
export type Message =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly ModelCall[] }
  | {
      readonly role: 'tool';
      readonly callId: string;
      readonly name: string;
      /** Observation, or a refusal or failure in the form of errors. */
      readonly result: Json;
      readonly failed: boolean;
    };

/** A capability called by a model. */
export interface ModelCall {
  readonly id: string;
  readonly name: string;
  /** Parsed arguments, or the raw text when it is not a JSON object. */
  readonly args: JsonObject | { readonly malformed: string };
}

/** A capability as it is offered to a model. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly input: JsonObject;
}

export interface ModelRequest {
  readonly messages: readonly Message[];
  readonly tools: readonly ModelTool[];
  readonly maxOutputTokens: number;
}

export interface ModelFailure {
  /** `retryable`: the same request may work later; `terminal`: it will not; `unknown`: cut off. */
  readonly class: 'terminal' | 'retryable' | 'unknown';
  /** `rate-limited`, `overloaded`, `unauthorised`, `bad-request`, `context-too-long`, `cut-off`, `unreachable`, `not-sent`, `protocol`, `timeout`, `cancelled`. */
  readonly code: string;
  /** Without any credential. */
  readonly message: string;
  /** What the provider asks to wait. */
  readonly retryAfterMs: number | undefined;
}

export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'call';
      readonly call: ModelCall;
      /** What a router says of how it came to this call; trusted for nothing, and shown to no model. */
      readonly routing?: unknown;
    }
  | {
      readonly type: 'finished';
      readonly stop: 'end' | 'calls' | 'length' | 'refusal' | 'other';
      readonly usage: Usage;
      /** The model that the provider says has answered, where it is another than was asked. */
      readonly servedBy?: string;
    }
  | {
      readonly type: 'failed';
      readonly failure: ModelFailure;
      /** What is known to have been used; undefined when nobody knows. */
      readonly usage: Usage | undefined;
    };

/** What a model costs. */
export interface Price extends TokenPrice {
  /** Where the price comes from, for the record. */
  readonly source: string;
}

/**
 * A language model. The stream ends with exactly one `finished` or `failed`; the provider's failure
 * is data, so the iterator throws for broken assumptions alone. It makes one attempt and does not
 * retry. Aborting `signal` ends it with `failed` (`cancelled`).
 */
export interface Model {
  /** `provider:name`. */
  readonly id: string;
  /** What its calls cost where no price table says otherwise; undefined where nobody knows. */
  readonly price: Price | undefined;
  /** Estimate of the input tokens of a request, never less than what is really used where possible. */
  estimateTokens(request: ModelRequest): number;
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}
