import { expect, test } from 'vitest';
import { readArgs } from './call-args.ts';

test.each([
  ['text that is not JSON', 'send it'],
  ['a list', '[]'],
  ['a missing end', '{"a":1'],
  ['a duplicate member', '{"a":1,"a":2}'],
  ['a fraction', '{"a":0.5}'],
  ['NaN', '{"a":NaN}'],
  ['2^53', '{"a":9007199254740992}'],
  ['a lone surrogate', '{"a":"\\ud800"}'],
  ['a raw lone surrogate', '{"a":"\ud800"}'],
  ['what is nested too deep', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
])('%s is kept as the malformed text that it is', (_, raw) => {
  expect(readArgs(raw)).toEqual({ malformed: raw.toWellFormed() });
});

test.each([
  ['', {}],
  [' \n', {}],
  ['{"a":-1}', { a: -1 }],
])('%j are arguments', (raw, args) => {
  expect(readArgs(raw)).toEqual(args);
});
