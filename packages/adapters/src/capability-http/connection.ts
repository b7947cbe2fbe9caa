import { request as requestHttp, type ClientRequest } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Destination } from './destination.ts';
import type { Resolved } from './resolution.ts';

export interface Head {
  readonly method: string;
  /** All that are sent: names and values by turns, as `rawHeaders` of Node has them. */
  readonly headers: readonly string[];
  /** Certificates of authorities that count, in PEM; those of Node by default. */
  readonly authorities?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
}

/** Bytes that all headers of a message may have. */
export const headerBytes = 32_768;

/** Answers of 1xx that may come before the one that counts. */
const mostInterim = 16;

/**
 * Begins a request to an address that was resolved before and to no other, over a connection of its own.
 * It follows nothing, unfolds nothing, and takes part in no other protocol: the request fails then, as it
 * does when interim answers do not end.
 */
export function beginRequest(
  { url, scheme, host, port }: Destination,
  { address, family }: Resolved,
  { method, headers, authorities, signal }: Head,
): ClientRequest {
  const { pathname, search, host: authority } = new URL(url);
  const ask = scheme === 'https' ? requestHttps : requestHttp;
  const request = ask({
    method,
    ...{ host: address, family, port, path: `${pathname}${search}` },
    // The name that was asked for, in the request and in the certificate.
    ...(isName(host) ? { servername: host } : {}),
    headers: ['host', authority, 'connection', 'close', ...headers],
    // No connection is shared, so that none outlives its request.
    agent: false,
    maxHeaderSize: headerBytes,
    setDefaultHeaders: false,
    ...(authorities === undefined ? {} : { ca: [...authorities] }),
    ...(signal === undefined ? {} : { signal }),
  });
  // Another protocol is none that was asked for. Nothing else tells of it.
  request.on('upgrade', (_response, socket) => {
    socket.destroy();
    request.emit('error', new Error('another protocol'));
  });
  let interim = 0;
  request.on('information', () => {
    interim += 1;
    if (interim > mostInterim) request.destroy(new Error('no end of interim answers'));
  });
  return request;
}

const isName = (host: string): boolean => !host.startsWith('[') && !/^[\d.]+$/.test(host);

/** The value of a header that a secret is lent for; undefined where no header can have it. */
export function headerValue(name: string, secret: string): string | undefined {
  if (!/^[\t\u0020-\u007e]+$/.test(secret)) return undefined;
  const isBare = name === 'authorization' && !secret.includes(' ');
  return isBare ? `Bearer ${secret}` : secret;
}
