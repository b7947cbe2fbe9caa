import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bytesOfHex } from './bytes.ts';
import * as browser from './crypto.browser.ts';
import * as node from './crypto.node.ts';
import { leafDigest } from './digest.ts';
import type { Hash, SignatureKey } from './signature-key.ts';

const machines = [
  { machine: 'Node', ...node },
  { machine: 'a browser', ...browser },
];

describe.each(machines)('RFC 8032, section 7.1: Ed25519, in $machine', (machine) => {
  const { ed25519Signer, ed25519Verify } = machine;
  const vectors = [
    {
      name: 'TEST 1',
      seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      message: '',
      signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    },
    {
      name: 'TEST 2',
      seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      message: '72',
      signature:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    },
    {
      name: 'TEST 3',
      seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      message: 'af82',
      signature:
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    },
    {
      name: 'TEST SHA(abc)',
      seed: '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
      publicKey: 'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
      message:
        'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      signature:
        'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
    },
  ];

  test.each(vectors)('$name signs and verifies', ({ seed, publicKey, message, signature }) => {
    const signer = ed25519Signer(bytesOfHex(seed));
    const bytes = bytesOfHex(message);
    expect(signer.publicKeyHex).toBe(publicKey);
    expect(signer.sign(bytes)).toBe(signature);
    expect(ed25519Verify(publicKey, bytes, signature)).toBe(true);
  });

  test.each(vectors)('$name does not verify over another message', (vector) => {
    const bytes = bytesOfHex(`${vector.message}00`);
    expect(ed25519Verify(vector.publicKey, bytes, vector.signature)).toBe(false);
  });
});

describe.each(machines)('FIPS 180-4: SHA-256, in $machine', ({ sha256Hex }) => {
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('of %j, as text and as bytes', (text, digest) => {
    expect(sha256Hex(text)).toBe(digest);
    expect(sha256Hex(new TextEncoder().encode(text))).toBe(digest);
  });
});

describe('RFC 6962, section 2.1: the hash of a leaf', () => {
  test.each([
    ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    ['\u0000', '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7'],
  ])('of %j', (text, digest) => {
    expect(leafDigest(text)).toBe(digest);
  });
});

describe.each(machines)('FIPS 180-4: the hashes of others, in $machine', ({ digestHex }) => {
  test.each([
    ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'sha384',
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    ],
    [
      'sha512',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    ],
  ] as const)('%s', (name, digest) => {
    expect(digestHex(name, new TextEncoder().encode('abc'))).toBe(digest);
  });
});

interface Pair {
  readonly key: SignatureKey;
  readonly secret: KeyObject;
}

const bytesOf = (text = ''): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));

function rsaPair(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const { n, e } = publicKey.export({ format: 'jwk' });
  return { key: { kind: 'rsa', modulus: bytesOf(n), exponent: bytesOf(e) }, secret: privateKey };
}

function ecPair(curve: 'p256' | 'p384'): Pair {
  const namedCurve = curve === 'p256' ? 'P-256' : 'P-384';
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const point = Uint8Array.of(4, ...bytesOf(x), ...bytesOf(y));
  return { key: { kind: 'ec', curve, point }, secret: privateKey };
}

const pairs = { rsa: rsaPair(), p256: ecPair('p256'), p384: ecPair('p384') } as const;
const kinds = ['rsa', 'p256', 'p384'] as const;
const hashes = ['sha256', 'sha384', 'sha512'] as const;
const message = new TextEncoder().encode('a message');

function signedBy({ secret }: Pair, hash: Hash): Uint8Array {
  return new Uint8Array(sign(hash, message, { key: secret, dsaEncoding: 'ieee-p1363' }));
}

describe.each(machines)('the signatures of others, in $machine', ({ signatureHolds }) => {
  test.each(kinds.flatMap((kind) => hashes.map((hash) => [kind, hash] as const)))(
    'by %s with %s hold, and with anything else do not',
    (kind, hash) => {
      const { key, secret } = pairs[kind];
      const signature = signedBy({ key, secret }, hash);
      const holds = (differing: object): boolean =>
        signatureHolds(key, { hash, message, signature, ...differing });
      expect(holds({})).toBe(true);
      expect(holds({ message: Uint8Array.of(...message, 0) })).toBe(false);
      expect(holds({ hash: hash === 'sha512' ? 'sha256' : 'sha512' })).toBe(false);
      for (const at of [0, signature.length >> 1, signature.length - 1]) {
        const turned = signature.with(at, (signature[at] ?? 0) ^ 1);
        expect(holds({ signature: turned })).toBe(false);
      }
      for (const other of [signature.subarray(1), Uint8Array.of(0, ...signature)]) {
        expect(holds({ signature: other })).toBe(false);
      }
      expect(holds({ signature: new Uint8Array(signature.length) })).toBe(false);
      expect(holds({ signature: signature.map(() => 0xff) })).toBe(false);
    },
  );

  test('by a point that is not on its curve hold of nothing', () => {
    const { key } = pairs.p256;
    if (key.kind !== 'ec') throw new Error('a key of another kind');
    const point = key.point.with(64, (key.point[64] ?? 0) ^ 1);
    const signature = signedBy(pairs.p256, 'sha256');
    expect(signatureHolds({ ...key, point }, { hash: 'sha256', message, signature })).toBe(false);
  });

  test('by RSA are the whole text of RFC 8017, section 9.2, and no other with the same digest', () => {
    const { key, secret } = pairs.rsa;
    const padded = new Uint8Array(sign('sha256', message, { key: secret, padding: 6 }));
    expect(signatureHolds(key, { hash: 'sha256', message, signature: padded })).toBe(false);
  });
});
