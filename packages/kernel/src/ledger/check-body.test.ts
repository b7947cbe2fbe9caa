import { describe, expect, test } from 'vitest';
import { zeroAmounts } from '../account/index.ts';
import { refusal } from '../refusal/index.ts';
import { checkBody, checkHome } from './check-body.ts';

const digest = 'a'.repeat(64);

describe('checkBody', () => {
  test('accepts a body that satisfies the schema of its kind', () => {
    expect(checkBody('writ.carved', { child: digest, budget: zeroAmounts })).toBeUndefined();
  });

  test.each([
    ['a kind that is not in the catalogue', 'run.imagined'],
    ['a name that every object inherits', 'constructor'],
  ])('refuses %s', (_what, kind) => {
    expect(checkBody(kind, {})).toEqual(
      refusal('entry.unknown-kind', `"${kind}" is not a kind of the catalogue`),
    );
  });

  test.each<readonly [string, unknown, string]>([
    ['a body that is no object', [], 'the body of writ.carved: it is not an object'],
    ['a missing member', { child: digest }, 'the body of writ.carved: /budget is missing'],
    [
      'a member of the wrong form',
      { child: 'A'.repeat(64), budget: zeroAmounts },
      'the body of writ.carved: /child is not of the form ^[0-9a-f]{64}$',
    ],
    [
      'a deep fraction, naming its place',
      { child: digest, budget: { ...zeroAmounts, tokens: 0.5 } },
      'the body of writ.carved: /budget/tokens is not an integer from 0 to 9007199254740991',
    ],
    [
      'a negative amount',
      { child: digest, budget: { ...zeroAmounts, calls: -1 } },
      'the body of writ.carved: /budget/calls is not an integer from 0 to 9007199254740991',
    ],
    [
      'a member that the schema does not know',
      { child: digest, budget: zeroAmounts, note: '' },
      'the body of writ.carved: /note is not a member',
    ],
    [
      'a member without a value',
      { child: digest, budget: zeroAmounts, note: undefined },
      'the body of writ.carved: /note is not a member',
    ],
  ])('refuses %s', (_what, body, message) => {
    expect(checkBody('writ.carved', body)).toEqual(refusal('entry.invalid', message));
  });
});

describe('checkHome', () => {
  test.each([
    ['key.trusted', 'ledger'],
    ['writ.issued', `writ:${digest}`],
    ['commit', 'run:r1'],
    ['approval.voted', `approval:${digest}`],
  ] as const)('lets %s stand on %s', (kind, stream) => {
    expect(checkHome(kind, stream)).toBeUndefined();
  });

  test.each([
    ['key.trusted', 'run:r1'],
    ['commit', 'ledger'],
    ['commit', 'task:r1'],
    ['writ.issued', 'writ'],
  ] as const)('refuses %s on %s', (kind, stream) => {
    expect(checkHome(kind, stream)?.code).toBe('entry.invalid');
  });
});
