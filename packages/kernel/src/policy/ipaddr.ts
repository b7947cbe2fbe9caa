import { ExtensionValue, Failure } from './value.ts';

/** What the two families of addresses differ in. */
const families = {
  ipv4: {
    bits: 32,
    loopback: { network: 127n << 24n, prefix: 8 },
    multicast: { network: 224n << 24n, prefix: 4 },
  },
  ipv6: {
    bits: 128,
    loopback: { network: 1n, prefix: 128 },
    multicast: { network: 255n << 120n, prefix: 8 },
  },
} as const;

const malformed = new Failure('ip: not a well-formed address or range');
const octetForm = /^(?:0|[1-9][0-9]{0,2})$/;
const groupForm = /^[0-9a-fA-F]{1,4}$/;
const prefixForm = /^(?:0|[1-9][0-9]{0,2})$/;

/**
 * Reads an IPv4 address in dotted decimal or an IPv6 address (RFC 4291), each with an optional
 * prefix length. Refuses, as Cedar does, leading zeros, IPv4 within IPv6, and zone ids.
 */
export function parseIp(text: string): ExtensionValue | Failure {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const type = address.includes(':') ? 'ipv6' : 'ipv4';
  const bits = type === 'ipv6' ? parseV6(address) : parseV4(address);
  const { bits: widest } = families[type];
  const prefix = slash < 0 ? widest : parsePrefix(text.slice(slash + 1), widest);
  if (bits === undefined || prefix === undefined) return malformed;
  return new ExtensionValue(type, bits, prefix);
}

function parsePrefix(text: string, widest: number): number | undefined {
  if (!prefixForm.test(text)) return undefined;
  const prefix = Number(text);
  return prefix <= widest ? prefix : undefined;
}

function parseV4(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let bits = 0n;
  for (const octet of octets) {
    if (!octetForm.test(octet) || Number(octet) > 255) return undefined;
    bits = (bits << 8n) | BigInt(octet);
  }
  return bits;
}

function parseV6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  // `::` stands for at least one group.
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<bigint>(missing).fill(0n), ...after];
  return groups.reduce((bits, group) => (bits << 16n) | group, 0n);
}

function groupsOf(text: string): bigint[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  return groups.every((group) => groupForm.test(group))
    ? groups.map((group) => BigInt(`0x${group}`))
    : undefined;
}

/** A range of addresses of one family. */
interface Network {
  readonly network: bigint;
  readonly prefix: number;
}

function lies(value: ExtensionValue, bits: number, { network, prefix }: Network): boolean {
  const shift = BigInt(bits - prefix);
  return value.prefix >= prefix && value.amount >> shift === network >> shift;
}

/** Whether all addresses of `value` are in the range that the RFCs give to `use`. */
export function isReserved(value: ExtensionValue, use: 'loopback' | 'multicast'): boolean {
  const family = families[value.type === 'ipv6' ? 'ipv6' : 'ipv4'];
  return lies(value, family.bits, family[use]);
}

/** Whether all addresses of `value` are in `range`; false across families. */
export function isInRange(value: ExtensionValue, range: ExtensionValue): boolean {
  if (value.type !== range.type) return false;
  const { bits } = families[value.type === 'ipv6' ? 'ipv6' : 'ipv4'];
  return lies(value, bits, { network: range.amount, prefix: range.prefix });
}
