import type { Usage } from '@chancery/kernel/account';
import type { Json, JsonObject } from '@chancery/kernel/encoding';
import type { ModelEvent, ModelFailure, Price } from '@chancery/runtime/cognition';

/** What is asked of the messages since the model last spoke; all that is given must hold. */
export interface Condition {
  /** A result failed with this code. */
  readonly failedWith: string | undefined;
  /** A result of this capability did not fail. */
  readonly succeeded: string | undefined;
  /** A message holds this text; a result is searched in its JSON text. */
  readonly contains: string | undefined;
}

export interface ScriptedCall {
  readonly name: string;
  /** Arguments, or raw text in their place. */
  readonly args: JsonObject | { readonly malformed: string };
  /** What a router is to say of the call, whatever it is; with its digest, where that was left out. */
  readonly routing: Json | undefined;
}

export interface ScriptedFailure {
  readonly failure: ModelFailure;
  /** How many attempts at this turn fail, counted in this process; the later ones succeed. */
  readonly times: number;
}

export type Stop = Extract<ModelEvent, { type: 'finished' }>['stop'];

/** One answer of the model. */
export interface ScriptedTurn {
  /** Whether this alternative is the one to play. */
  readonly when: Condition;
  /** What the script's author relies on; when it does not hold, the turn fails. */
  readonly expect: Condition;
  readonly say: string;
  readonly calls: readonly ScriptedCall[];
  readonly stop: Stop;
  /** Undefined: four characters are a token. */
  readonly usage: Usage | undefined;
  readonly fail: ScriptedFailure | undefined;
}

/** A model's part. Its n-th answer is the first alternative of the n-th turn that is to be played. */
export interface Script {
  readonly name: string;
  readonly price: Price;
  readonly turns: readonly (readonly ScriptedTurn[])[];
}
