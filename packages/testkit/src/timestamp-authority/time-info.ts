import { createHash } from 'node:crypto';
import type { Result } from '@chancery/kernel/refusal';
import { checkReply, readTrusted, type AttestedTime } from '@chancery/kernel/timestamp';
import {
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
  type BaseBlock,
} from 'asn1js';

const sha256Oid = '2.16.840.1.101.3.4.2.1';

/** What times are attested of. */
export const content = new Uint8Array(
  Buffer.from('chancery.alt/log\n1\nroot\n\n— log signature\n'),
);

/** Where certificates come from. */
interface Certificates {
  pem(...names: readonly string[]): string;
}

/** What a reply is found to attest by who trusts these. */
export function checked(
  certificates: Certificates,
  reply: Uint8Array,
  trusted: readonly string[] = ['root'],
): Result<AttestedTime> {
  const authorities = readTrusted(certificates.pem(...trusted));
  if (!authorities.ok) return authorities;
  return checkReply(reply, { content, trusted: authorities.value });
}

/** The code and the end of the message of a refusal; `ok` for none. */
export function told(result: Result<unknown>): readonly [code: string, message: string] | 'ok' {
  return result.ok ? 'ok' : [result.refusal.code, result.refusal.message];
}

export interface InfoOptions {
  readonly version?: number;
  readonly hash?: string;
  readonly digest?: Uint8Array;
  /** As it stands there. */
  readonly time?: string;
  /** Fields behind the time. */
  readonly more?: readonly BaseBlock[];
}

/** A TSTInfo in DER, right but for what is asked. */
export function timeInfo(options: InfoOptions = {}): Uint8Array {
  const { version = 1, hash = sha256Oid, time = '20260102030405Z', more = [] } = options;
  const { digest = createHash('sha256').update(content).digest() } = options;
  const algorithm = [new ObjectIdentifier({ value: hash }), new Null()];
  const info = new Sequence({
    value: [
      new Integer({ value: version }),
      new ObjectIdentifier({ value: '1.3.6.1.4.1.32473.1' }),
      new Sequence({
        value: [new Sequence({ value: algorithm }), new OctetString({ valueHex: plain(digest) })],
      }),
      new Integer({ value: 7 }),
      tagged(1, 24, Buffer.from(time)),
      ...more,
    ],
  });
  return new Uint8Array(info.toBER());
}

/** An element of any tag: of class 1 those that all know, of 3 those of a field. */
export function tagged(tagClass: 1 | 3, tagNumber: number, bytes: Uint8Array): Primitive {
  return new Primitive({ idBlock: { tagClass, tagNumber }, valueHex: plain(bytes) });
}

function plain(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
