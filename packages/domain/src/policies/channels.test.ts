import { expect, test } from 'vitest';
import type { Channel, Channels } from '@chancery/kernel/channel';
import { mayGrantMore } from './channels.ts';

const usual: Channel = {
  ...{ name: 'desk', approvers: ['ann', 'bob'], withinMs: 1_000 },
  escalate: { to: 'board', afterMs: 500 },
};

const of = (change: Partial<Channel> | undefined): Channels =>
  new Map(change === undefined ? [] : [['desk', { ...usual, ...change }]]);

test.each<readonly [string, Partial<Channel> | undefined, boolean]>([
  ['the same', {}, false],
  ['fewer approvers', { approvers: ['bob'] }, false],
  ['less time', { withinMs: 999 }, false],
  ['nobody after', { escalate: null }, true],
  ['somebody after, sooner', { escalate: { to: 'board', afterMs: 400 } }, true],
  ['another approver', { approvers: ['ann', 'cyd'] }, true],
  ['more time', { withinMs: 1_001 }, true],
  ['somebody else after', { escalate: { to: 'all', afterMs: 500 } }, true],
  ['somebody after, later', { escalate: { to: 'board', afterMs: 600 } }, true],
  ['everybody', undefined, true],
])('a channel may grant more or not: %s', (_, change, more) => {
  expect(mayGrantMore(of({}), of(change))).toEqual(more ? ['desk'] : []);
});

test('a channel that comes to be defined may grant later than the run would have waited', () => {
  expect([mayGrantMore(of(undefined), of({})), mayGrantMore(of(undefined), of(undefined))]).toEqual(
    [...[['desk'], []]],
  );
});
