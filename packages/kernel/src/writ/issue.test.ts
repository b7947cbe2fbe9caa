import { describe, expect, it } from 'vitest';
import { authority, someChain, someDigest, someTerms } from '@chancery/testkit/builders';
import {
  attenuate,
  createGenesis,
  issueWrit,
  readGenesis,
  readRevocation,
  revokeWrit,
} from './index.ts';
import type { WritRequest } from './issue.ts';

const house = authority();
const [, root] = someChain(house);

function codeOf(changes: Partial<WritRequest>): string | undefined {
  const terms = someTerms({ delegation: { depth: 0, children: 0 } });
  const result = issueWrit({
    ledger: house.ledger,
    parent: root,
    issuer: house.lead,
    subject: house.agent.id,
    terms,
    nonce: 'n',
    ...changes,
  });
  return result.ok ? undefined : result.refusal.code;
}

describe('issueWrit', () => {
  it('carves a child from a parent that covers it', () => {
    expect(codeOf({})).toBeUndefined();
    const terms = attenuate(root.writ, someTerms());
    expect(terms.ok ? codeOf({ terms: terms.value }) : 'refused').toBeUndefined();
  });

  it('refuses to widen, to act for another subject, and to leave the ledger', () => {
    const wide = someTerms({ budget: { ...root.writ.budget, calls: 1e6 } });
    expect(codeOf({ terms: wide })).toBe('writ.widened');
    expect(codeOf({ terms: someTerms() })).toBe('writ.widened');
    expect(codeOf({ issuer: house.agent })).toBe('writ.not-yours');
    expect(codeOf({ ledger: someDigest('another') })).toBe('writ.void');
  });

  it('refuses what nobody could read', () => {
    expect(codeOf({ terms: someTerms({ effects: ['write', 'read'] }) })).toBe('writ.void');
    expect(codeOf({ subject: 'me' })).toBe('writ.void');
    expect(codeOf({ nonce: '' })).toBe('writ.void');
  });
});

describe('createGenesis', () => {
  it('makes what readGenesis reads, and throws for what it would refuse', () => {
    const request = {
      name: 'x',
      roots: [house.root, house.issuer],
      threshold: 2,
      contractDigest: someDigest('c'),
      defaultPolicy: someDigest('p'),
      nonce: 'n',
    };
    expect(readGenesis(createGenesis(request)).ok).toBe(true);
    expect(() => createGenesis({ ...request, threshold: 3 })).toThrow('a malformed genesis');
  });
});

describe('revokeWrit', () => {
  it('names the writ and the one who revokes', () => {
    const request = { ledger: house.ledger, writ: root.id, reason: 'over' };
    expect(readRevocation(revokeWrit({ ...request, by: house.issuer }))).toEqual({
      ok: true,
      value: { revocation: { v: 1, ...request }, signer: house.issuer.id },
    });
  });
});
