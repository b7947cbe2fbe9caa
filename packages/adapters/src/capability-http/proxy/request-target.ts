import type { IncomingMessage } from 'node:http';
import { assert, type Result } from '@chancery/kernel/refusal';
import { readDestination, type Destination } from '../destination.ts';
import { refusal, type Refused } from './gate.ts';
import { headerLines } from './header-lines.ts';

export type Target =
  | { readonly kind: 'target'; readonly destination: Destination }
  | (Refused & {
      /** As it was asked for, where it could be read. */
      readonly destination: Destination | undefined;
    });

const malformed = (why: string, destination?: Destination): Target => ({
  ...refusal('net.malformed', why),
  destination,
});

/** Where a request to a proxy goes (RFC 9112, 3.2.2): the URL of its first line, which `host` repeats. */
export function absoluteTarget(request: IncomingMessage): Target {
  const read = readDestination(textOf(request));
  if (!read.ok) return malformed(read.refusal.message);
  const destination = read.value;
  if (destination.scheme !== 'http') {
    return malformed('https is asked for by CONNECT, so that nobody reads it', destination);
  }
  return agreeing(request, destination);
}

/** Where a CONNECT goes (RFC 9112, 3.2.3): host and port, both there, in any spelling of the host. */
export function connectTarget(request: IncomingMessage): Target {
  const text = textOf(request);
  if (!/^[^\s/?#@\\]+:\d{1,5}$/.test(text)) return malformed('it is no host with a port');
  const read = readDestination(`https://${text}/`);
  return read.ok ? agreeing(request, read.value) : malformed(read.refusal.message);
}

/** Where a request inside of a tunnel goes: to the place of the tunnel, and to no other. */
export function tunnelledTarget(request: IncomingMessage, { url }: Destination): Target {
  const path = textOf(request);
  if (!path.startsWith('/')) return malformed('it names no path');
  const read = readDestination(`${new URL(url).origin}${path}`);
  return read.ok ? agreeing(request, read.value) : malformed(read.refusal.message);
}

/** Refuses a request whose `host` is another, and one whose length can be read in two ways. */
function agreeing(request: IncomingMessage, destination: Destination): Target {
  const hosts = valuesOf(request, 'host');
  const [named, ...more] = hosts;
  if (named === undefined || more.length > 0)
    return malformed('it has no host header, or two', destination);
  const told = hostIn(named, destination);
  if (!told.ok || told.value.host !== destination.host || told.value.port !== destination.port) {
    return {
      ...refusal('net.host-mismatch', 'its host header names another place than its target'),
      destination,
    };
  }
  const codings = valuesOf(request, 'transfer-encoding');
  const lengths = valuesOf(request, 'content-length');
  const isChunked = codings.length === 1 && codings[0]?.trim().toLowerCase() === 'chunked';
  if (codings.length > 0 && (!isChunked || lengths.length > 0)) {
    return malformed('its length can be read in two ways', destination);
  }
  if (lengths.length > 1) return malformed('it has two lengths', destination);
  return { kind: 'target', destination };
}

/** A CONNECT is for a port that its `host` need not repeat. */
function hostIn(named: string, { scheme, port }: Destination): Result<Destination> {
  const isWhole = /:\d+$/.test(named);
  return readDestination(`${scheme}://${named}${isWhole ? '' : `:${port}`}/`);
}

function textOf({ url }: IncomingMessage): string {
  assert(url !== undefined, 'a request has a target');
  return url;
}

function valuesOf({ rawHeaders }: IncomingMessage, name: string): readonly string[] {
  return headerLines(rawHeaders).flatMap(({ key, value }) => (key === name ? [value] : []));
}
