import { createHash } from 'node:crypto';
import { TSTInfo, type Accuracy } from '@peculiar/asn1-tsp';
import { type AttestedTime } from '@chancery/runtime/transparency';
import { hashes } from './algorithms.ts';
import { contentOf, elementOf, hexOf, partsOf, structureOf } from './der.ts';

/** What an authority has signed (RFC 3161, section 2.4.2), apart from who it is. */
export interface TimeInfo extends Omit<AttestedTime, 'authority'> {
  /** Whether it is of these bytes. */
  readonly isOf: (content: Uint8Array) => boolean;
  /** Of the request that it answers, hexadecimal; undefined where it has none. */
  readonly nonce: string | undefined;
}

const generalizedTimeTag = 24;
/** To a second or parts of it, in UTC, without superfluous zeros. */
const timeForm = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/;

/** Why bytes are no time, or the time. */
export function readTimeInfo(bytes: Uint8Array): TimeInfo | string {
  const info = structureOf(bytes, TSTInfo);
  if (info === undefined) return 'its time cannot be read';
  const version: number = info.version;
  if (version !== 1) return 'its time is of another version';
  if (info.extensions?.some(({ critical }) => critical) === true) {
    return 'its time has a critical extension that is not known';
  }
  const { messageImprint: imprint, accuracy, nonce } = info;
  const hash = hashes.get(imprint.hashAlgorithm.algorithm);
  if (hash === undefined) return 'its imprint is of a kind that is not believed';
  const timeMs = timeIn(bytes);
  if (timeMs === undefined) return 'its time is not written as it must be';
  const accuracyMs = accuracy === undefined ? null : accuracyOf(accuracy);
  if (accuracyMs === undefined) return 'its accuracy is none';
  const hashed = hexOf(imprint.hashedMessage.buffer);
  return {
    ...{ timeMs, accuracyMs, serial: hexOf(info.serialNumber), policy: info.policy },
    isOf: (content) => createHash(hash).update(content).digest('hex') === hashed,
    nonce: nonce === undefined ? undefined : hexOf(nonce),
  };
}

/** Read from its letters: a time without its zone would be another on each machine. */
function timeIn(info: Uint8Array): number | undefined {
  const element = partsOf(elementOf(info)).find(
    ({ idBlock }) => idBlock.tagClass === 1 && idBlock.tagNumber === generalizedTimeTag,
  );
  const text = Buffer.from(contentOf(element, generalizedTimeTag) ?? []).toString('latin1');
  const [isTime, year, month, day, hour, minute, second, fraction = ''] = timeForm.exec(text) ?? [];
  if (isTime === undefined) return undefined;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const timeMs = Date.parse(iso);
  // A day or an hour that there is not is none, and not the next.
  return Number.isNaN(timeMs) || new Date(timeMs).toISOString() !== iso ? undefined : timeMs;
}

/** In milliseconds, no better than it is told; undefined for what is none (section 2.4.2). */
function accuracyOf({ seconds, millis = 0, micros = 0 }: Accuracy): number | undefined {
  const isFine = [millis, micros].every((part) => part >= 0 && part < 1_000);
  const isWhole = [seconds, millis, micros].every((part) => Number.isSafeInteger(part));
  if (!isFine || !isWhole || seconds < 0) return undefined;
  return seconds * 1_000 + millis + Math.ceil(micros / 1_000);
}
