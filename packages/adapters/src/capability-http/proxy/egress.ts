import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Egress, EgressDoor, EgressRequest } from '@chancery/runtime/broker';
import { headerValue } from '../connection.ts';
import { placeOf, readDestination } from '../destination.ts';
import type { HttpOptions } from '../resolution.ts';
import { newAuthority } from './authority.ts';
import { usualLimits, type ProxyLimits } from './limits.ts';
import { CommandProxy } from './proxy.ts';

export interface EgressOptions extends HttpOptions {
  readonly nowMs: () => number;
  readonly limits?: Partial<ProxyLimits>;
}

/** Bytes that the path of a socket may have (unix(7)). */
const pathBytes = 107;

const socketName = 'door';

/** A proxy of its own for each command, in this process. */
export function httpEgress(options: EgressOptions): Egress {
  return {
    readPlace,
    open: (request) => open(request, options),
  };
}

function readPlace(text: string): Result<string> {
  const isWhole = /:\d+$/.test(text);
  const read = readDestination(`https://${text}${isWhole ? '' : ':443'}/`);
  const isPlace = /^[^\s/?#@\\*]+$/.test(text);
  if (read.ok && isPlace) return done(placeOf(read.value));
  const why = read.ok ? 'it is more than a host and a port' : read.refusal.message;
  return refused('args.invalid', `${JSON.stringify(text)} cannot be reached: ${why}`);
}

async function open(
  request: EgressRequest,
  { nowMs, limits, ...options }: EgressOptions,
): Promise<Result<EgressDoor>> {
  const headers = headersByPlace(request.credentials);
  if (headers === undefined) {
    return refused('sandbox.unavailable', 'a secret has characters that no header can have');
  }
  const place = newFolder();
  if (!place.ok) return place;
  const { folder, path, remove } = place.value;
  const authority = headers.size > 0 ? newAuthority(nowMs()) : undefined;
  const allLimits = { ...usualLimits, ...limits };
  const proxy = new CommandProxy({ request, options, limits: allLimits, authority, headers });
  try {
    if (authority !== undefined) {
      const all = [...(options.authorities ?? rootCertificates), authority.pem];
      writeFileSync(join(folder, 'authorities.pem'), all.join('\n'));
    }
    proxy.server.listen(path);
    await once(proxy.server, 'listening');
  } catch (error) {
    remove();
    return unopened(error);
  }
  return done({
    ...{ folder, hasAuthorities: authority !== undefined },
    close: () => {
      const log = proxy.close();
      remove();
      return Promise.resolve(log);
    },
  });
}

interface DoorFolder {
  readonly folder: string;
  /** Of the socket in it. */
  readonly path: string;
  readonly remove: () => void;
}

/** A folder for this user alone. */
function newFolder(): Result<DoorFolder> {
  const prefix = join(tmpdir(), 'chancery-egress-');
  // Six letters come behind it.
  if (Buffer.byteLength(join(`${prefix}123456`, socketName)) > pathBytes) {
    return refused('sandbox.unavailable', `the path of a socket in ${tmpdir()} is too long`);
  }
  try {
    const folder = mkdtempSync(prefix);
    const remove = (): void => rmSync(folder, { recursive: true, force: true });
    return done({ folder, path: join(folder, socketName), remove });
  } catch (error) {
    return unopened(error);
  }
}

/** What the system does not let us open; anything else is thrown on. */
function unopened(error: unknown): Result<never> {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined) throw error;
  return refused('sandbox.unavailable', `no way to a network could be opened: ${code}`);
}

/** Undefined where a secret is one that no header can have. */
function headersByPlace(
  credentials: EgressRequest['credentials'],
): Map<string, Map<string, string>> | undefined {
  const byPlace = new Map<string, Map<string, string>>();
  for (const [key, secret] of credentials) {
    const slash = key.indexOf('/');
    const place = key.slice(0, slash);
    const name = key.slice(slash + 1);
    const value = headerValue(name, secret);
    if (value === undefined) return undefined;
    const headers = byPlace.get(place) ?? new Map<string, string>();
    byPlace.set(place, headers.set(name, value));
  }
  return byPlace;
}
