import { describe, expect, test } from 'vitest';
import { encodeBase64 } from './bytes.ts';
import { ed25519Signer } from './crypto.node.ts';
import {
  openEnvelope,
  openUnsigned,
  preAuthEncoding,
  sealEnvelope,
  signEnvelope,
  type Envelope,
} from './envelope.ts';
import { signerOf } from './key.ts';

const alice = signerOf(ed25519Signer(new Uint8Array(32).fill(1)));
const bob = signerOf(ed25519Signer(new Uint8Array(32).fill(2)));
const type = 'application/vnd.chancery.vote+json';
const utf8 = new TextEncoder();

/** An envelope whose signature is right, over whatever bytes. */
function signedBytes(bytes: Uint8Array): Envelope {
  const signature = alice.sign(preAuthEncoding(type, bytes));
  const sig = Buffer.from(signature, 'hex').toString('base64');
  return {
    payloadType: type,
    payload: encodeBase64(bytes),
    signatures: [{ keyid: alice.id, sig }],
  };
}

describe('DSSE v1.0.2: pre-authentication encoding', () => {
  test('of the example of the specification', () => {
    const encoded = preAuthEncoding('http://example.com/HelloWorld', utf8.encode('hello world'));
    expect(new TextDecoder().decode(encoded)).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  test('counts bytes, not characters', () => {
    const encoded = preAuthEncoding('\u20ac', utf8.encode('\u20ac'));
    expect(new TextDecoder().decode(encoded)).toBe('DSSEv1 3 \u20ac 3 \u20ac');
  });
});

describe('openEnvelope', () => {
  const payload = { b: [1, 2], a: 'x' };
  const envelope = sealEnvelope(type, payload, [alice, bob]);
  const [first, second] = envelope.signatures;

  test('gives the payload and the keys that signed it', () => {
    expect(openEnvelope(envelope, type)).toEqual({
      ok: true,
      value: { payload, signers: [alice.id, bob.id] },
    });
  });

  test('counts a key once, however often it signed', () => {
    const twice = sealEnvelope(type, payload, [alice, alice]);
    expect(openEnvelope(twice, type)).toMatchObject({ value: { signers: [alice.id] } });
  });

  test.each<readonly [string, Envelope, string]>([
    [
      'another type of payload, although it is signed',
      sealEnvelope('application/vnd.chancery.writ+json', payload, [alice]),
      `expected a payload of type ${type}`,
    ],
    [
      'a type that was changed after signing',
      {
        ...sealEnvelope('application/vnd.chancery.writ+json', payload, [alice]),
        payloadType: type,
      },
      `the signature of ${alice.id} does not verify`,
    ],
    ['no signature', { ...envelope, signatures: [] }, 'the envelope bears no signature'],
    [
      'one bad signature among good ones',
      {
        ...envelope,
        signatures: [...envelope.signatures, { keyid: bob.id, sig: first?.sig ?? '' }],
      },
      `the signature of ${bob.id} does not verify`,
    ],
    [
      'a signature in the name of another key',
      { ...envelope, signatures: [{ keyid: alice.id, sig: second?.sig ?? '' }] },
      `the signature of ${alice.id} does not verify`,
    ],
    [
      'a signature that is not base64',
      { ...envelope, signatures: [{ keyid: alice.id, sig: '?' }] },
      `the signature of ${alice.id} does not verify`,
    ],
    [
      'a signature that is too short',
      { ...envelope, signatures: [{ keyid: alice.id, sig: 'Zg==' }] },
      `the signature of ${alice.id} does not verify`,
    ],
    ['a payload that is not base64', { ...envelope, payload: 'e30' }, 'the payload is not base64'],
    [
      'a payload that is not UTF-8',
      signedBytes(Uint8Array.of(0x22, 0xff, 0x22)),
      'the payload is not UTF-8',
    ],
    [
      'a payload behind a byte order mark',
      signedBytes(utf8.encode('\ufeff{}')),
      'not an integer, string, object or array at offset 0',
    ],
    [
      'a payload that is not canonical',
      signedBytes(utf8.encode('{"b":1,"a":2}')),
      'the payload is not in canonical form',
    ],
    ['a payload that is no object', signedBytes(utf8.encode('[]')), 'the payload is not an object'],
  ])('refuses %s', (_what, wrong, message) => {
    const opened = openEnvelope(wrong, type);
    expect(opened.ok ? undefined : opened.refusal).toMatchObject({
      code: 'envelope.invalid',
      message,
    });
  });
});

describe('signEnvelope', () => {
  const draft = sealEnvelope(type, { a: 'x' }, []);

  test('makes of a draft, signer by signer, what is sealed by all at once', () => {
    expect([alice, bob].reduce(signEnvelope, draft)).toEqual(
      sealEnvelope(type, { a: 'x' }, [alice, bob]),
    );
  });

  test('has a key sign once', () => {
    expect([alice, bob, alice].reduce(signEnvelope, draft).signatures).toHaveLength(2);
  });

  test('is no remedy for a payload that cannot be read', () => {
    expect(() => signEnvelope({ ...draft, payload: '!' }, alice)).toThrow('not base64');
  });
});

describe('openUnsigned', () => {
  const draft = sealEnvelope(type, { a: 'x' }, []);

  test('opens what nobody has signed, which openEnvelope does not', () => {
    expect(openUnsigned(draft, type)).toEqual({
      ...{ ok: true, value: { payload: { a: 'x' }, signers: [] } },
    });
    expect(openEnvelope(draft, type)).toMatchObject({
      refusal: { code: 'envelope.invalid', message: 'the envelope bears no signature' },
    });
  });

  test('believes no signature that does not verify', () => {
    const [signature] = signEnvelope(
      { ...draft, payload: encodeBase64(utf8.encode('{}')) },
      alice,
    ).signatures;
    const forged = { ...draft, signatures: signature === undefined ? [] : [signature] };
    expect(openUnsigned(forged, type)).toMatchObject({ refusal: { code: 'envelope.invalid' } });
  });
});
