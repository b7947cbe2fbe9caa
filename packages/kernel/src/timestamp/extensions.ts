import { hexOfBytes } from '../encoding/index.ts';
import { contentOf, elementIn, partsOf, tags, type Element } from './der.ts';
import { countOf, hasBit, oidOf } from './values.ts';

/** What the extensions of a certificate say of it (RFC 5280, section 4.2). */
export interface Extensions {
  /** Hexadecimal; undefined where it is not told. */
  readonly keyId: string | undefined;
  /** Whether it may sign certificates. */
  readonly mayIssue: boolean;
  /** How many authorities may stand between it and the last certificate. */
  readonly pathLength: number;
  readonly maySign: boolean;
  /** Whether it is for timestamps and nothing else, and says so with force (RFC 3161, section 2.3). */
  readonly isForTimeAlone: boolean;
  /** Whether certificates that it signs may be for timestamps. */
  readonly allowsTime: boolean;
  /** Whether nothing critical is in it that is not known here. */
  readonly isUnderstood: boolean;
}

interface Extension {
  readonly oid: string;
  readonly isCritical: boolean;
  readonly value: Element | undefined;
}

const [keyIdOid, keyUsageOid, altNameOid] = ['2.5.29.14', '2.5.29.15', '2.5.29.17'] as const;
const [basicOid, policiesOid, purposesOid] = ['2.5.29.19', '2.5.29.32', '2.5.29.37'] as const;
const [timeStamping, anyPurpose] = ['1.3.6.1.5.5.7.3.8', '2.5.29.37.0'] as const;
/** Bits of KeyUsage. */
const [digitalSignature, nonRepudiation, keyCertSign] = [0, 1, 5] as const;
const understood = [basicOid, policiesOid, purposesOid, keyUsageOid, altNameOid, keyIdOid] as const;

/** Reads the field with the extensions, which may be missing; undefined where one is malformed. */
export function readExtensions(field: Element | undefined): Extensions | undefined {
  const extensions = listOf(field);
  if (extensions === undefined) return undefined;
  const found = new Map(extensions.map((extension) => [extension.oid, extension]));
  if (found.size < extensions.length) return undefined;
  const basic = basicOf(found.get(basicOid));
  const usage = usageOf(found.get(keyUsageOid));
  const purposes = purposesOf(found.get(purposesOid));
  const keyId = keyIdOf(found.get(keyIdOid));
  if (basic === undefined || usage === undefined) return undefined;
  if (purposes === undefined || keyId === undefined) return undefined;
  const isCritical = found.get(purposesOid)?.isCritical === true;
  return {
    keyId: keyId === '' ? undefined : keyId,
    mayIssue: basic.isAuthority && usage.mayCertify,
    pathLength: basic.pathLength,
    maySign: usage.maySign,
    isForTimeAlone: isCritical && purposes.length === 1 && purposes[0] === timeStamping,
    allowsTime: purposes.includes(timeStamping) || purposes.includes(anyPurpose),
    isUnderstood: extensions.every(
      (each) => !each.isCritical || understood.some((oid) => oid === each.oid),
    ),
  };
}

function listOf(field: Element | undefined): readonly Extension[] | undefined {
  if (field === undefined) return [];
  const all = partsOf(elementIn(field.content), tags.sequence)?.map(readExtension);
  const read = all?.filter((each) => each !== undefined);
  return read?.length === all?.length ? read : undefined;
}

function readExtension(element: Element): Extension | undefined {
  const parts = partsOf(element, tags.sequence) ?? [];
  const [type, ...rest] = parts;
  const critical = rest[0]?.tag === tags.boolean ? rest.shift() : undefined;
  const [value, ...more] = rest;
  const oid = oidOf(type);
  const bytes = contentOf(value, tags.octetString);
  if (oid === undefined || bytes === undefined || more.length > 0) return undefined;
  return { oid, isCritical: isTrue(critical), value: elementIn(bytes) };
}

/** Anything that is not false is meant to be true. */
function isTrue(element: Element | undefined): boolean {
  return element?.content.some((byte) => byte !== 0) ?? false;
}

function basicOf(extension: Extension | undefined) {
  if (extension === undefined) return { isAuthority: false, pathLength: Number.POSITIVE_INFINITY };
  const parts = partsOf(extension.value, tags.sequence);
  if (parts === undefined) return undefined;
  const isTold = parts[0]?.tag === tags.boolean;
  const [length, ...more] = isTold ? parts.slice(1) : parts;
  const pathLength = length === undefined ? Number.POSITIVE_INFINITY : countOf(length);
  if (pathLength === undefined || more.length > 0) return undefined;
  return { isAuthority: isTold && isTrue(parts[0]), pathLength };
}

function usageOf(extension: Extension | undefined) {
  if (extension === undefined) return { maySign: true, mayCertify: true };
  const [signs, stands, mayCertify] = [digitalSignature, nonRepudiation, keyCertSign].map((bit) =>
    hasBit(extension.value, bit),
  );
  if (signs === undefined || stands === undefined || mayCertify === undefined) return undefined;
  return { maySign: signs || stands, mayCertify };
}

function purposesOf(extension: Extension | undefined): readonly string[] | undefined {
  if (extension === undefined) return [anyPurpose];
  const all = partsOf(extension.value, tags.sequence)?.map(oidOf);
  const read = all?.filter((each) => each !== undefined);
  return read?.length === all?.length ? read : undefined;
}

/** Empty where it is not told. */
function keyIdOf(extension: Extension | undefined): string | undefined {
  if (extension === undefined) return '';
  const bytes = contentOf(extension.value, tags.octetString);
  return bytes === undefined ? undefined : hexOfBytes(bytes);
}
