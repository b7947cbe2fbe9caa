import {
  checked,
  content,
  forgedReply,
  issueTime,
  opensslMissing,
  replyTo,
  sequence,
  tagged,
  timeInfo,
  timePki,
  told,
  type Pki,
} from '@chancery/testkit/timestamp-authority';
import {
  Boolean as Truth,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
  type BaseBlock,
} from 'asn1js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { timeRequest } from './request.ts';

const title = `a hostile reply${opensslMissing === undefined ? '' : `: left out, ${opensslMissing}`}`;
const invalid = (why: string) => ['timestamp.invalid', `the timestamp does not stand: ${why}`];

describe.skipIf(opensslMissing !== undefined)(title, () => {
  let pki: Pki;
  let reply: Uint8Array;
  beforeAll(() => {
    pki = timePki();
    issueTime(pki, { name: 'rsa', key: 'rsa' });
    reply = replyTo(pki, timeRequest(content, Uint8Array.of(0x40, 1)), { signer: 'tsa' });
  });
  afterAll(() => pki.dispose());

  /** What the reply attests with some of its bits turned; undefined where it is refused. */
  function turned(at: number, bits: number): unknown {
    const other = reply.slice();
    other[at] = (other[at] ?? 0) ^ bits;
    const result = checked(pki, other);
    return result.ok ? result.value : undefined;
  }

  it('with one byte changed attests no other time, at any place', () => {
    const right = checked(pki, reply);
    const accepted = Array.from(reply.keys()).flatMap((at) => {
      const found = turned(at, 1 << (at % 8));
      return found === undefined ? [] : [found];
    });
    expect(right.ok && accepted.every((found) => isSame(found, right.value))).toBe(true);
    // Little of a reply is signed by nobody, such as which of two words for granted it has.
    expect(accepted.length).toBeLessThan(reply.length / 10);
  });

  it('law: with any byte changed to any other attests no other time', () => {
    const right = checked(pki, reply);
    fc.assert(
      fc.property(fc.nat(reply.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const found = turned(at, bits);
        expect(found === undefined || (right.ok && isSame(found, right.value))).toBe(true);
      }),
      cases(200),
    );
  });

  it('that was cut off or goes on is none, at any length', () => {
    const lengths = Array.from(reply.keys());
    const cut = lengths.filter((length) => checked(pki, reply.subarray(0, length)).ok);
    const longer = checked(pki, Uint8Array.of(...reply, 0));
    expect(cut).toEqual([]);
    expect(told(longer)).toEqual(['timestamp.invalid', 'the reply is no timestamp']);
  });

  it('law: any bytes are refused, and break nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        for (const each of [
          bytes,
          sequence(bytes),
          sequence(Uint8Array.of(48, 3, 2, 1, 0), bytes),
        ]) {
          expect(checked(pki, each).ok).toBe(false);
        }
      }),
      cases(100),
    );
  });

  it('nested without end is refused', () => {
    let nested = new Uint8Array();
    for (let depth = 0; depth < 5_000; depth += 1) nested = new Uint8Array(sequence(nested));
    expect(told(checked(pki, nested))).toEqual(['timestamp.invalid', 'the reply is no timestamp']);
  });

  it.each(['tsa', 'rsa'])('of which the time was changed is not signed by %s', (signer) => {
    const right = forgedReply(pki, timeInfo(), { signer });
    expect(told(checked(pki, right))).toBe('ok');
    const other = Buffer.from(right.slice());
    other.write('20250102030405Z', other.indexOf('20260102030405Z'));
    const wrong = told(checked(pki, new Uint8Array(other)));
    expect(wrong).toEqual(invalid('what it signs is not its content'));
    const signature = right.slice();
    signature[right.length - 1] = (signature[right.length - 1] ?? 0) ^ 1;
    expect(told(checked(pki, signature))).toEqual(invalid('its signature does not hold'));
  });

  it.each([
    ['no certificate', ['-nocerts'], 'the certificate of its signer is not in it'],
    ['no attributes', ['-noattr'], 'it has no signed attributes'],
    ['an old digest', ['-md', 'sha1'], 'its digest is of a kind that is not believed'],
    ['two signers', ['-signer', 'rsa.pem', '-inkey', 'rsa.key'], 'it is not signed by one signer'],
  ])('with %s is refused', (_what, more, why) => {
    const isNamed = !more.includes('-noattr');
    const forged = forgedReply(pki, timeInfo(), { signer: 'tsa', more, isNamed });
    expect(told(checked(pki, forged))).toEqual(invalid(why));
  });

  it('that names its signer by key is as good', () => {
    const more = ['-keyid'];
    expect(told(checked(pki, forgedReply(pki, timeInfo(), { signer: 'tsa', more })))).toBe('ok');
  });

  it('with a scheme of signatures that is not known is refused', () => {
    const more = ['-keyopt', 'rsa_padding_mode:pss'];
    const forged = forgedReply(pki, timeInfo(), { signer: 'rsa', more });
    expect(told(checked(pki, forged))).toEqual(invalid('its signature does not hold'));
  });

  it('that does not name its certificate, or is no time, is refused', () => {
    const unnamed = forgedReply(pki, timeInfo(), { signer: 'tsa', isNamed: false });
    const why = 'it does not name the certificate that it is signed with';
    expect(told(checked(pki, unnamed))).toEqual(invalid(why));
    const type = '1.2.840.113549.1.7.1';
    const data = forgedReply(pki, timeInfo(), { signer: 'tsa', type });
    expect(told(checked(pki, data))).toEqual(invalid('it tells no time'));
    const words = forgedReply(pki, Buffer.from('now'), { signer: 'tsa' });
    expect(told(checked(pki, words))).toEqual(invalid('its time cannot be read'));
  });

  it('with more certificates than are looked at is refused', () => {
    const certificates = Array.from({ length: 16 }, (_, at) => `many-${at}`);
    for (const name of certificates) issueTime(pki, { name });
    const forged = forgedReply(pki, timeInfo(), { signer: 'tsa', certificates });
    expect(told(checked(pki, forged))).toEqual(invalid('it has more than 16 certificates'));
    const fewer = { signer: 'tsa', certificates: certificates.slice(1) };
    expect(told(checked(pki, forgedReply(pki, timeInfo(), fewer)))).toBe('ok');
  });

  it.each([
    ['20260102030405.25Z', Date.UTC(2026, 0, 2, 3, 4, 5, 250)],
    ['20260102030405.123456Z', Date.UTC(2026, 0, 2, 3, 4, 5, 123)],
    ['20240229235959Z', Date.UTC(2024, 1, 29, 23, 59, 59)],
  ])('may tell %s', (time, timeMs) => {
    const result = checked(pki, forgedReply(pki, timeInfo({ time }), { signer: 'tsa' }));
    expect(result).toMatchObject({ ok: true, value: { timeMs, accuracyMs: null, serial: '07' } });
  });

  it.each([
    ...['20260102030405', '20260102030405+0100', '202601020304Z', '20260102030405.Z'],
    ...['20260102030405.50Z', '20260230030405Z', '20260102240405Z', '20260102030460Z'],
    ...['2026010203040 Z', '20260102030405z'],
  ])('may not tell %s', (time) => {
    const result = checked(pki, forgedReply(pki, timeInfo({ time }), { signer: 'tsa' }));
    expect(told(result)).toEqual([
      'timestamp.invalid',
      expect.stringMatching(/its time (is not written as it must be|cannot be read)$/),
    ]);
  });

  it('tells another version, imprint or digest, and is refused', () => {
    const found = (options: Parameters<typeof timeInfo>[0]) =>
      told(checked(pki, forgedReply(pki, timeInfo(options), { signer: 'tsa' })));
    expect(found({ version: 2 })).toEqual(invalid('its time is of another version'));
    const sha1 = { hash: '1.3.14.3.2.26', digest: new Uint8Array(20) };
    expect(found(sha1)).toEqual(invalid('its imprint is of a kind that is not believed'));
    expect(found({ digest: new Uint8Array(32) })).toEqual([
      'timestamp.mismatch',
      'the timestamp is of other content',
    ]);
  });

  it.each<[string, readonly BaseBlock[], number]>([
    ['seconds', [new Integer({ value: 2 })], 2_000],
    ['thousandths', [tagged(3, 0, Uint8Array.of(7))], 7],
    ['millionths, which are rounded up', [tagged(3, 1, Uint8Array.of(3, 0xe7))], 1],
    ['nothing', [], 0],
  ])('may be off by %s', (_what, parts, accuracyMs) => {
    const more = [new Sequence({ value: [...parts] })];
    const result = checked(pki, forgedReply(pki, timeInfo({ more }), { signer: 'tsa' }));
    expect(result).toMatchObject({ ok: true, value: { accuracyMs } });
  });

  it.each<[string, readonly BaseBlock[]]>([
    ['negative seconds', [new Integer({ value: -1 })]],
    ['too many thousandths', [tagged(3, 0, Uint8Array.of(3, 0xe8))]],
    ['negative millionths', [tagged(3, 1, Uint8Array.of(0xff))]],
  ])('may not be off by %s', (_what, parts) => {
    const more = [new Sequence({ value: [...parts] })];
    const result = checked(pki, forgedReply(pki, timeInfo({ more }), { signer: 'tsa' }));
    expect(told(result)).toEqual(invalid('its accuracy is none'));
  });

  it.each([
    [true, invalid('its time has a critical extension that is not known')],
    [false, 'ok'],
  ])('with an extension that is critical: %s', (isCritical, expected) => {
    const extension = [
      new ObjectIdentifier({ value: '1.3.6.1.4.1.32473.9' }),
      ...(isCritical ? [new Truth({ value: true })] : []),
      new OctetString({ valueHex: new ArrayBuffer(2) }),
    ];
    const bytes = new Uint8Array(new Sequence({ value: extension }).toBER());
    const list = tagged(3, 1, bytes);
    list.idBlock.isConstructed = true;
    const result = checked(pki, forgedReply(pki, timeInfo({ more: [list] }), { signer: 'tsa' }));
    expect(told(result)).toEqual(expected);
  });
});

function isSame(found: unknown, right: unknown): boolean {
  return JSON.stringify(found) === JSON.stringify(right);
}
