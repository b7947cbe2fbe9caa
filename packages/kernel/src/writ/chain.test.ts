import { describe, expect, it } from 'vitest';
import { authority, someChain, someDigest, someTerms } from '@chancery/testkit/builders';
import { sealEnvelope, type Signer } from '../encoding/index.ts';
import { checkChain } from './chain.ts';
import type { ReadWrit, Terms, Trust, Writ } from './model.ts';
import { readWrit } from './read.ts';

const house = authority();
const { ledger, issuer, lead, agent, stranger, trust } = house;
const [child, root] = someChain(house);

function codeOf(chain: readonly ReadWrit[], under: Trust = trust, actor = agent.id) {
  return checkChain(chain, under, actor)?.code;
}

/** A writ that is well signed, whatever it says: what a dishonest issuer can make. */
function forged(signer: Signer, changes: Partial<Writ> = {}): ReadWrit {
  const payload: Writ = {
    ...someTerms({ delegation: { depth: 0, children: 0 } }),
    v: 1,
    ledger,
    parent: root.id,
    issuer: signer.id,
    subject: agent.id,
    nonce: 'forged',
    ...changes,
  };
  const read = readWrit(sealEnvelope('application/vnd.chancery.writ+json', payload, [signer]));
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}

describe('checkChain', () => {
  it('admits a chain from the actor up to a trusted issuer, the first time and later', () => {
    expect([codeOf([child, root]), codeOf([child, root])]).toEqual([undefined, undefined]);
    expect(codeOf([root], trust, lead.id)).toBeUndefined();
    expect(codeOf([forged(lead), root])).toBeUndefined();
  });

  it('refuses an actor that is not the subject, also of a chain that was seen before', () => {
    expect(codeOf([child, root])).toBeUndefined();
    expect(codeOf([child, root], trust, lead.id)).toBe('writ.not-yours');
    expect(codeOf([root], trust, agent.id)).toBe('writ.not-yours');
  });

  it('refuses a chain that is empty, cut, spliced or out of order', () => {
    const other = forged(issuer, { parent: null, subject: lead.id, nonce: 'other root' });
    const chains = [[], [child], [child, other], [root, child], [child, child, root]];
    expect(chains.map((chain) => codeOf(chain))).toEqual(chains.map(() => 'writ.void'));
  });

  it('refuses a writ that bears another id or other terms than its envelope', () => {
    const budget = { ...child.writ.budget, tokens: 1e9 };
    const fakes: ReadWrit[] = [
      { ...child, id: someDigest('relabelled') },
      { ...child, writ: { ...child.writ, budget } },
      { ...child, envelope: root.envelope },
      Object.freeze({ ...child, writ: { ...child.writ, parent: null } }),
    ];
    expect(fakes.map((fake) => codeOf([fake, root]))).toEqual(fakes.map(() => 'writ.void'));
  });

  it('looks again at a writ that was put together elsewhere and can still change', () => {
    const fake = { ...child, writ: { ...child.writ } };
    expect(codeOf([fake, root])).toBeUndefined();
    Object.assign(fake.writ, { effects: ['irreversible'] });
    expect(codeOf([fake, root])).toBe('writ.void');
  });

  it('refuses a writ of another ledger', () => {
    const foreign = forged(issuer, { parent: null, ledger: someDigest('foreign') });
    expect(codeOf([foreign])).toBe('writ.void');
    expect(codeOf([child, root], authority('another').trust)).toBe('writ.void');
  });

  it('refuses a root writ that anybody but a trusted issuer made', () => {
    const makers = [agent, stranger, house.root, house.approvers[0]];
    const codes = makers.map((maker) => codeOf([forged(maker, { parent: null })]));
    expect(codes).toEqual(makers.map(() => 'writ.untrusted'));
  });

  it('forgets what it saw when the trust is another', () => {
    expect(codeOf([child, root])).toBeUndefined();
    expect(codeOf([child, root], { ...trust, keys: new Map() })).toBe('writ.untrusted');
  });

  it('refuses a child that anybody but the subject of its parent made', () => {
    const makers = [agent, issuer, stranger];
    expect(makers.map((maker) => codeOf([forged(maker), root]))).toEqual(
      makers.map(() => 'writ.untrusted'),
    );
  });

  it.each<Partial<Terms>>([
    { grants: [{ capability: 'shell.run', where: [] }] },
    { grants: [{ capability: 'fs.write', where: [] }] },
    { budget: { ...root.writ.budget, calls: root.writ.budget.calls + 1 } },
    { window: { ...root.writ.window, notAfter: root.writ.window.notAfter + 1 } },
    { delegation: { depth: 1, children: 0 } },
    { delegation: { depth: 0, children: 5 } },
  ])('refuses a child that is wider than its parent: %j', (changes) => {
    expect(codeOf([forged(lead, changes), root])).toBe('writ.widened');
  });

  it('refuses a chain that widens further up', () => {
    const narrow = forged(issuer, {
      ...someTerms({ effects: ['read'], delegation: { depth: 2, children: 1 } }),
      parent: null,
      subject: lead.id,
    });
    const wide = forged(lead, {
      ...someTerms({ delegation: { depth: 1, children: 1 } }),
      parent: narrow.id,
      subject: stranger.id,
    });
    const bottom = forged(stranger, { parent: wide.id, effects: ['read'] });
    expect(codeOf([bottom, wide, narrow])).toBe('writ.widened');
  });

  it('refuses what a key handed on after its end, and lets stand what it had handed on', () => {
    const spans = [{ purposes: ['work'], from: 1, until: 5 }] as const;
    const known = { label: 'lead', purposes: [], spans, statements: 2, voidFrom: undefined };
    const retired: Trust = { ...trust, keys: new Map(trust.keys).set(lead.id, known) };
    const lost: Trust = {
      ...trust,
      keys: new Map(trust.keys).set(lead.id, { ...known, voidFrom: 3 }),
    };
    const at = (position: number, under: Trust) =>
      checkChain([child, root], under, agent.id, (id) => (id === child.id ? position : undefined))
        ?.code;
    expect([at(4, retired), at(5, retired)]).toEqual([undefined, 'writ.untrusted']);
    expect([at(2, lost), at(3, lost)]).toEqual([undefined, 'writ.untrusted']);
    expect(codeOf([child, root], retired)).toBe('writ.untrusted');
  });
});
