import { describe, expect, it } from 'vitest';
import { isThere } from './codes/named.ts';

const [here, kernel, adapters] = [
  'tests/fail-closed',
  'packages/kernel/src',
  'packages/adapters/src',
];
const [answer, saying] = [`${here}/bad-answer.test.ts`, `${here}/bad-saying.test.ts`];
const [policy, storeDown] = [`${here}/bad-policy.int.test.ts`, `${here}/store-down.test.ts`];
const done = '%s is refused, recorded and not done';
const unspoken = '%s is refused as %s, and nothing is recorded';

type Row = readonly [of: string, file: string, title: string];

/** Input that is bad, and the tests that show for each part that it is refused without an effect. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  'a missing field': [
    ['arguments', answer, done],
    ['an intent', `${kernel}/compiler/compile.test.ts`, 'refuses an intent with %s'],
    ['an entry', `${kernel}/ledger/check-body.test.ts`, 'refuses %s'],
    ['an export', `${kernel}/export/reader.test.ts`, 'is refused with %s in its first line'],
  ],
  'an unknown kind': [
    ['an intent', `${kernel}/compiler/compile.test.ts`, 'refuses an intent with %s'],
    ['an entry', `${kernel}/ledger/seal.test.ts`, 'refuses a kind that is not in the catalogue'],
    ['a capability', answer, done],
  ],
  'a bad regex': [['arguments', answer, done]],
  'invalid UTF-8': [
    [
      'a policy',
      policy,
      'a policy that is not UTF-8 is not checked or activated: its rules would name something else',
    ],
    ['an answer of a model', answer, '%s fails for good, and nothing of it is done'],
    ['a task', answer, '%s begins no run'],
    ['a program that proposes', answer, '%s is malformed, and nothing is recorded or done'],
    [
      'a message of another process',
      `${adapters}/owner-socket/frame.test.ts`,
      'is none when it is not UTF-8',
    ],
  ],
  'NaN, a negative number, a fraction, or one beyond 2^53': [
    ['arguments', answer, done],
    ['tokens of a model', answer, '%s fails for good, and nothing of it is done'],
    ['a program that proposes', answer, '%s is malformed, and nothing is recorded or done'],
    ['writs, prices, channels, delegations', saying, unspoken],
    ['a record', `${kernel}/encoding/parse.test.ts`, 'refuses %s'],
    [
      'the clock',
      `${here}/bad-clock.test.ts`,
      'a clock that tells %d gives no time, and nothing is done or recorded',
    ],
  ],
  'a clock that goes backwards': [
    [
      'an approval',
      `${here}/bad-clock.test.ts`,
      'makes no time to answer longer: the action is refused',
    ],
    ['a writ', `${here}/bad-clock.test.ts`, 'makes no writ valid again: the run ends'],
    [
      'entries',
      'apps/cli/src/commands/approval.int.test.ts',
      'a clock that was set back makes no recorded time fall',
    ],
  ],
  'a store that is down in the middle of a decision': [
    [
      'reading and writing',
      storeDown,
      'lets nothing be done that is not begun on it, and nothing that is be done again',
    ],
    [
      'a process that is killed',
      'tests/crash/crash.int.test.ts',
      'ends as it would have ended, whenever that happens',
    ],
  ],
  'a policy library that does not load': [
    [
      'a new policy',
      policy,
      'no policy is checked or activated when the policy library does not load',
    ],
    ['an action', policy, 'what is active decides without it, and forbids as before'],
  ],
  'too much': [
    ['arguments', answer, done],
    ['an answer of a model', answer, '%s fails for good, and nothing of it is done'],
    [
      'an answer that fits',
      answer,
      'is long and can be: it is recorded, and read again by who takes the run up',
    ],
    ['a task', answer, '%s begins no run'],
    ['a writ, a control, a key', saying, unspoken],
    ['a reason', saying, '%s'],
    [
      'an entry',
      `${kernel}/ledger/seal.test.ts`,
      'refuses an entry that no bundle can hold, by a byte',
    ],
    [
      'evidence of a router',
      'tests/spine/routing.test.ts',
      'has so much room in an answer, and calls beyond that are refused',
    ],
    [
      'an export',
      `${kernel}/export/reader.test.ts`,
      'that is too long for an entry is told before it is written',
    ],
    ['a timestamp', `${kernel}/timestamp/hostile.int.test.ts`, 'nested without end is refused'],
    [
      'prices',
      `${kernel}/prices/prices.test.ts`,
      'may be as long as an entry holds, and not longer',
    ],
  ],
};

describe.each(Object.entries(rows))('%s', (_, parts) => {
  it.each(parts)('in the place of %s is shown to be refused', (_of, file, title) => {
    expect(isThere({ file, title })).toBe(true);
  });
});
