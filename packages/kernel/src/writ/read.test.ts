import { describe, expect, it } from 'vitest';
import { authority, signerFrom, someDigest, someTerms, valueOf } from '@chancery/testkit/builders';
import {
  decodeBase64,
  encodeBase64,
  objectDigest,
  sealEnvelope,
  type Envelope,
  type Signer,
} from '../encoding/index.ts';
import type { Writ } from './model.ts';
import { readClosing, readGenesis, readRevocation, readTerms, readWrit } from './read.ts';
import { readKeyStatement } from './key-statement.ts';

const issuer = signerFrom(2);

const payload: Writ = {
  ...someTerms(),
  v: 1,
  ledger: someDigest('ledger'),
  parent: null,
  issuer: issuer.id,
  subject: signerFrom(4).id,
  nonce: 'n',
};

function sealed(of: object, ...signers: readonly Signer[]): Envelope {
  return sealEnvelope('application/vnd.chancery.writ+json', of, signers);
}

function messageOf(envelope: Envelope): string | undefined {
  const read = readWrit(envelope);
  if (read.ok) return undefined;
  expect(read.refusal.code).toBe('writ.void');
  return read.refusal.message;
}

describe('readWrit', () => {
  it('gives a writ the digest of its payload for an id', () => {
    const envelope = sealed(payload, issuer);
    const read = readWrit(envelope);
    expect(read).toEqual({
      ok: true,
      value: { id: objectDigest('writ', payload), writ: payload, envelope },
    });
    expect(readWrit(structuredClone(envelope))).toEqual(read);
  });

  it('takes conditions on programs and hosts', () => {
    const where = [
      { arg: 'url', op: 'host-in', values: ['*.b', 'c'] },
      { op: 'programs-in', values: ['git', 'npm'] },
    ];
    const grants = [{ capability: 'x', where }];
    expect(readWrit(sealed({ ...payload, grants }, issuer)).ok).toBe(true);
  });

  it('gives out what nobody can change', () => {
    const read = readWrit(sealed(payload, issuer));
    const budget = read.ok ? (read.value.writ.budget as { tokens: number }) : { tokens: 0 };
    expect(() => {
      budget.tokens = 1e9;
    }).toThrow(TypeError);
  });

  it.each<[string, object]>([
    ['more', { ...payload, more: 1 }],
    ['nonce', { ...payload, nonce: '' }],
    ['v', { ...payload, v: 2 }],
    ['ledger', { ...payload, ledger: 'abc' }],
    ['parent', { ...payload, parent: 'abc' }],
    ['issuer', { ...payload, issuer: 'me' }],
    ['subject', { ...payload, subject: null }],
    ['grants', { ...payload, grants: payload.grants.toReversed() }],
    ['grants', { ...payload, grants: [...payload.grants, ...payload.grants] }],
    ['grants', { ...payload, grants: [{ capability: 'x' }] }],
    ['grants', { ...payload, grants: [{ capability: 'x', where: [{}] }] }],
    ['effects', { ...payload, effects: ['write', 'read'] }],
    ['effects', { ...payload, effects: ['read', 'read'] }],
    ['effects', { ...payload, effects: ['everything'] }],
    ['budget', { ...payload, budget: { ...payload.budget, tokens: -1 } }],
    ['budget', { ...payload, budget: { tokens: 1 } }],
    ['window', { ...payload, window: { notBefore: 2, notAfter: 1 } }],
    ['window', { ...payload, window: { notBefore: 0 } }],
    ['delegation', { ...payload, delegation: { depth: -1, children: 0 } }],
  ])('refuses a writ with a malformed "%s": %j', (member, malformed) => {
    expect(messageOf(sealed(malformed, issuer))).toBe(`the writ has a malformed "${member}"`);
  });

  it.each<object>([
    { arg: 'path', op: 'under', value: '../x' },
    { arg: 'path', op: 'under', value: '/etc' },
    { arg: 'path', op: 'under', value: 'src/' },
    { arg: 'path', op: 'under', value: './src' },
    { arg: 'path', op: 'under', value: 1 },
    { arg: 'path', op: 'in', values: [] },
    { arg: 'path', op: 'in', values: ['b', 'a'] },
    { arg: 'path', op: 'in', values: ['a', 1] },
    { arg: 'n', op: 'at-most', value: '1' },
    { arg: '', op: 'is', value: 'x' },
    { arg: 'x', op: 'is', value: 'x', or: 'y' },
    { arg: 'x', op: 'matches', value: '.*' },
    { arg: 'x', op: 'programs-in', values: ['npm'] },
    { op: 'programs-in', values: [] },
    { op: 'programs-in', values: ['npm', 'git'] },
    { op: 'programs-in', values: ['npm test'] },
    { op: 'programs-in', values: ['unknown'] },
    { op: 'programs-in', values: ['bin/npm'] },
    { op: 'host-in', values: ['a.b'] },
    { arg: 'x', op: 'host-in', values: ['A.b'] },
    { arg: 'x', op: 'host-in', values: ['*'] },
    { arg: 'x', op: 'host-in', value: 'a.b' },
    { arg: 'x', op: 'toString', value: 'x' },
  ])('refuses the predicate %j', (predicate) => {
    const grants = [{ capability: 'x', where: [predicate] }];
    expect(messageOf(sealed({ ...payload, grants }, issuer))).toBe(
      'the writ has a malformed "grants"',
    );
  });

  it('refuses any signature but that of the issuer alone', () => {
    const message = 'the writ is not signed by its issuer alone';
    const stranger = signerFrom(9);
    expect(messageOf(sealed(payload, stranger))).toBe(message);
    expect(messageOf(sealed(payload, issuer, stranger))).toBe(message);
    expect(messageOf(sealed(payload, stranger, issuer))).toBe(message);
    expect(messageOf(sealed(payload, issuer, issuer))).toBe(message);
    expect(messageOf(sealed(payload))).toBe('the envelope bears no signature');
  });

  it('refuses a writ in which any one byte is edited', () => {
    const envelope = sealed(payload, issuer);
    const bytes = decodeBase64(envelope.payload) ?? new Uint8Array();
    expect(readWrit(envelope).ok).toBe(true);
    for (let at = 0; at < bytes.length; at += 41) {
      const edited = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(messageOf({ ...envelope, payload: encodeBase64(edited) })).toBeTypeOf('string');
    }
  });

  it('knows again only what is the same in whole', () => {
    const envelope = sealed(payload, issuer);
    const again = readWrit(structuredClone(envelope));
    expect(again.ok && again.value).toBe(valueOf(readWrit(envelope)));
    const [signature = { keyid: '', sig: '' }] = envelope.signatures;
    const others: readonly Envelope[] = [
      { ...envelope, signatures: [] },
      { ...envelope, signatures: [signature, signature] },
      { ...envelope, signatures: [{ ...signature, keyid: signerFrom(4).id }] },
      { ...envelope, signatures: sealed({ ...payload, nonce: 'm' }, issuer).signatures },
      { ...envelope, payload: sealed({ ...payload, nonce: 'm' }, issuer).payload },
      { ...envelope, payloadType: 'application/vnd.chancery.vote+json' },
    ];
    for (const other of others) expect(readWrit(other)).toMatchObject({ ok: false });
  });

  it('refuses a signature under the name of another key', () => {
    const envelope = sealed(payload, signerFrom(9));
    const signatures = envelope.signatures.map(({ sig }) => ({ keyid: issuer.id, sig }));
    expect(messageOf({ ...envelope, signatures })).toBe(
      `the signature of ${issuer.id} does not verify`,
    );
  });

  it('refuses an envelope that was signed for another purpose', () => {
    const vote = sealEnvelope('application/vnd.chancery.vote+json', payload, [issuer]);
    expect(messageOf(vote)).toContain('expected a payload of type');
    const relabelled = { ...vote, payloadType: 'application/vnd.chancery.writ+json' };
    expect(messageOf(relabelled)).toContain('does not verify');
  });

  it('refuses, and does not throw for, an envelope of broken strings', () => {
    const broken = { payloadType: '\ud800', payload: '\ud800', signatures: [] };
    expect(messageOf(broken)).toContain('expected a payload of type');
  });
});

describe('readTerms', () => {
  it('gives terms their type, or names what is malformed', () => {
    const terms = someTerms();
    expect(readTerms(terms)).toEqual({ ok: true, value: terms });
    const others = [null, [], { ...terms, v: 1 }, { ...terms, effects: 'all' }];
    expect(others.map((value) => readTerms(value).ok)).toEqual([false, false, false, false]);
  });
});

describe('readGenesis', () => {
  const roots = [signerFrom(11), signerFrom(12), signerFrom(13)];
  const ids = roots.map((root) => root.id).sort();
  const genesis = {
    v: 1,
    name: 'test',
    roots: ids,
    threshold: 2,
    contractDigest: someDigest('contract'),
    defaultPolicy: someDigest('policy'),
    nonce: 'n',
  };
  const read = (of: object, signers: readonly Signer[]) =>
    readGenesis(sealEnvelope('application/vnd.chancery.genesis+json', of, signers));

  it('takes signatures of as many roots as the threshold asks for', () => {
    expect(read(genesis, roots.slice(1))).toEqual({ ok: true, value: genesis });
  });

  it('refuses too few roots, one root twice, and anybody else', () => {
    const [first, second] = roots;
    const tries = [[first], [first, first], [first, signerFrom(9)], [first, second, signerFrom(9)]];
    for (const signers of tries) {
      const result = read(
        genesis,
        signers.filter((signer) => signer !== undefined),
      );
      expect(result.ok ? '' : result.refusal.message).toBe(
        'the genesis is not signed by enough of its roots',
      );
    }
  });

  it.each<object>([
    { threshold: 0 },
    { threshold: 4 },
    { roots: [] },
    { roots: ids.toReversed() },
    { roots: [ids[0], ids[0], ids[1]] },
    { contractDigest: null },
    { more: 1 },
  ])('refuses a genesis with %j', (change) => {
    const result = read({ ...genesis, ...change }, roots);
    expect(result.ok ? '' : result.refusal.code).toBe('envelope.invalid');
  });
});

describe('readKeyStatement, readRevocation and readClosing', () => {
  const { ledger, root, agent } = authority();
  const statement = { v: 1, ledger, key: agent.id, label: 'agent', purposes: ['run', 'work'] };
  const revocation = { v: 1, ledger, writ: someDigest('writ'), reason: 'enough' };
  const trustOf = (of: object) =>
    readKeyStatement('key.trusted', sealEnvelope('application/vnd.chancery.key+json', of, [root]));
  const revocationOf = (of: object, ...signers: readonly Signer[]) =>
    readRevocation(sealEnvelope('application/vnd.chancery.revocation+json', of, signers));
  const closingOf = (of: object, ...signers: readonly Signer[]) =>
    readClosing(sealEnvelope('application/vnd.chancery.closing+json', of, signers));

  it('tell what is said and who signed it', () => {
    expect(trustOf(statement)).toEqual({
      ok: true,
      value: { statement: { kind: 'key.trusted', ...statement }, signers: [root.id] },
    });
    expect(revocationOf(revocation, root)).toEqual({
      ok: true,
      value: { revocation, signer: root.id },
    });
    expect(closingOf(revocation, agent)).toEqual({
      ok: true,
      value: { closing: revocation, signer: agent.id },
    });
  });

  it('refuse what is malformed', () => {
    const results = [
      trustOf({ ...statement, purposes: ['work', 'run'] }),
      trustOf({ ...statement, purposes: ['rule'] }),
      trustOf({ ...statement, key: 'agent' }),
      revocationOf({ ...revocation, writ: 'all' }, root),
      revocationOf({ ...revocation, more: true }, root),
      revocationOf(revocation, root, agent),
      closingOf({ ...revocation, ledger: 'all' }, root),
      closingOf(revocation, root, agent),
      readClosing(sealEnvelope('application/vnd.chancery.revocation+json', revocation, [root])),
    ];
    expect(results.map((result) => (result.ok ? '' : result.refusal.code))).toEqual(
      results.map(() => 'envelope.invalid'),
    );
  });
});
