import { tagged } from '@chancery/testkit/timestamp-authority';
import { describe, expect, it } from 'vitest';
import {
  Constructed,
  Integer,
  ObjectIdentifier,
  Sequence,
  Utf8String,
  type BaseBlock,
} from 'asn1js';
import { grantedToken } from './response.ts';

function responseOf(status: number, said: readonly BaseBlock[], token: readonly BaseBlock[] = []) {
  const info = new Sequence({ value: [new Integer({ value: status }), ...said] });
  return new Uint8Array(new Sequence({ value: [info, ...token] }).toBER());
}

/** The bit of this number alone, as a PKIFailureInfo. */
function bit(number: number): BaseBlock {
  const bytes = new Uint8Array(1 + Math.floor(number / 8) + 1);
  bytes[0] = 7 - (number % 8);
  bytes[bytes.length - 1] = 0x80 >> (number % 8);
  return tagged(1, 3, bytes);
}

const token = new Sequence({
  value: [
    new ObjectIdentifier({ value: '1.2.840.113549.1.7.2' }),
    new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [new Sequence()] }),
  ],
});
const words = new Sequence({ value: [new Utf8String({ value: 'ask\u001b[2J later' })] });

describe('the response of an authority', () => {
  it.each([
    [0, 'badAlg'],
    [2, 'badRequest'],
    [5, 'badDataFormat'],
    [14, 'timeNotAvailable'],
    [15, 'unacceptedPolicy'],
    [16, 'unacceptedExtension'],
    [17, 'addInfoNotAvailable'],
    [25, 'systemFailure'],
  ])('tells by bit %i that it refuses for %s', (number, name) => {
    expect(grantedToken(responseOf(2, [bit(number)]))).toMatchObject({
      ok: false,
      refusal: {
        code: 'timestamp.refused',
        message: `the authority gives no timestamp: ${name}`,
        details: { status: 2, failure: name, said: '' },
      },
    });
  });

  it('tells its words, made harmless', () => {
    const refused = grantedToken(responseOf(3, [words]));
    const message = 'the authority gives no timestamp: "ask\\u001b[2J later"';
    expect(refused).toMatchObject({ ok: false, refusal: { message } });
  });

  it('tells its status where it tells nothing else', () => {
    const refused = grantedToken(responseOf(5, []));
    const message = 'the authority gives no timestamp: status 5';
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'timestamp.refused', message } });
  });

  it.each([0, 1])('grants with status %i only what is in it', (status) => {
    expect(grantedToken(responseOf(status, []))).toMatchObject({
      ok: false,
      refusal: { code: 'timestamp.invalid' },
    });
    expect(grantedToken(responseOf(status, [], [token]))).toMatchObject({ ok: true });
    expect(grantedToken(responseOf(status, [], [token, token]))).toMatchObject({
      ok: false,
      refusal: { code: 'timestamp.invalid' },
    });
  });
});
