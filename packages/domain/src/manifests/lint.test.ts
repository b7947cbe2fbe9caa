import { someManifest, someRequest } from '@chancery/testkit/builders';
import type { Manifest } from '@chancery/kernel/manifest';
import { describe, expect, it } from 'vitest';
import { lintManifest } from './lint.ts';

const input = someManifest().input;
const bounded = {
  ...input,
  properties: { thing: { type: 'string', maxLength: 9 }, note: { enum: ['a'] } },
};

/** One of which nothing is doubtful. */
const clear = someManifest({
  input: bounded,
  executor: { ...someRequest, headers: { 'idempotency-key': '{$action}' } },
  reconcile: {
    executor: { ...someRequest, method: 'GET', body: null },
    happened: [{ at: '/body/id', op: 'exists' }],
    didNotHappen: [{ at: '/body/id', op: 'absent' }],
  },
  compensate: {
    ...{ description: 'Takes it away.', given: { id: 'output.id' }, authors: {} },
    output: { type: 'object', additionalProperties: false, properties: {} },
    executor: { ...someRequest, method: 'GET', body: null, url: 'https://a.test/', observed: {} },
    reconcile: null,
  },
});

const told = (changes: Partial<Manifest>): readonly string[] =>
  lintManifest({ ...clear, ...changes }).map(({ code, at }) => `${code} ${at}`);

const program = (...argv: readonly string[]): Partial<Manifest> => ({
  executor: {
    ...{ kind: 'command', argv, stdin: null, credentials: [], output: 'text', success: [0] },
    observed: {},
  },
  compensate: null,
});

describe('what of a manifest is hardly meant', () => {
  it('is nothing where all is said', () => {
    expect(told({})).toEqual([]);
  });

  it.each<[string, Partial<Manifest>, string]>([
    ['nobody can be asked', { reconcile: null }, 'no-reconcile reconcile'],
    ['nothing takes it back', { compensate: null }, 'undone compensate'],
    ['a receiver could take it twice', { executor: { ...someRequest } }, 'not-idempotent executor'],
    [
      'it is sent in clear',
      { executor: { ...someRequest, url: 'http://a.test/', body: '{$action}' } },
      'plain-http executor.url',
    ],
    ['a value may be an option', program('wc', '{thing}'), 'option-place executor.argv'],
    ['a text may be long', { input }, 'unbounded input.properties.thing'],
  ])('is that %s', (_, changes, warning) => {
    expect(told(changes)).toContain(warning);
  });

  it('is no place that no option is read at', () => {
    expect(told(program('wc', '--', '{thing}'))).toEqual([]);
    expect(told(program('wc', '--file={thing}'))).toEqual([]);
  });
});
