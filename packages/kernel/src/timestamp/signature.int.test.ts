import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { opensslMissing, timeInfo, timePki, type Pki } from '@chancery/testkit/timestamp-authority';
import { Attribute, IssuerAndSerialNumber } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { Certificate, Name } from '@peculiar/asn1-x509';
import { fromBER, ObjectIdentifier, Sequence } from 'asn1js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashes } from './algorithms.ts';
import { readCertificate } from './certificate.ts';
import { elementIn, partsOf, tags } from './der.ts';
import { signerOf } from './signature.ts';

const title = `a signer${opensslMissing === undefined ? '' : `: left out, ${opensslMissing}`}`;
const tstInfo = '1.2.840.113549.1.9.16.1.4';
const [sha256, sha384] = ['2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.2'] as const;
const [ecdsa256, ecdsa384] = ['1.2.840.10045.4.3.2', '1.2.840.10045.4.3.3'] as const;
const content = timeInfo();
const empty = { tag: tags.sequence, content: new Uint8Array(), raw: new Uint8Array() };

interface Differing {
  readonly type?: string;
  readonly digestAlgorithm?: string;
  readonly signatureAlgorithm?: string;
  /** With which hash it is signed in truth. */
  readonly hash?: string;
  readonly twice?: boolean;
  readonly issuer?: Name;
  readonly serial?: ArrayBuffer;
}

describe.skipIf(opensslMissing !== undefined)(title, () => {
  let pki: Pki;
  beforeAll(() => {
    pki = timePki();
  });
  afterAll(() => pki.dispose());

  /** What is found of a token that is signed here, differing in something. */
  function found(signerName: string, differing: Differing = {}): string {
    const raw = new Uint8Array(new X509Certificate(pki.pem(signerName)).raw);
    const { tbsCertificate } = AsnConvert.parse(raw, Certificate);
    const { digestAlgorithm = sha256, signatureAlgorithm = ecdsa256, hash = 'sha256' } = differing;
    const digest = createHash(digestAlgorithm === sha384 ? 'sha384' : 'sha256').update(content);
    const type = new ObjectIdentifier({ value: differing.type ?? tstInfo }).toBER();
    const attributes = [
      new Attribute({ attrType: '1.2.840.113549.1.9.3', attrValues: [type] }),
      new Attribute({
        attrType: '1.2.840.113549.1.9.4',
        attrValues: [AsnConvert.serialize(new OctetString(digest.digest()))],
      }),
      new Attribute({ attrType: '1.2.840.113549.1.9.16.2.47', attrValues: [naming(raw)] }),
    ];
    const all = differing.twice === true ? [...attributes, ...attributes.slice(0, 1)] : attributes;
    const signedBytes = setOf(all);
    const key = createPrivateKey(readFileSync(pki.path(`${signerName}.key`)));
    const named = AsnConvert.serialize(
      new IssuerAndSerialNumber({
        issuer: differing.issuer ?? tbsCertificate.issuer,
        serialNumber: differing.serial ?? tbsCertificate.serialNumber,
      }),
    );
    const signer = {
      named: elementIn(new Uint8Array(named)) ?? empty,
      hash: hashes.get(digestAlgorithm),
      algorithm: signatureAlgorithm,
      signature: new Uint8Array(sign(hash, signedBytes, key)),
      signedBytes,
      attributes: partsOf(elementIn(signedBytes), tags.set) ?? [],
    };
    const certificate = readCertificate(raw);
    if (certificate === undefined) throw new Error('no certificate');
    const read = { content, signer, certificates: [certificate] };
    const result = signerOf(read);
    return typeof result === 'string' ? result : result.subjectText;
  }

  it('is found by what it signs', () => {
    const subject = 'O=Chancery tests, CN=tsa';
    expect(found('tsa')).toBe(subject);
    const other = { digestAlgorithm: sha384, signatureAlgorithm: ecdsa384, hash: 'sha384' };
    expect(found('tsa', other)).toBe(subject);
  });

  it.each<[string, Differing, string]>([
    ['another type', { type: '1.2.840.113549.1.7.1' }, 'it does not sign that it is a time'],
    ['its type twice', { twice: true }, 'it does not sign that it is a time'],
    [
      'by two hashes',
      { digestAlgorithm: sha384, signatureAlgorithm: ecdsa256 },
      'its signature does not hold',
    ],
    [
      'by a hash that it does not tell',
      { digestAlgorithm: sha256, signatureAlgorithm: ecdsa384 },
      'its signature does not hold',
    ],
    [
      'with a key of another kind',
      { signatureAlgorithm: '1.2.840.113549.1.1.11' },
      'its signature does not hold',
    ],
    [
      'with an unknown digest',
      { digestAlgorithm: '1.3.14.3.2.26' },
      'its digest is of a kind that is not believed',
    ],
    [
      'by another number',
      { serial: new ArrayBuffer(1) },
      'the certificate of its signer is not in it',
    ],
    ['by another issuer', { issuer: new Name() }, 'the certificate of its signer is not in it'],
  ])('is refused that signs %s', (_what, differing, why) => {
    expect(found('tsa', differing)).toBe(why);
  });
});

/** A set of attributes, in the order that they have. */
function setOf(attributes: readonly Attribute[]): Uint8Array {
  const parts = attributes.map((each) => fromBER(AsnConvert.serialize(each)).result);
  const bytes = new Uint8Array(new Sequence({ value: parts }).toBER());
  bytes[0] = 0x31;
  return bytes;
}

/** SigningCertificateV2 of a certificate. */
function naming(raw: Uint8Array): ArrayBuffer {
  const digest = createHash('sha256').update(raw).digest();
  const hash = fromBER(AsnConvert.serialize(new OctetString(digest))).result;
  const id = new Sequence({ value: [hash] });
  return new Sequence({ value: [new Sequence({ value: [id] })] }).toBER();
}
