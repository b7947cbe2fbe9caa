import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

/** Certificates of one command's proxy. Its key is in memory alone, and goes with it. */
export interface Authority {
  /** Its own certificate. */
  readonly pem: string;
  /** Key and certificate of a host, for TLS. */
  contextFor(host: string): SecureContext;
}

const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const commonName = '2.5.4.3';
const dayMs = 86_400_000;

/** Makes an authority that is valid for the day of `nowMs` and the next. */
export function newAuthority(nowMs: number): Authority {
  const { publicKey, privateKey } = newKeys();
  // No two have one name: a client would try the key of one on what the other has signed.
  const name = nameOf(`Chancery, for one command ${randomBytes(8).toString('hex')}`);
  const signing = { issuer: name, key: privateKey, nowMs };
  const own = certified(signing, name, publicKey, [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign)),
  ]);
  const contexts = new Map<string, SecureContext>();
  const contextFor = (host: string): SecureContext => {
    const keys = newKeys();
    const cert = certified(signing, nameOf('host'), keys.publicKey, [
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: false })),
      extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature)),
      extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
      extension(id_ce_subjectAltName, new SubjectAlternativeName([alternativeName(host)])),
    ]);
    const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
    return createSecureContext({ key, cert, minVersion: 'TLSv1.2' });
  };
  return {
    pem: own,
    contextFor: (host) => {
      const known = contexts.get(host) ?? contextFor(host);
      contexts.set(host, known);
      return known;
    },
  };
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

interface Signing {
  readonly issuer: Name;
  readonly key: KeyObject;
  readonly nowMs: number;
}

/** A certificate (RFC 5280) in PEM. */
function certified(
  { issuer, key, nowMs }: Signing,
  subject: Name,
  publicKey: KeyObject,
  extensions: readonly Extension[],
): string {
  const algorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  // A serial number is positive.
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const tbsCertificate = new TBSCertificate({
    ...{ version: Version.v3, serialNumber: plain(serial), signature: algorithm },
    ...{ issuer, subject },
    validity: new Validity({
      notBefore: new Date(nowMs - dayMs),
      notAfter: new Date(nowMs + dayMs),
    }),
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions([...extensions]),
  });
  const signed = Buffer.from(AsnConvert.serialize(tbsCertificate));
  const certificate = new Certificate({
    ...{ tbsCertificate, signatureAlgorithm: algorithm },
    signatureValue: plain(sign('sha256', signed, key)),
  });
  const der = Buffer.from(AsnConvert.serialize(certificate)).toString('base64');
  const lines = der.replaceAll(/.{64}(?=.)/g, '$&\n');
  return ['-----BEGIN CERTIFICATE-----', lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function extension(extnID: string, value: object): Extension {
  const extnValue = new OctetString(AsnConvert.serialize(value));
  return new Extension({ extnID, critical: extnID !== id_ce_subjectAltName, extnValue });
}

function nameOf(text: string): Name {
  const value = new AttributeValue({ utf8String: text });
  const attribute = new AttributeTypeAndValue({ type: commonName, value });
  return new Name([new RelativeDistinguishedName([attribute])]);
}

function alternativeName(host: string): GeneralName {
  return isIP(host) === 0
    ? new GeneralName({ dNSName: host })
    : new GeneralName({ iPAddress: host });
}

function plain(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
