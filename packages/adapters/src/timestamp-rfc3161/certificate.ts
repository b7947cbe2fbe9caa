import { X509Certificate, type KeyObject } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  anyExtendedKeyUsage,
  BasicConstraints,
  Certificate as CertificateStructure,
  ExtendedKeyUsage,
  id_ce_basicConstraints,
  id_ce_certificatePolicies,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_timeStamping,
  KeyUsage,
  KeyUsageFlags,
  SubjectKeyIdentifier,
  type Extension,
} from '@peculiar/asn1-x509';
import { curves, rsaBitsMin, signatureAlgorithms } from './algorithms.ts';
import { hexOf, read, structureOf, type Structure } from './der.ts';

/** What is to be known of an X.509 certificate (RFC 5280). Names and numbers are hexadecimal. */
export interface Certificate {
  readonly raw: Uint8Array;
  readonly x509: X509Certificate;
  readonly key: KeyObject;
  /** DER of the issuer's name. */
  readonly issuer: string;
  readonly serial: string;
  readonly keyId: string | undefined;
  readonly validMs: { readonly from: number; readonly to: number };
  /** Whether it may sign certificates. */
  readonly mayIssue: boolean;
  /** How many authorities may stand between it and the last certificate. */
  readonly pathLength: number;
  readonly maySign: boolean;
  /** Whether it is for timestamps and nothing else, and says so with force (RFC 3161, section 2.3). */
  readonly isForTimeAlone: boolean;
  /** Whether certificates that it signs may be for timestamps. */
  readonly allowsTime: boolean;
  /** Whether its key is of a kind and size that is believed. */
  readonly hasStrongKey: boolean;
  /** Whether the signature on it is of a kind that is believed. */
  readonly hasStrongSignature: boolean;
  /** Whether nothing critical is in it that is not known here. */
  readonly isUnderstood: boolean;
}

const understood: ReadonlySet<string> = new Set([
  id_ce_basicConstraints,
  id_ce_certificatePolicies,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
]);

/** Undefined for bytes that are no certificate, or one of which a known extension is malformed. */
export function readCertificate(raw: Uint8Array): Certificate | undefined {
  const structure = structureOf(raw, CertificateStructure);
  if (structure === undefined) return undefined;
  return read(() => {
    const x509 = new X509Certificate(raw);
    return { ...factsOf(structure, x509), raw, x509, key: x509.publicKey };
  });
}

function factsOf(
  { tbsCertificate, signatureAlgorithm }: CertificateStructure,
  x509: X509Certificate,
): Omit<Certificate, 'raw' | 'x509' | 'key'> {
  const extensions = [...(tbsCertificate.extensions?.values() ?? [])];
  const basic = extensionOf(extensions, id_ce_basicConstraints, BasicConstraints)?.value;
  const usage = extensionOf(extensions, id_ce_keyUsage, KeyUsage)?.value.toNumber();
  const purposes = extensionOf(extensions, id_ce_extKeyUsage, ExtendedKeyUsage);
  const keyId = extensionOf(extensions, id_ce_subjectKeyIdentifier, SubjectKeyIdentifier);
  const may = (flag: KeyUsageFlags): boolean => usage === undefined || (usage & flag) !== 0;
  const named: readonly string[] = purposes?.value ?? [anyExtendedKeyUsage];
  return {
    issuer: hexOf(AsnConvert.serialize(tbsCertificate.issuer)),
    serial: hexOf(tbsCertificate.serialNumber),
    keyId: keyId === undefined ? undefined : hexOf(keyId.value.buffer),
    validMs: { from: x509.validFromDate.getTime(), to: x509.validToDate.getTime() },
    mayIssue: basic?.cA === true && may(KeyUsageFlags.keyCertSign),
    pathLength: basic?.pathLenConstraint ?? Number.POSITIVE_INFINITY,
    maySign: may(KeyUsageFlags.digitalSignature) || may(KeyUsageFlags.nonRepudiation),
    isForTimeAlone:
      purposes?.critical === true && named.length === 1 && named[0] === id_kp_timeStamping,
    allowsTime: named.includes(id_kp_timeStamping) || named.includes(anyExtendedKeyUsage),
    hasStrongKey: isStrongKey(x509.publicKey),
    hasStrongSignature: isStrongSignature(signatureAlgorithm.algorithm),
    isUnderstood: extensions.every(({ critical, extnID }) => !critical || understood.has(extnID)),
  };
}

/** @throws for an extension that is there twice, or is not what its name says. */
function extensionOf<T>(
  extensions: readonly Extension[],
  oid: string,
  type: Structure<T>,
): { readonly value: T; readonly critical: boolean } | undefined {
  const [found, ...more] = extensions.filter(({ extnID }) => extnID === oid);
  if (found === undefined) return undefined;
  const value = structureOf(new Uint8Array(found.extnValue.buffer), type);
  if (value === undefined || more.length > 0) throw new TypeError(`extension ${oid} is malformed`);
  return { value, critical: found.critical };
}

function isStrongKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= rsaBitsMin;
  return asymmetricKeyType === 'ec' && curves.has(asymmetricKeyDetails?.namedCurve ?? '');
}

function isStrongSignature(oid: string): boolean {
  return signatureAlgorithms.get(oid)?.hash !== undefined;
}
