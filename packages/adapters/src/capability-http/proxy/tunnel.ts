import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressIn, type Destination } from '../destination.ts';
import type { Resolved } from '../resolution.ts';
import { helloBytes, readClientHello } from './client-hello.ts';
import type { ProxyLimits } from './limits.ts';
import type { Entry } from './request-log.ts';

/** Alert of TLS that a name is not known (RFC 8446, 6.2): what a client shows of a refused name. */
const unrecognisedName = Buffer.from([21, 3, 3, 0, 2, 2, 112]);

/** What a tunnel begins with. Nothing of it went anywhere. */
export interface Beginning {
  /** A client hello that names the host of the tunnel, or letters with which a request of HTTP begins. */
  readonly kind: 'tls' | 'http';
  readonly bytes: Buffer;
}

/** Undefined where a tunnel begins with anything else, or with nothing in time; it is closed then. */
export async function beginningOf(
  socket: Duplex,
  { host }: Destination,
  { entry, limits }: { readonly entry: Entry; readonly limits: ProxyLimits },
): Promise<Beginning | undefined> {
  const bytes = await firstBytes(socket, limits.helloMs);
  const hello = bytes === undefined ? undefined : readClientHello(bytes);
  if (bytes !== undefined && isLetter(bytes)) return { kind: 'http', bytes };
  if (bytes === undefined || hello?.kind !== 'read') {
    entry.end(bytes === undefined ? 'net.timeout' : 'net.no-tls');
    socket.destroy();
    return undefined;
  }
  // No name is sent for an address (RFC 6066, 3).
  const isNamed =
    hello.serverName === host || (hello.serverName === undefined && addressIn(host) !== undefined);
  if (isNamed && !hello.isEncrypted) return { kind: 'tls', bytes };
  entry.end('net.sni-mismatch');
  socket.end(unrecognisedName);
  return undefined;
}

const isLetter = (bytes: Buffer): boolean => /^[A-Z]/.test(bytes.toString('latin1', 0, 1));

/** Until a client hello is whole or cannot become one; undefined where neither is so in time. */
function firstBytes(socket: Duplex, ms: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const finish = (end: Buffer | undefined): void => {
      clearTimeout(timer);
      socket.off('data', take).off('end', stop).off('close', stop);
      socket.pause();
      resolve(end);
    };
    const stop = (): void => finish(bytes.length > 0 ? bytes : undefined);
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const isEnough = readClientHello(bytes).kind !== 'partial' || bytes.length > 2 * helloBytes;
      if (isEnough) finish(bytes);
    };
    const timer = setTimeout(() => finish(undefined), ms);
    socket.on('data', take).once('end', stop).once('close', stop);
    socket.resume();
  });
}

/** A connection to an address; a code where there is none in time. */
export function connectTo(
  { port }: Destination,
  { address, family }: Resolved,
  ms: number,
): Promise<Socket | string> {
  return new Promise((resolve) => {
    const outside = connect({ host: address, port, family, allowHalfOpen: true });
    const timer = setTimeout(() => outside.destroy(new Error('late')), ms);
    outside.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(error.message === 'late' ? 'net.timeout' : 'net.unreachable');
    });
    outside.once('connect', () => {
      clearTimeout(timer);
      resolve(outside);
    });
  });
}

/** Passes bytes both ways until both have ended, one breaks, nothing comes, or it is too much. */
export function passBytes(
  inside: Duplex,
  outside: Socket,
  { entry, limits }: { readonly entry: Entry; readonly limits: ProxyLimits },
): void {
  const end = (verdict: string): void => {
    entry.end(verdict);
    inside.destroy();
    outside.destroy();
  };
  const pass = (from: Duplex, to: Duplex, count: (bytes: number) => boolean): void => {
    from.on('data', (chunk: Buffer) => {
      if (!count(chunk.length)) {
        end('net.too-large');
        return;
      }
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.once('end', () => {
      entry.end('done');
      to.end();
    });
    from.once('close', () => end(from.readableEnded ? 'done' : 'net.cut-off'));
    from.on('error', () => end('net.cut-off'));
  };
  pass(inside, outside, entry.sent);
  pass(outside, inside, entry.received);
  outside.setTimeout(limits.idleMs, () => end('net.timeout'));
  inside.resume();
  outside.resume();
}
