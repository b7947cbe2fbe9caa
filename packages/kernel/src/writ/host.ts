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

/** A host, or `*.` and a host, which stands for all names below that one. */
export function isHostPattern(text: string): boolean {
  if (!text.startsWith('*.')) return isCanonicalHost(text);
  const below = text.slice(2);
  return isCanonicalHost(below) && !address.test(below);
}

const maxPort = 65_535;

/** Scheme, host, port; a user in it, or what parsers read in different ways, has no place. */
const canonicalUrl =
  /^https?:\/\/([^/?#:@\\]+)(?::([1-9]\d{0,4}))?(?:[/?#][^\\\s\u0000-\u001f\u007f]*)?$/u;

/** The host of an http(s) URL in its canonical form; undefined for any other text. */
export function hostOf(url: string): string | undefined {
  const [, host, port] = canonicalUrl.exec(url) ?? [];
  if (host === undefined || (port !== undefined && Number(port) > maxPort)) return undefined;
  return isCanonicalHost(host) ? host : undefined;
}

/** Whether every host of one pattern is one of the other. */
export function isHostWithin(narrow: string, wide: string): boolean {
  return narrow === wide || (wide.startsWith('*.') && narrow.endsWith(wide.slice(1)));
}
