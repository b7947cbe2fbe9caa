import { authority, compileInput, constantPolicy } from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../channel/index.ts';
import { compile, type CompileInput, type Resolution } from './index.ts';

const house = authority();
const [ann, bob, cyd] = house.approvers;

const held = (quorum: number): Partial<CompileInput> => ({
  policy: constantPolicy({
    ...{ kind: 'hold', channel: 'desk', quorum, rule: 'ask', advice: undefined },
    rules: [{ id: 'ask', level: 'tenant', effect: 'hold' }],
  }),
});

const deskOf = (...approvers: readonly string[]): Pick<CompileInput, 'channels'> => {
  const desk: Channel = { name: 'desk', approvers, withinMs: 1_000, escalate: null };
  return { channels: new Map([['desk', desk]]) };
};

function outcomeOf(changes: Partial<CompileInput>): string {
  const outcome = compile(compileInput(changes, house));
  return outcome.kind === 'rejected' ? outcome.refusal.code : outcome.kind;
}

describe('a hold', () => {
  it('that too few may answer is refused: on its channel, and where there is none', () => {
    const unreachable = 'approval.unreachable';
    expect([
      outcomeOf({ ...held(3) }),
      outcomeOf({ ...held(4) }),
      outcomeOf({ ...held(2), ...deskOf(ann.id, bob.id) }),
      outcomeOf({ ...held(2), ...deskOf(ann.id) }),
      outcomeOf({ ...held(2), ...deskOf(ann.id, house.issuer.id) }),
    ]).toEqual(['suspended', unreachable, 'suspended', unreachable, unreachable]);
  });

  it('is released by the answer of the channel that it is held on, and by no other', () => {
    const input = compileInput(held(1), house);
    const first = compile(input);
    if (first.kind !== 'suspended') throw new Error('it is held');
    const answer = (channel: string): Resolution => ({
      ...{ action: first.actionDigest, channel, outcome: 'granted', voters: [cyd.id] },
      asked: { channel, of: [cyd.id] },
      ...{ quorum: 1, expiresAt: 9_000, used: false },
    });
    expect(
      ['desk', 'human'].map((channel) => compile({ ...input, resolution: answer(channel) }).kind),
    ).toEqual(['staged', 'suspended']);
  });
});
