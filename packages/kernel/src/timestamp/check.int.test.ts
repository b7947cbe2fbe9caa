import { X509Certificate } from 'node:crypto';
import {
  authorityExtensions,
  checked,
  content,
  forgedReply,
  issueTime,
  opensslMissing,
  replyTo,
  timeExtensions,
  timeInfo,
  timePki,
  told,
  type Pki,
} from '@chancery/testkit/timestamp-authority';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from './certificate.ts';
import { checkReply } from './check.ts';
import { timeRequest } from './request.ts';
import { readTrusted } from './trusted.ts';

const title = `a reply of openssl ts${opensslMissing === undefined ? '' : `: left out, ${opensslMissing}`}`;

describe.skipIf(opensslMissing !== undefined)(title, () => {
  let pki: Pki;
  const nonce = '4001';
  const query = timeRequest(content, Buffer.from(nonce, 'hex'));
  beforeAll(() => {
    pki = timePki();
  });
  afterAll(() => pki.dispose());

  /** What is told of a time that is signed with a certificate that differs in something. */
  function toldOf(signer: string, certificates: readonly string[] = []): unknown {
    return told(checked(pki, forgedReply(pki, timeInfo(), { signer, certificates })));
  }
  const untrusted = (why: string) => [
    'timestamp.untrusted',
    `the certificate that signed the timestamp ${why}`,
  ];

  it.each(['rsa', 'p256', 'p384'] as const)('attests a time with a key of kind %s', (key) => {
    issueTime(pki, { name: key, key });
    for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
      const beganMs = Math.floor(Date.now() / 1_000) * 1_000;
      const result = checked(pki, replyTo(pki, query, { signer: key, hash }));
      expect(result).toEqual({
        ok: true,
        value: {
          timeMs: expect.toSatisfy((ms: number) => ms >= beganMs && ms <= Date.now()) as number,
          accuracyMs: 1_501,
          serial: '02',
          policy: '1.3.6.1.4.1.32473.1',
          authority: `O=Chancery tests, CN=${key}`,
        },
      });
    }
  });

  it.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)(
    'names the certificate of its signer by %s',
    (namedBy) => {
      const [plain, chained] = [false, true].map((namesChain) =>
        replyTo(pki, query, { signer: 'tsa', chain: ['root'], namedBy, namesChain }),
      );
      expect([plain, chained].map((reply) => told(checked(pki, reply ?? content)))).toEqual([
        'ok',
        'ok',
      ]);
    },
  );

  it('leads to a trusted authority through others that come along', () => {
    pki.issue({ name: 'middle', issuer: 'root', extensions: authorityExtensions });
    pki.issue({ name: 'low', issuer: 'middle', extensions: authorityExtensions });
    issueTime(pki, { name: 'far', issuer: 'low' });
    const whole = replyTo(pki, query, { signer: 'far', chain: ['low', 'middle'] });
    expect(told(checked(pki, whole))).toBe('ok');
    expect(told(checked(pki, whole, ['low']))).toBe('ok');
    expect(told(checked(pki, whole, ['tsa', 'root']))).toEqual([
      'usage.invalid',
      'the trusted certificates cannot be used: a certificate in it is of no authority',
    ]);
    const cut = replyTo(pki, query, { signer: 'far', chain: ['low'] });
    expect(told(checked(pki, cut))).toEqual(untrusted('does not lead to one that is trusted'));
  });

  it('answers its own request alone, and of its own content', () => {
    const reply = replyTo(pki, query, { signer: 'tsa' });
    const trusted = readTrusted(pki.pem('root'));
    if (!trusted.ok) throw new Error(trusted.refusal.message);
    const found = (of: Uint8Array, asked?: string) =>
      told(
        checkReply(reply, { content: of, trusted: trusted.value, ...(asked && { nonce: asked }) }),
      );
    expect(found(content, nonce)).toBe('ok');
    expect(found(content, '4002')).toEqual([
      'timestamp.mismatch',
      'the timestamp answers another request',
    ]);
    expect(found(content.subarray(1), nonce)).toEqual([
      'timestamp.mismatch',
      'the timestamp is of other content',
    ]);
    const unasked = forgedReply(pki, timeInfo(), { signer: 'tsa' });
    const value = { content, trusted: trusted.value, nonce };
    expect(told(checkReply(unasked, value))).toEqual([
      'timestamp.mismatch',
      'the timestamp answers another request',
    ]);
  });

  it('is not believed below another authority, also one of the same name', () => {
    const other = timePki();
    const reply = replyTo(other, query, { signer: 'tsa', chain: ['root'] });
    expect(told(checked(other, reply))).toBe('ok');
    expect(told(checked(pki, reply))).toEqual(untrusted('does not lead to one that is trusted'));
    other.dispose();
  });

  it('is believed of a certificate that is right', () => {
    expect(toldOf('tsa')).toBe('ok');
  });

  it.each([
    ['expired', { to: '20260102030404Z' }, 'was not valid at the time that it attests'],
    ['early', { from: '20260102030406Z' }, 'was not valid at the time that it attests'],
    ['old-hash', { hash: 'sha1' }, 'has a signature that is not believed'],
  ] as const)('is not believed of a certificate that is %s', (name, differing, why) => {
    issueTime(pki, { name, ...differing });
    expect(toldOf(name)).toEqual(untrusted(why));
  });

  it.each([
    ['weak', 'rsa-small'],
    ['of another curve', 'p521'],
  ] as const)('is not believed that is signed with a key that is %s', (name, key) => {
    issueTime(pki, { name: key, key });
    const why = 'the timestamp does not stand: it is signed with a key that is not believed';
    expect([name, toldOf(key)]).toEqual([name, ['timestamp.invalid', why]]);
  });

  it.each([
    ['last-second', { to: '20260102030405Z' }],
    ['first-second', { from: '20260102030405Z' }],
  ] as const)('is believed of a certificate of which it is the %s', (name, differing) => {
    issueTime(pki, { name, ...differing });
    expect(toldOf(name)).toBe('ok');
  });

  const purpose = 'is not for timestamps alone, and critically so';
  it.each([
    ['no-purpose', timeExtensions.filter((each) => !each.startsWith('extended')), purpose],
    ['not-critical', swapped('extended', 'extendedKeyUsage=timeStamping'), purpose],
    ['another', swapped('extended', 'extendedKeyUsage=critical,codeSigning'), purpose],
    ['more', swapped('extended', 'extendedKeyUsage=critical,timeStamping,codeSigning'), purpose],
    ['agreeing', swapped('keyUsage', 'keyUsage=critical,keyAgreement'), 'is not for signatures'],
    [
      'strange',
      [...timeExtensions, '1.3.6.1.4.1.32473.9=critical,DER:0500'],
      'has a critical extension that is not known',
    ],
  ])('is not believed of a certificate whose extensions are %s', (name, extensions, why) => {
    issueTime(pki, { name, extensions });
    expect(toldOf(name)).toEqual(untrusted(why));
  });

  it('does not read a certificate that has an extension twice', () => {
    const raw = new X509Certificate(pki.pem('tsa')).raw;
    const once = AsnConvert.parse(raw, Certificate);
    expect(readCertificate(new Uint8Array(raw))).toBeDefined();
    const purpose = once.tbsCertificate.extensions?.find(({ extnID }) => extnID === '2.5.29.37');
    if (purpose !== undefined) once.tbsCertificate.extensions?.push(purpose);
    expect(readCertificate(new Uint8Array(AsnConvert.serialize(once)))).toBeUndefined();
  });

  it.each([
    ['no-authority', { extensions: swappedIn('basic', 'basicConstraints=critical,CA:false') }],
    ['unsaid', { extensions: authorityExtensions.slice(1) }],
    ['no-issuer', { extensions: swappedIn('keyUsage', 'keyUsage=critical,digitalSignature') }],
    ['past', { to: '20260102030404Z' }],
    ['feeble', { key: 'rsa-small' }],
    ['sha1', { hash: 'sha1' }],
    ['for-code', { extensions: [...authorityExtensions, 'extendedKeyUsage=codeSigning'] }],
    [
      'bounded',
      { extensions: [...authorityExtensions, 'nameConstraints=critical,permitted;DNS:x.test'] },
    ],
  ] as const)('is not believed below an authority that is %s', (name, differing) => {
    pki.issue({ name, issuer: 'root', extensions: authorityExtensions, ...differing });
    issueTime(pki, { name: `below-${name}`, issuer: name });
    const found = toldOf(`below-${name}`, [name]);
    expect(found).toEqual(untrusted('does not lead to one that is trusted'));
  });

  it('is not believed below more authorities than one allows', () => {
    const bounded = [swappedIn('basic', 'basicConstraints=critical,CA:true,pathlen:0')].flat();
    pki.issue({ name: 'last', issuer: 'root', extensions: bounded });
    pki.issue({ name: 'one-more', issuer: 'last', extensions: authorityExtensions });
    issueTime(pki, { name: 'direct', issuer: 'last' });
    issueTime(pki, { name: 'too-far', issuer: 'one-more' });
    expect(toldOf('direct', ['last'])).toBe('ok');
    const why = 'does not lead to one that is trusted';
    expect(toldOf('too-far', ['one-more', 'last'])).toEqual(untrusted(why));
  });

  function swapped(begins: string, by: string): string[] {
    return timeExtensions.map((each) => (each.startsWith(begins) ? by : each));
  }

  function swappedIn(begins: string, by: string): string[] {
    return authorityExtensions.map((each) => (each.startsWith(begins) ? by : each));
  }
});
