import { isIP } from 'node:net';
import { done, refused, type Result } from '@chancery/kernel/refusal';

/** Where a request goes, in its one form. */
export interface Destination {
  /** Absolute, without a fragment. */
  readonly url: string;
  readonly scheme: 'http' | 'https';
  /** Lower case, in ASCII (IDNA), without a final dot; an address in its shortest form, IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
}

const defaultPorts = { http: 80, https: 443 } as const;

/** Ports of other protocols that a request could be taken for, above 1023 (WHATWG Fetch, bad ports). */
const oddPorts: ReadonlySet<number> = new Set([
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566],
  ...[6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080],
]);

/** What the URL parser would drop or read as something else, instead of refusing it. */
const ambiguous = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff\\]/;

/**
 * Reads a URL as a browser does (WHATWG URL), which brings every spelling of a host to one form. Refuses
 * `args.invalid` for what is not HTTP, what has credentials in it, odd ports, and texts that parsers do
 * not agree on.
 */
export function readDestination(text: string): Result<Destination> {
  if (ambiguous.test(text)) return invalid('it holds blanks, controls or backslashes');
  // Browsers take other numbers of slashes for two, and other programs for something else.
  if (!/^[a-z]+:\/\/[^/]/i.test(text) || !URL.canParse(text)) return invalid('it is none');
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'http' && scheme !== 'https') return invalid('it is neither http nor https');
  // Also where nothing stands before the @.
  if (/^[a-z]+:\/*[^/?#]*@/i.test(text)) return invalid('it holds credentials');
  if (/(^|\.)\.$/.test(url.hostname)) return invalid('its host ends in dots');
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  const port = url.port === '' ? defaultPorts[scheme] : Number(url.port);
  if (isOdd(port)) return invalid(`the port ${port} is for another protocol`);
  url.hash = '';
  return done({ url: url.href, scheme, host: url.hostname, port });
}

/** Host and port as one text. */
export const placeOf = ({ host, port }: Destination): string => `${host}:${port}`;

/** The address that a host is, without the brackets of IPv6; undefined for a name. */
export function addressIn(host: string): string | undefined {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  return isIP(bare) === 0 ? undefined : bare;
}

function isOdd(port: number): boolean {
  return (port < 1024 && port !== 80 && port !== 443) || oddPorts.has(port);
}

const invalid = (why: string) => refused('args.invalid', `the URL cannot be asked: ${why}`);
