import type { Effect, KnownCapability, Normalised } from '../contract/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { PolicyVerdict } from '../policy/index.ts';
import {
  Fault,
  refusal,
  type Refusal,
  type RefusalCode,
  type RefusalOptions,
} from '../refusal/index.ts';
import type { Grant, ReadWrit } from '../writ/index.ts';
import type { Action, Question, CompileInput, Hold, Intent } from './model.ts';

/**
 * What is known of one compilation so far. Each member is set by the one stage that establishes it
 * and read, through `established`, by later ones.
 */
export interface Compilation {
  readonly input: CompileInput;
  /** By `intent`. */
  intent: Intent | undefined;
  intentDigest: Digest | undefined;
  /** By `writ`. */
  writ: ReadWrit | undefined;
  /** By `capability`. */
  capability: KnownCapability | undefined;
  grant: Grant | undefined;
  /** By `args`. */
  normalised: Normalised | undefined;
  /** By `args`: of contract and arguments, in the order of `effects`. */
  effects: readonly Effect[] | undefined;
  /** By `policy`: what holds the action whatever policy says, and what policy was asked. */
  builtInHolds: readonly Hold[] | undefined;
  question: Question | undefined;
  verdict: PolicyVerdict | undefined;
  /** By `holds`. */
  action: Action | undefined;
  actionDigest: Digest | undefined;
}

export function beginCompilation(input: CompileInput): Compilation {
  return {
    input,
    intent: undefined,
    intentDigest: undefined,
    writ: undefined,
    capability: undefined,
    grant: undefined,
    normalised: undefined,
    effects: undefined,
    builtInHolds: undefined,
    question: undefined,
    verdict: undefined,
    action: undefined,
    actionDigest: undefined,
  };
}

/** @throws {Fault} when the stage that establishes the value has not passed: the order is broken. */
export function established<T>(value: T | undefined): T {
  if (value === undefined) throw new Fault('a stage ran before the one that it relies on');
  return value;
}

export type StageVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | { readonly kind: 'hold'; readonly hold: Hold };

/** One stage: a pure function of what is recorded and of what earlier stages established. */
export type Stage = (compilation: Compilation) => StageVerdict;

export const pass: StageVerdict = { kind: 'pass' };

export function refuse(code: RefusalCode, message: string, options?: RefusalOptions): StageVerdict {
  return { kind: 'refuse', refusal: refusal(code, message, options) };
}

/** Passes where there is no refusal. */
export function passUnless(found: Refusal | undefined): StageVerdict {
  return found === undefined ? pass : { kind: 'refuse', refusal: found };
}
