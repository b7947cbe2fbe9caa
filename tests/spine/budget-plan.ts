import fc from 'fast-check';
import { sumOf, type Amounts } from '@chancery/kernel/account';
import type { ModelEvent } from '@chancery/runtime/cognition';

/** What a capability does the next time that it is called. */
export interface Deed {
  readonly ends: 'done' | 'terminal' | 'unknown' | 'throws';
  readonly cpuMs: number;
  readonly bytesOut: number;
  /** By so much the clock goes on meanwhile. */
  readonly lastsMs: number;
}

/** What the model does the next time that it is asked. */
export type Saying =
  | { readonly does: 'call'; readonly names: readonly CapabilityName[]; readonly usage: Usage }
  | {
      readonly does: 'fail';
      readonly failure: 'terminal' | 'retryable' | 'unknown';
      /** Undefined where nobody knows. */
      readonly usage: Usage | undefined;
    };

export type Usage = Extract<ModelEvent, { type: 'finished' }>['usage'];

/** Something that somebody does with the tree; names are indices into what there is, wrapped around. */
export type Move =
  | { readonly move: 'carve'; readonly under: number; readonly budget: Amounts }
  | {
      readonly move: 'run';
      readonly under: number;
      readonly budget: Amounts;
      readonly sayings: readonly Saying[];
    }
  | { readonly move: 'close'; readonly writ: number }
  | { readonly move: 'revoke'; readonly writ: number };

/** Where the process dies: at which of its appends, and whether that one is durable. */
export interface Death {
  readonly at: number;
  readonly durable: boolean;
}

export interface Plan {
  readonly root: Amounts;
  /** Each does its moves one after the other, all of them at the same time. */
  readonly hands: readonly (readonly Move[])[];
  readonly deeds: readonly Deed[];
  /** One for each life of the process but the last. */
  readonly deaths: readonly Death[];
  /** What becomes of a run that is found unfinished, in this order, again and again. */
  readonly fates: readonly ('resume' | 'abandon' | 'leave')[];
  /** What a human finds of an execution in doubt, and null where nobody looks. */
  readonly words: readonly (boolean | null)[];
}

export const capabilityNames = ['look', 'write', 'send', 'mail'] as const;
export type CapabilityName = (typeof capabilityNames)[number];

/** What every capability estimates, and what asking the model reserves at most. */
export const estimate = { calls: 1, wallMs: 5, cpuMs: 4, bytesOut: 3 } as const;
export const asking = { inputTokens: 4, outputTokens: 6 } as const;

const nat = (max: number) => fc.nat({ max });

/** What one request and one action reserve together. */
const step: Amounts = { tokens: 10, costMicrousd: 10, ...estimate };

/** Budgets for up to so many steps: mostly of each dimension alike, sometimes with too little of some. */
function budgets(steps: number): fc.Arbitrary<Amounts> {
  const tight = fc.record({
    tokens: nat(step.tokens * steps),
    costMicrousd: nat(step.costMicrousd * steps),
    calls: nat(step.calls * steps),
    wallMs: nat(step.wallMs * steps),
    cpuMs: nat(step.cpuMs * steps),
    bytesOut: nat(step.bytesOut * steps),
  });
  const even = fc
    .integer({ min: Math.ceil(steps / 2), max: steps })
    .map((times) => sumOf(Array.from({ length: times }, () => step)));
  return fc.oneof({ weight: 1, arbitrary: tight }, { weight: 3, arbitrary: even });
}

/** `honest`: nothing costs more than it has reserved. */
export function plans({ honest }: { readonly honest: boolean }): fc.Arbitrary<Plan> {
  const times = honest ? 1 : 3;
  const usage = fc.record({
    inputTokens: nat(asking.inputTokens * times),
    cachedInputTokens: nat(asking.inputTokens),
    outputTokens: nat(asking.outputTokens * times),
  });
  const saying: fc.Arbitrary<Saying> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constant('call' as const),
        names: fc.array(fc.constantFrom(...capabilityNames), { minLength: 1, maxLength: 2 }),
        usage,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant('fail' as const),
        failure: fc.constantFrom('terminal' as const, 'retryable' as const, 'unknown' as const),
        usage: fc.option(usage, { nil: undefined }),
      }),
    },
  );
  const deed: fc.Arbitrary<Deed> = fc.record({
    ends: fc.constantFrom('done', 'done', 'done', 'terminal', 'unknown', 'throws'),
    cpuMs: nat(estimate.cpuMs * times),
    bytesOut: nat(estimate.bytesOut * times),
    lastsMs: honest ? fc.constant(0) : nat(estimate.wallMs * times),
  });
  const under = nat(5);
  const move: fc.Arbitrary<Move> = fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({ move: fc.constant('carve' as const), under, budget: budgets(12) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        ...{ move: fc.constant('run' as const), under, budget: budgets(6) },
        sayings: fc.array(saying, { minLength: 1, maxLength: 4 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ move: fc.constant('close' as const), writ: under }) },
    { weight: 1, arbitrary: fc.record({ move: fc.constant('revoke' as const), writ: under }) },
  );
  return fc.record({
    root: budgets(30),
    hands: fc.array(fc.array(move, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    deeds: fc.array(deed, { minLength: 1, maxLength: 6 }),
    deaths: fc.array(fc.record({ at: nat(20), durable: fc.boolean() }), { maxLength: 2 }),
    fates: fc.array(fc.constantFrom('resume', 'resume', 'abandon', 'leave'), {
      minLength: 1,
      maxLength: 4,
    }),
    words: fc.array(fc.constantFrom(true, false, null), { minLength: 1, maxLength: 3 }),
  });
}
