import { hexOfBytes, type SignatureKey } from '../encoding/index.ts';
import { algorithmOf, signatureAlgorithms } from './algorithms.ts';
import { contentOf, elementIn, fieldTag, partsOf, tags, type Element } from './der.ts';
import { readExtensions, type Extensions } from './extensions.ts';
import { readKey } from './key.ts';
import { nameText } from './name.ts';
import type { SignedBytes } from './signed-bytes.ts';
import { generalizedTimeMs, utcTimeMs } from './time.ts';
import { bitsOf } from './values.ts';

/** What is to be known of an X.509 certificate (RFC 5280). Names and numbers are hexadecimal. */
export interface Certificate extends Extensions {
  readonly raw: Uint8Array;
  /** Undefined where it is of a kind or size that is not believed. */
  readonly key: SignatureKey | undefined;
  /** DER of the names. */
  readonly issuer: string;
  readonly subject: string;
  /** The subject for a person. */
  readonly subjectText: string;
  readonly serial: string;
  readonly validMs: { readonly from: number; readonly to: number };
  /** What its issuer has signed, and how. */
  readonly signed: SignedBytes;
}

/** Undefined for bytes that are no certificate, or one of which a known extension is malformed. */
export function readCertificate(raw: Uint8Array): Certificate | undefined {
  const parts = partsOf(elementIn(raw), tags.sequence) ?? [];
  const [toBeSigned, algorithm, bits] = parts;
  const signature = bitsOf(bits);
  const oid = algorithmOf(algorithm);
  const fields = fieldsOf(toBeSigned);
  if (toBeSigned === undefined || oid === undefined || signature === undefined) return undefined;
  if (fields === undefined || parts.length > 3) return undefined;
  const { serial, names, validMs, key, extensions } = fields;
  // The issuer signs by which algorithm it signs (RFC 5280, section 4.1.1.2).
  if (hexOfBytes(fields.algorithm) !== hexOfBytes(algorithm?.raw ?? raw)) return undefined;
  return {
    raw,
    ...extensions,
    key,
    issuer: hexOfBytes(names.issuer.raw),
    subject: hexOfBytes(names.subject.raw),
    subjectText: nameText(names.subject),
    serial: hexOfBytes(serial),
    validMs,
    signed: { bytes: toBeSigned.raw, algorithm: oid, signature },
  };
}

function fieldsOf(toBeSigned: Element | undefined) {
  const parts = partsOf(toBeSigned, tags.sequence) ?? [];
  const own = parts[0]?.tag === fieldTag(0) ? parts.slice(1) : parts;
  const [number, algorithm, issuer, validity, subject, info, ...more] = own;
  const serial = contentOf(number, tags.integer);
  const validMs = validityOf(validity);
  const extensions = readExtensions(more.find(({ tag }) => tag === fieldTag(3)));
  if (serial === undefined || validMs === undefined || extensions === undefined) return undefined;
  if (issuer?.tag !== tags.sequence || subject?.tag !== tags.sequence) return undefined;
  const names = { issuer, subject };
  return {
    serial,
    algorithm: algorithm?.raw ?? serial,
    names,
    validMs,
    key: readKey(info),
    extensions,
  };
}

function validityOf(element: Element | undefined): Certificate['validMs'] | undefined {
  const [from, to] = (partsOf(element, tags.sequence) ?? []).map(timeOf);
  return from === undefined || to === undefined ? undefined : { from, to };
}

function timeOf({ tag, content }: Element): number | undefined {
  if (tag === tags.utcTime) return utcTimeMs(content);
  return tag === tags.generalizedTime ? generalizedTimeMs(content) : undefined;
}

/** Whether the signature on a certificate is of a kind that is believed. */
export function hasStrongSignature({ signed }: Certificate): boolean {
  return signatureAlgorithms.get(signed.algorithm)?.hash !== undefined;
}
