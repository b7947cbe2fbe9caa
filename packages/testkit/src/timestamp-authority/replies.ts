import { readFileSync, writeFileSync } from 'node:fs';
import { openssl } from './openssl.ts';
import type { Pki } from './pki.ts';

export interface ReplyOptions {
  /** Name of the certificate that signs. */
  readonly signer: string;
  readonly hash?: 'sha256' | 'sha384' | 'sha512';
  /** Names of certificates that come along. */
  readonly chain?: readonly string[];
  /** How the certificate is named in what is signed. */
  readonly namedBy?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly namesChain?: boolean;
  /** Imprints that are accepted; others are refused with badAlg. */
  readonly imprints?: string;
}

/** What `openssl ts` replies to a query: a TimeStampResp in DER. */
export function replyTo(pki: Pki, query: Uint8Array, options: ReplyOptions): Uint8Array {
  const { signer, hash = 'sha256', chain = [], namedBy = 'sha256' } = options;
  const { namesChain = false, imprints = 'sha256,sha384,sha512' } = options;
  writeFileSync(pki.path('query.tsq'), query);
  writeFileSync(pki.path('serial'), '01');
  writeFileSync(pki.path('chain.pem'), pki.pem(...chain));
  writeFileSync(
    pki.path('ts.cnf'),
    `
[tsa]
serial = serial
crypto_device = builtin
signer_digest = ${hash}
default_policy = 1.3.6.1.4.1.32473.1
digests = ${imprints}
accuracy = secs:1, millisecs:500, microsecs:100
ess_cert_id_chain = ${namesChain ? 'yes' : 'no'}
ess_cert_id_alg = ${namedBy}
`,
  );
  const certificates = chain.length === 0 ? [] : ['-chain', 'chain.pem'];
  openssl(pki.folder, [
    ...['ts', '-reply', '-config', 'ts.cnf', '-section', 'tsa', '-queryfile', 'query.tsq'],
    ...['-signer', `${signer}.pem`, '-inkey', `${signer}.key`, ...certificates],
    ...['-out', 'reply.tsr'],
  ]);
  return new Uint8Array(readFileSync(pki.path('reply.tsr')));
}

export interface ForgeOptions {
  readonly signer: string;
  readonly certificates?: readonly string[];
  /** Type of the content that is signed, a dotted object identifier. */
  readonly type?: string;
  /** More arguments of `openssl cms -sign`. */
  readonly more?: readonly string[];
  /** Name the certificate in what is signed. */
  readonly isNamed?: boolean;
}

const tstInfoType = '1.2.840.113549.1.9.16.1.4';

/** Any content as a granted timestamp, signed with any key: what `openssl ts` would not sign. */
export function forgedReply(pki: Pki, content: Uint8Array, options: ForgeOptions): Uint8Array {
  const { signer, certificates = [], type = tstInfoType, more = [], isNamed = true } = options;
  writeFileSync(pki.path('chain.pem'), pki.pem(...certificates));
  const chain = certificates.length === 0 ? [] : ['-certfile', 'chain.pem'];
  const token = openssl(
    pki.folder,
    [
      ...['cms', '-sign', '-binary', '-nodetach', '-nosmimecap', '-outform', 'DER'],
      ...['-econtent_type', type, '-signer', `${signer}.pem`, '-inkey', `${signer}.key`, ...chain],
      ...[...(isNamed ? ['-cades'] : []), ...(more.includes('-md') ? [] : ['-md', 'sha256'])],
      ...more,
    ],
    content,
  );
  return sequence(Uint8Array.of(0x30, 3, 2, 1, 0), token);
}

/** A SEQUENCE of elements in DER. */
export function sequence(...elements: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(elements);
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return new Uint8Array(Buffer.concat([Uint8Array.of(0x30, ...size), content]));
}
