/** Labels of a name, or the numbers of an IPv4 address, as a URL in its canonical form has them. */
const hostName =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const address = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** What a URL parser reads as a number, and so the whole host as an address, in other spellings. */
const numeric = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;

/**
 * Whether a text is a host in its canonical form (WHATWG URL, 3.5): a name in lower case, an
 * international one in Punycode, without a dot at its end, or an IPv4 address of four numbers.
 */
export function isCanonicalHost(text: string): boolean {
  if (text.length > 253 || !hostName.test(text)) return false;
  return address.test(text) || !numeric.test(text);
}

const maxPort = 65_535;

/** A port as it is written at the end of a place. */
const ending = /:([1-9]\d{0,4})$/;

interface Pattern {
  readonly host: string;
  /** Undefined: every port. */
  readonly port: number | undefined;
}

function patternOf(text: string): Pattern {
  const [tail, digits] = ending.exec(text) ?? [];
  if (tail === undefined) return { host: text, port: undefined };
  return { host: text.slice(0, -tail.length), port: Number(digits) };
}

/**
 * A host, or `*.` and a host, which stands for all names below that one. With `:PORT` behind it that
 * port alone, without it all of them.
 */
export function isHostPattern(text: string): boolean {
  const { host, port } = patternOf(text);
  if (port !== undefined && port > maxPort) return false;
  if (!host.startsWith('*.')) return isCanonicalHost(host);
  const below = host.slice(2);
  return isCanonicalHost(below) && !address.test(below);
}

/** Scheme, host, port; a user in it, or what parsers read in different ways, has no place. */
const canonicalUrl =
  /^(https?):\/\/([^/?#:@\\]+)(?::([1-9]\d{0,4}))?(?:[/?#][^\\\s\u0000-\u001f\u007f]*)?$/u;

const defaultPorts = { http: 80, https: 443 } as const;

/**
 * Host and port of an http(s) URL in its canonical form, and of `host:port`, as a place in the form of
 * a pattern; undefined for any other text.
 */
export function placeOf(text: string): string | undefined {
  const [, scheme, named, digits] = canonicalUrl.exec(text) ?? [];
  if (scheme === undefined) return isPlace(text) ? text : undefined;
  const place = `${named}:${digits ?? defaultPorts[scheme as keyof typeof defaultPorts]}`;
  return isPlace(place) ? place : undefined;
}

function isPlace(text: string): boolean {
  const { host, port } = patternOf(text);
  return port !== undefined && port <= maxPort && isCanonicalHost(host);
}

/** Whether every place of one pattern is one of the other. */
export function isHostWithin(narrow: string, wide: string): boolean {
  const inner = patternOf(narrow);
  const outer = patternOf(wide);
  if (outer.port !== undefined && inner.port !== outer.port) return false;
  return isNameWithin(inner.host, outer.host);
}

const isNameWithin = (narrow: string, wide: string): boolean =>
  narrow === wide || (wide.startsWith('*.') && narrow.endsWith(wide.slice(1)));

/** The pattern of the places that two patterns share; undefined where they share none. */
export function commonPattern(one: string, other: string): string | undefined {
  const a = patternOf(one);
  const b = patternOf(other);
  if (a.port !== undefined && b.port !== undefined && a.port !== b.port) return undefined;
  const port = a.port ?? b.port;
  // Of two patterns of names one is within the other, or they share none.
  const below = isNameWithin(b.host, a.host) ? b.host : undefined;
  const host = isNameWithin(a.host, b.host) ? a.host : below;
  return host === undefined || port === undefined ? host : `${host}:${port}`;
}
