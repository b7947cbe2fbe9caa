import { describe, expect, it } from 'vitest';
import type { Channels } from '@chancery/kernel/channel';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { Bundle } from '@chancery/kernel/policy';
import { authority } from '@chancery/testkit/builders';
import { holdingRules, unreachableHolds } from './holds.ts';

const { trust, approvers } = authority();
const [ann, bob, cleo] = approvers.map(({ id }) => id);

function bundle(rules: Readonly<Record<string, JsonObject>>): Bundle {
  const staticPolicies = Object.fromEntries(
    Object.entries(rules).map(([id, annotations]) => [id, { effect: 'forbid', annotations }]),
  );
  const policies = { staticPolicies, templates: {}, templateLinks: [] } as Bundle['policies'];
  return { v: 1, name: 'p', level: 'tenant', policies, text: '', schema: 'a'.repeat(64) };
}

const asking = (quorum: string, channel = 'desk'): Bundle =>
  bundle({ ask: { hold: channel, quorum } });

const desk = (...of: (string | undefined)[]): Channels =>
  new Map([
    [
      'desk',
      {
        ...{ name: 'desk', withinMs: 1, escalate: null },
        approvers: of.flatMap((key) => key ?? []) as readonly `ed25519:${string}`[],
      },
    ],
  ]);

describe('rules that hold', () => {
  it('are those with a channel, for one vote where they say no other number', () => {
    const rules = {
      one: { hold: 'desk' },
      two: { hold: 'human', quorum: '2' },
      watched: { hold: 'desk', shadow: '' },
      denies: { advice: 'no' },
    };
    expect(holdingRules([bundle(rules)])).toEqual([
      { level: 'tenant', rule: 'one', channel: 'desk', quorum: 1 },
      { level: 'tenant', rule: 'two', channel: 'human', quorum: 2 },
    ]);
  });

  it.each<[string, Bundle, Channels, number | undefined]>([
    ['as many as are on the channel', asking('2'), desk(ann, bob), undefined],
    ['more than are on the channel', asking('3'), desk(ann, bob), 2],
    ['a key that may not approve', asking('2'), desk(ann, authority().lead.id), 1],
    ['as many as there are, on no channel', asking('3'), new Map(), undefined],
    ['more than there are, on no channel', asking('4'), new Map(), 3],
    ['another channel', asking('3', 'human'), desk(ann), undefined],
    ['one, of three', asking('1'), desk(ann, bob, cleo), undefined],
  ])('can be released or not: %s', (_, held, channels, told) => {
    const [found] = unreachableHolds([held], { channels, trust });
    expect(found?.approvers).toBe(told);
  });
});
