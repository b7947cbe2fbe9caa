import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { valueOf } from '@chancery/testkit/builders';
import type { Certificate } from './certificate.ts';
import { checkReply } from './check.ts';
import { distrustOf } from './path.ts';
import { grantedToken } from './response.ts';
import { signerOf } from './signature.ts';
import { readToken } from './token.ts';
import { readTrusted } from './trusted.ts';
import { readTimeInfo } from './tst-info.ts';

interface Published {
  readonly reply: string;
  readonly certificates: Readonly<Record<string, string>>;
}

const { reply: base64, certificates } = JSON.parse(
  readFileSync(
    new URL('../../../../tests/vectors/timestamp/sectigo.json', import.meta.url),
    'utf8',
  ),
) as Published;
const reply = new Uint8Array(Buffer.from(base64, 'base64'));
const authority = (name: string): readonly Certificate[] =>
  valueOf(readTrusted(certificates[name] ?? ''));

/** What stands in the reply whose content nobody has: only its digest, of zeros, was sent. */
function signed() {
  const token = tokenOf(reply);
  const [signer, info] = [signerOf(token), readTimeInfo(token.content)];
  if (typeof signer === 'string' || typeof info === 'string') throw new Error('it does not stand');
  return { signer, info, others: token.certificates };
}

describe('the reply of Sectigo in the tests of OpenSSL', () => {
  test('attests its time with a signature that holds', () => {
    const { signer, info } = signed();
    const { isOf, ...told } = info;
    expect(told).toEqual({
      timeMs: Date.parse('2021-02-16T15:42:47Z'),
      accuracyMs: null,
      serial: '00b22950b514853b74f629f43bad7dd94212c0fef2',
      policy: '1.3.6.1.4.1.6449.2.1.1',
      nonce: undefined,
    });
    expect(signer.subjectText).toContain('CN=Sectigo RSA Time Stamping Signer #2');
    expect(isOf(new Uint8Array(32))).toBe(false);
  });

  test.each([
    { trusted: 'user-trust-ca', between: [], code: undefined },
    { trusted: 'sectigo-time-stamping-ca', between: [], code: undefined },
    { trusted: 'comodo-aaa', between: ['user-trust-ca-aaa'], code: undefined },
    { trusted: 'comodo-aaa', between: [], code: 'timestamp.untrusted' },
  ])('is believed by who trusts $trusted, with $between between: $code', (road) => {
    const { signer, info, others } = signed();
    const between = road.between.flatMap((name) => authority(name));
    const around = { others: [...others, ...between], trusted: authority(road.trusted) };
    expect(distrustOf(signer, { ...around, atMs: info.timeMs })?.code).toBe(road.code);
  });

  test('is believed for no time at which its signer was not certified yet', () => {
    const { signer, others } = signed();
    const atMs = Date.parse('2020-10-22T23:59:59Z');
    const refused = distrustOf(signer, { others, trusted: authority('user-trust-ca'), atMs });
    expect(refused?.code).toBe('timestamp.untrusted');
  });

  test('is of no content that anybody has, and stands with no bit changed of what is signed', () => {
    const trusted = authority('user-trust-ca');
    const codeOf = (bytes: Uint8Array): string => {
      const result = checkReply(bytes, { content: new Uint8Array(32), trusted });
      return result.ok ? 'believed' : result.refusal.code;
    };
    expect(codeOf(reply)).toBe('timestamp.mismatch');
    const { content } = tokenOf(reply);
    const place = Buffer.from(reply).indexOf(content);
    for (let at = place; at < place + content.length; at += 1) {
      expect(codeOf(reply.map((byte, index) => (index === at ? byte ^ 1 : byte)))).toBe(
        'timestamp.invalid',
      );
    }
    for (const at of [1, 100, reply.length - 1, reply.length - 400]) {
      expect(codeOf(reply.subarray(0, at))).toBe('timestamp.invalid');
    }
  });
});

function tokenOf(bytes: Uint8Array) {
  const token = readToken(valueOf(grantedToken(bytes)));
  if (typeof token === 'string') throw new Error(token);
  return token;
}
