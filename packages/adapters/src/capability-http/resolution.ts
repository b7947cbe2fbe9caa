import { lookup } from 'node:dns/promises';
import { addressIn } from './destination.ts';
import { isPublicAddress } from './addresses.ts';

/** The one address that a request goes to. */
export interface Resolved {
  readonly address: string;
  readonly family: 4 | 6;
}

export type Resolution =
  | { readonly kind: 'resolved'; readonly to: Resolved }
  /** A name without an address, or an answer that did not come. */
  | { readonly kind: 'unresolved'; readonly why: string }
  /** An address that is not of the public internet, and was not opened. */
  | { readonly kind: 'forbidden'; readonly address: string };

/** Asks for all addresses of a name. */
export type Lookup = (
  name: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** By the resolver of the machine. */
const systemLookup: Lookup = (name) => lookup(name, { all: true, order: 'verbatim' });

/** What is meant for tests, and for machines of one's own. */
export interface HttpOptions {
  /** Addresses that may be asked although they are not of the public internet; none by default. */
  readonly opened?: readonly string[];
  /** By the resolver of the machine by default. */
  readonly lookup?: Lookup;
  /** Certificates of authorities that count, in PEM; those of Node by default. */
  readonly authorities?: readonly string[];
}

/**
 * Resolves a host, once: the request goes to the address that was looked at, and asks nobody again. One
 * forbidden address among those of a name forbids the name, which somebody may answer otherwise the
 * next time.
 */
export async function resolveHost(
  host: string,
  { lookup: ask = systemLookup, opened = [] }: HttpOptions,
): Promise<Resolution> {
  const literal = addressIn(host);
  const answer = literal === undefined ? await asked(ask, host) : [{ address: literal }];
  if (typeof answer === 'string') return { kind: 'unresolved', why: answer };
  const forbidden = answer.find(
    ({ address }) => !isPublicAddress(address) && !opened.includes(address),
  );
  if (forbidden !== undefined) return { kind: 'forbidden', address: forbidden.address };
  const [first] = answer;
  if (first === undefined) return { kind: 'unresolved', why: 'the name has no address' };
  return {
    kind: 'resolved',
    to: { address: first.address, family: first.address.includes(':') ? 6 : 4 },
  };
}

async function asked(ask: Lookup, host: string): Promise<Awaited<ReturnType<Lookup>> | string> {
  try {
    return await ask(host);
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (code === undefined) throw error;
    return `the resolver answered ${code}`;
  }
}
