import { describe, expect, it } from 'vitest';
import {
  authority,
  compileInput,
  someCapability,
  someHalt,
  someNormalised,
} from '@chancery/testkit/builders';
import type { Effect } from '../contract/index.ts';
import { done } from '../refusal/index.ts';
import { compile } from './index.ts';

const input = compileInput({}, authority());

describe('the compiler under controls', () => {
  it.each([
    ['a kill', { controls: [someHalt('kill')] }],
    ['a soft kill', { controls: [someHalt('soft')] }],
    ['a lockdown, what writes', { controls: [someHalt('lockdown')] }],
    ['a lockdown, what nobody knows', { controls: [someHalt('lockdown')], capability: undefined }],
    [
      'a lockdown, what could not be normalised',
      { controls: [someHalt('lockdown')], normalised: undefined },
    ],
  ])('refuses under %s, before anything else is asked', (_, changes) => {
    const outcome = compile({ ...input, ...changes, intent: null });
    expect(outcome).toMatchObject({
      ...{ kind: 'rejected', refusal: { code: 'control.halted' } },
      trace: { controls: 'refuse', intent: 'unreached' },
    });
  });

  it('lets what only looks pass under a lockdown, by its contract and by its arguments', () => {
    const controls = [someHalt('lockdown')];
    const withEffects = (own: Effect, more: readonly Effect[]) => {
      const capability = someCapability({ effect: own });
      const normalised = done(someNormalised({ effects: more }));
      const outcome = compile({
        ...{ ...input, controls, capability, normalised },
        pinnedContract: capability.digest,
      });
      return outcome.kind === 'rejected' ? outcome.refusal.code : outcome.kind;
    };
    expect([
      withEffects('read', ['read']),
      withEffects('pure', ['pure', 'read']),
      withEffects('read', ['write']),
      withEffects('write', ['read']),
      withEffects('read', ['delete' as Effect]),
    ]).toEqual(['staged', 'staged', 'control.halted', 'control.halted', 'control.halted']);
  });

  it('tells of several controls the one that takes away most, and where to lift it', () => {
    const file = someHalt('kill', { source: 'switch-file', reason: 'touched' });
    const outcome = compile({
      ...input,
      controls: [someHalt('lockdown'), someHalt('soft', { scope: 'writ' }), file],
    });
    expect(outcome.kind === 'rejected' && outcome.refusal).toEqual({
      ...{ code: 'control.halted', retryable: true },
      message: 'all is halted by the switch file: touched',
      remedy: 'Remove the file `halt` of the home (chancery halt list names it), then try again.',
      details: { mode: 'kill', scope: 'all', source: 'switch-file' },
    });
  });
});
