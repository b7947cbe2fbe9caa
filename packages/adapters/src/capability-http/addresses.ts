import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Special-purpose blocks of IPv4 (RFC 6890 and its registry), multicast and what is reserved. */
const blocks4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // A host's own services in a cloud, by an address that looks public.
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.175.48.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/**
 * All of IPv6 but the unicast that is in use (2000::/3): loopback, unique and link local, multicast, and
 * the forms that hold an address of IPv4. Of 2000::/3 its special-purpose blocks.
 */
const blocks6 = [
  '::/3',
  '4000::/2',
  '8000::/1',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
];

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix = ''] = range.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}

const special4 = listOf(blocks4, 'ipv4');
const special6 = listOf(blocks6, 'ipv6');

/**
 * Whether an address is one of the public internet, and none of this machine. Anything that is no plain
 * address, such as one with a zone, is not.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, 'ipv4') && !isOwn(address);
    case 6:
      return !address.includes('%') && !special6.check(address, 'ipv6') && !isOwn(address);
    default:
      return false;
  }
}

/** What listens on an address of this machine may be closed to all others. */
function isOwn(address: string): boolean {
  return Object.values(networkInterfaces()).some((each) =>
    each?.some((own) => own.address === address),
  );
}
