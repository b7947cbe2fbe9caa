import { expect, test } from 'vitest';
import { malformedArguments } from '@chancery/testkit/malformed';
import { readArgs } from './call-args.ts';

test.each(malformedArguments)('%s is kept as the malformed text that it is', (_, raw) => {
  expect(readArgs(raw)).toEqual({ malformed: raw.toWellFormed() });
});

test.each([
  ['', {}],
  [' \n', {}],
  ['{"a":-1}', { a: -1 }],
])('%j are arguments', (raw, args) => {
  expect(readArgs(raw)).toEqual(args);
});
