import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import {
  authority,
  compileInput,
  constantPolicy,
  someCapability,
  someHalt,
  someIntent,
  someNormalised,
} from '@chancery/testkit/builders';
import { zeroAmounts } from '../account/index.ts';
import { effects, risks } from '../contract/index.ts';
import { recordText } from '../encoding/index.ts';
import type { PolicyVerdict } from '../policy/index.ts';
import { done, refused } from '../refusal/index.ts';
import { compile, stageNames, type CompileInput } from './index.ts';

const house = authority();
const base = compileInput({}, house);

const verdict: fc.Arbitrary<PolicyVerdict> = fc.constantFrom<PolicyVerdict>(
  { kind: 'permit', rules: [] },
  { kind: 'deny', rules: [], advice: undefined },
  { kind: 'error', rules: [], message: 'broken' },
  { kind: 'hold', rules: [], channel: 'c', quorum: 2, rule: 'r', advice: 'ask' },
);

const capability = fc
  .record({ effect: fc.constantFrom(...effects), risk: fc.constantFrom(...risks) })
  .map(someCapability);

const normalised = fc.oneof(
  fc.constant(refused('args.escapes', 'outside')),
  fc
    .record({
      effects: fc.subarray([...effects]),
      paths: fc.subarray(['src/a.ts', 'package.json', 'docs']),
      args: fc.record({ path: fc.constantFrom('src', 'docs', '..') }),
    })
    .map((changes) => done(someNormalised(changes))),
);

/** Inputs in which each part is mostly as it should be, so that every stage is reached. */
const input: fc.Arbitrary<CompileInput> = fc
  .record(
    {
      controls: fc.constantFrom(
        [],
        [],
        [],
        [someHalt('kill')],
        [someHalt('soft')],
        [someHalt('lockdown')],
      ),
      intent: fc.oneof(
        { weight: 4, arbitrary: fc.constant(someIntent()) },
        { weight: 1, arbitrary: fc.anything() },
      ),
      nowMs: fc.constantFrom(0, 1_000, 5_000, 9_000, 9_001),
      capability,
      normalised,
      available: fc.constantFrom(zeroAmounts, base.available, base.available),
      policy: verdict.map(constantPolicy),
      riskThreshold: fc.constantFrom(...risks),
    },
    { requiredKeys: [] },
  )
  .map((changes) => ({
    ...base,
    ...changes,
    pinnedContract: (changes.capability ?? base.capability)?.digest,
  }));

describe('laws of the compiler', () => {
  it('the same input gives the same bytes', () => {
    fc.assert(
      fc.property(input, (given) => {
        expect(recordText(compile(given))).toBe(recordText(compile({ ...given })));
      }),
      cases(300),
    );
  });

  it('the trace passes up to one stage, and reaches none after it', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { kind, trace } = compile(given);
        const verdicts = stageNames.map((name) => trace[name]);
        const stop = verdicts.findIndex((found) => found !== 'pass');
        if (kind === 'staged') {
          expect(stop).toBe(-1);
          return;
        }
        expect(verdicts[stop]).toBe(kind === 'rejected' ? 'refuse' : 'hold');
        expect(new Set(verdicts.slice(stop + 1))).toEqual(
          new Set(stop === stageNames.length - 1 ? [] : ['unreached']),
        );
      }),
      cases(300),
    );
  });

  it('nothing is staged that the writ, the account or policy does not allow', () => {
    fc.assert(
      fc.property(input, (given) => {
        const outcome = compile(given);
        if (outcome.kind !== 'staged') return;
        const { window, effects: ceiling } = writOf(given);
        expect(given.nowMs >= window.notBefore && given.nowMs <= window.notAfter).toBe(true);
        for (const effect of outcome.effects) expect(['pure', ...ceiling]).toContain(effect);
        expect(outcome.reserved.calls).toBeLessThanOrEqual(given.available.calls);
        expect(given.policy.decide({} as never).kind).toBe('permit');
        const looks = outcome.effects.every((effect) => effect === 'pure' || effect === 'read');
        const modes = given.controls.map(({ mode }) => mode);
        expect(modes).toEqual(looks && modes.length > 0 ? ['lockdown'] : []);
      }),
      cases(1_000),
    );
  });
});

function writOf(given: CompileInput) {
  const [first] = given.chain;
  if (first === undefined) throw new Error('the builder presents a writ');
  return first.writ;
}
