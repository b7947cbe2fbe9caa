import { digestHex, hexOfBytes } from '../encoding/index.ts';
import { hashOf } from './algorithms.ts';
import type { AttestedTime } from './attested-time.ts';
import { contentOf, elementIn, fieldTag, partsOf, tags, type Element } from './der.ts';
import { generalizedTimeMs } from './time.ts';
import { countOf, isInteger, oidOf } from './values.ts';

/** What an authority has signed (RFC 3161, section 2.4.2), apart from who it is. */
export interface TimeInfo extends Omit<AttestedTime, 'authority'> {
  /** Whether it is of these bytes. */
  readonly isOf: (content: Uint8Array) => boolean;
  /** Of the request that it answers, hexadecimal; undefined where it has none. */
  readonly nonce: string | undefined;
}

const unread = 'its time cannot be read';

/** Why bytes are no time, or the time. */
export function readTimeInfo(bytes: Uint8Array): TimeInfo | string {
  const [version, policy, imprint, serial, time, ...rest] =
    partsOf(elementIn(bytes), tags.sequence) ?? [];
  const policyOid = oidOf(policy);
  const number = contentOf(serial, tags.integer);
  if (policyOid === undefined || number === undefined || !isInteger(number)) return unread;
  if (countOf(version) !== 1) return 'its time is of another version';
  const optional = readOptional(rest);
  if (optional === undefined) return unread;
  if (optional.isStrange) return 'its time has a critical extension that is not known';
  const isOf = imprintOf(imprint);
  if (isOf === undefined) return 'its imprint is of a kind that is not believed';
  const timeMs = generalizedTimeMs(contentOf(time, tags.generalizedTime) ?? new Uint8Array());
  if (timeMs === undefined) return 'its time is not written as it must be';
  const { accuracy, nonce } = optional;
  const accuracyMs = accuracy === undefined ? null : accuracyOf(accuracy);
  if (accuracyMs === undefined) return 'its accuracy is none';
  return { timeMs, accuracyMs, serial: hexOfBytes(number), policy: policyOid, isOf, nonce };
}

function imprintOf(imprint: Element | undefined): TimeInfo['isOf'] | undefined {
  const [algorithm, hashed, ...more] = partsOf(imprint, tags.sequence) ?? [];
  const hash = hashOf(algorithm);
  const bytes = contentOf(hashed, tags.octetString);
  if (hash === undefined || bytes === undefined || more.length > 0) return undefined;
  const expected = hexOfBytes(bytes);
  return (content) => digestHex(hash, content) === expected;
}

/** Fields that may be left out, in the order in which they come. */
const optionalTags = [tags.sequence, tags.boolean, tags.integer, fieldTag(0), fieldTag(1)] as const;

function readOptional(rest: readonly Element[]) {
  const left = [...rest];
  const [accuracy, , nonce, , extensions] = optionalTags.map((tag) =>
    left[0]?.tag === tag ? left.shift() : undefined,
  );
  if (left.length > 0) return undefined;
  const list = extensions === undefined ? [] : partsOf(extensions, fieldTag(1));
  if (list === undefined) return undefined;
  const isStrange = list.some((each) => partsOf(each, tags.sequence)?.[1]?.tag === tags.boolean);
  return {
    accuracy,
    nonce: nonce === undefined ? undefined : hexOfBytes(nonce.content),
    isStrange,
  };
}

/** In milliseconds, no better than it is told; undefined for what is none (section 2.4.2). */
function accuracyOf(accuracy: Element): number | undefined {
  const told = partsOf(accuracy, tags.sequence);
  if (told === undefined) return undefined;
  const left = [...told];
  const parts = [tags.integer, fieldTag(0, 'bytes'), fieldTag(1, 'bytes')].map((tag) =>
    left[0]?.tag === tag ? countOf(left.shift(), tag) : 0,
  );
  const [seconds, millis, micros] = parts;
  if (seconds === undefined || millis === undefined || micros === undefined) return undefined;
  if (left.length > 0 || millis >= 1_000 || micros >= 1_000) return undefined;
  return seconds * 1_000 + millis + Math.ceil(micros / 1_000);
}
