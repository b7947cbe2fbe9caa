import { describe, expect, it } from 'vitest';
import { authority, someDigest } from '@chancery/testkit/builders';
import { sealEnvelope, type Envelope } from '../encoding/index.ts';
import { castVote, checkWord, giveWord } from './index.ts';

const { ledger, trust, agent, stranger, approvers } = authority();
const [ann] = approvers;
const said = {
  ledger,
  action: someDigest('action'),
  doubt: someDigest('doubt'),
  happened: true,
  evidence: 'I looked',
};
const type = 'application/vnd.chancery.word+json';

const codeOf = (envelope: Envelope, proposer = agent.id): string | undefined =>
  checkWord(envelope, said, { trust, proposer })?.code;

describe('a word on an execution in doubt', () => {
  it('is believed of a key that is trusted for approving', () => {
    expect(codeOf(giveWord(said, ann))).toBe(undefined);
  });

  it('is not believed of a stranger, of the proposer, or of one who may approve but has proposed', () => {
    expect([
      codeOf(giveWord(said, stranger)),
      codeOf(giveWord(said, agent)),
      codeOf(giveWord(said, ann), ann.id),
    ]).toEqual(Array(3).fill('approval.not-approver'));
  });

  it.each([
    ['ledger', someDigest('other')],
    ['action', someDigest('other')],
    ['doubt', someDigest('other')],
    ['happened', false],
    ['evidence', 'I did not look'],
  ] as const)('does not stand for another %s', (member, value) => {
    expect(codeOf(giveWord({ ...said, [member]: value }, ann))).toBe('envelope.invalid');
  });

  it('is one payload of its own type, signed once', () => {
    const word = { ...said, v: 1 };
    const vote = { ledger, request: said.doubt, action: said.action, channel: 'human' };
    expect([
      codeOf(sealEnvelope(type, { ...word, v: 2 }, [ann])),
      codeOf(sealEnvelope(type, { ...word, more: 1 }, [ann])),
      codeOf(sealEnvelope(type, word, [ann, stranger])),
      codeOf(castVote({ ...vote, vote: 'grant', reason: '', expiresAt: 1 }, ann)),
    ]).toEqual(Array(4).fill('envelope.invalid'));
  });
});
