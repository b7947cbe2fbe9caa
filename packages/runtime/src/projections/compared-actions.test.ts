import { expect, test } from 'vitest';
import type { Json } from '@chancery/kernel/encoding';
import type { AuditedAction, AuditedOutcome } from './audit.ts';
import { compareActions } from './compared-actions.ts';

let entries = 0;

function wanting(intent: Json, outcome: object = { kind: 'committed', observation: null }) {
  entries += 1;
  return { seq: entries, intent, outcome: outcome as AuditedOutcome } as AuditedAction;
}

const write = (path: string, outcome?: object) =>
  wanting({ capability: 'fs.write', args: { path }, nonce: `n${entries}` }, outcome);
const failed = { kind: 'failed', failure: { code: 'timeout' } };
const rejected = { kind: 'rejected', refusal: { code: 'policy.denied' } };

test('what both wanted is alike, whatever its nonce', () => {
  const left = [write('a'), write('b')];
  const right = [write('a'), write('b')];
  expect(compareActions(left, right)).toEqual({
    alike: 2,
    differing: [],
    onlyLeft: [],
    onlyRight: [],
  });
});

test('what one wanted alone is its own, and what stands behind it is still found', () => {
  const left = [write('a'), write('b'), write('c')];
  const right = [write('a'), write('x'), write('c'), write('c')];
  expect(compareActions(left, right)).toEqual({
    alike: 1,
    differing: [],
    onlyLeft: [left[1]],
    onlyRight: [right[1], right[3]],
  });
});

test.each([
  [failed, rejected],
  [failed, { kind: 'open' }],
  [rejected, { kind: 'in-doubt' }],
  [
    { kind: 'committed', observation: { exitCode: 0, wallMs: 1 } },
    { kind: 'committed', observation: { exitCode: 1, wallMs: 1 } },
  ],
])('what came to %j in one and to %j in the other differs', (one, other) => {
  const [left, right] = [write('a', one), write('a', other)];
  expect(compareActions([left], [right]).differing).toEqual([[left, right]]);
});

test('what took another time has come to the same', () => {
  const took = (wallMs: number) => ({ kind: 'committed', observation: { exitCode: 0, wallMs } });
  expect(compareActions([write('a', took(1))], [write('a', took(2))]).differing).toEqual([]);
});

test('what is no intent is compared as it is', () => {
  const odd = [wanting('no call'), wanting({}), wanting({ capability: 'fs.read' })];
  const { alike } = compareActions(odd, [...odd]);
  expect(alike).toBe(3);
  expect(compareActions(odd, []).onlyLeft).toEqual(odd);
});
