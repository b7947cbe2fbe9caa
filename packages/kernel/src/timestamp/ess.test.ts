import { createHash } from 'node:crypto';
import {
  Constructed,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Sequence,
  type BaseBlock,
} from 'asn1js';
import { describe, expect, it } from 'vitest';
import { hexOfBytes } from '../encoding/index.ts';
import { sha256Oid } from './algorithms.ts';
import { namesSigner } from './ess.ts';

const name = (word: string) =>
  new Sequence({ value: [new OctetString({ valueHex: bytes(word) })] });
const certificate = {
  raw: new Uint8Array(Buffer.from('a certificate')),
  issuer: hexOfBytes(new Uint8Array(name('issuer').toBER())),
  serial: '05',
};
const [first, second] = ['1.2.840.113549.1.9.16.2.12', '1.2.840.113549.1.9.16.2.47'] as const;

function bytes(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text)).buffer;
}

function hashOf(algorithm: string, of: Uint8Array = certificate.raw): OctetString {
  const digest = createHash(algorithm).update(of).digest();
  return new OctetString({ valueHex: new Uint8Array(digest).buffer });
}

function issuerAndSerial(word: string, serial: number, tagNumber = 4): BaseBlock {
  const names = new Sequence({
    value: [new Constructed({ idBlock: { tagClass: 3, tagNumber }, value: [name(word)] })],
  });
  return new Sequence({ value: [names, new Integer({ value: serial })] });
}

/** Names of certificates, as one attribute has them. */
function naming(...named: readonly (readonly BaseBlock[])[]): Uint8Array {
  const list = new Sequence({ value: named.map((value) => new Sequence({ value: [...value] })) });
  return new Uint8Array(new Sequence({ value: [list] }).toBER());
}

const algorithm = (oid: string) =>
  new Sequence({ value: [new ObjectIdentifier({ value: oid }), new Null()] });
const [sha1, sha256, wrong] = [hashOf('sha1'), hashOf('sha256'), hashOf('sha256', bytesOf('no'))];
const right = issuerAndSerial('issuer', 5);

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(bytes(text));
}

function isNamed(attributes: Readonly<Record<string, Uint8Array>>): boolean {
  return namesSigner((oid) => attributes[oid], certificate);
}

describe('the certificate of a signer is named', () => {
  it.each([
    ['by SHA-1', { [first]: naming([sha1]) }],
    ['by SHA-256', { [second]: naming([sha256]) }],
    ['by an algorithm that is told', { [second]: naming([algorithm(sha256Oid), sha256]) }],
    ['by both', { [first]: naming([sha1]), [second]: naming([sha256]) }],
    ['with issuer and number', { [second]: naming([sha256, right]) }],
    ['before others', { [second]: naming([sha256], [wrong]) }],
  ])('%s', (_how, attributes) => {
    expect(isNamed(attributes)).toBe(true);
  });

  it.each([
    ['by nothing', {}],
    ['by the hash of another', { [second]: naming([wrong]) }],
    ['behind others', { [second]: naming([wrong], [sha256]) }],
    ['by one of two', { [first]: naming([sha1]), [second]: naming([wrong]) }],
    ['by the other of two', { [first]: naming([wrong]), [second]: naming([sha256]) }],
    ['by SHA-1 where that is not meant', { [second]: naming([sha1]) }],
    ['by SHA-256 where that is not meant', { [first]: naming([sha256]) }],
    ['by an algorithm that is not known', { [second]: naming([algorithm('1.3.14.3.2.26'), sha1]) }],
    ['by an algorithm in the first form', { [first]: naming([algorithm(sha256Oid), sha1]) }],
    ['with another number', { [second]: naming([sha256, issuerAndSerial('issuer', 6)]) }],
    ['with another issuer', { [second]: naming([sha256, issuerAndSerial('another', 5)]) }],
    ['with a name that is none', { [second]: naming([sha256, issuerAndSerial('issuer', 5, 2)]) }],
    ['with more behind it', { [second]: naming([sha256, right, right]) }],
    ['by no element', { [second]: bytesOf('x') }],
  ])('not %s', (_how, attributes) => {
    expect(isNamed(attributes)).toBe(false);
  });
});
