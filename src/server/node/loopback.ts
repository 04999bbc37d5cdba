import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** The addresses of this machine itself; `BlockList` finds IPv4 ones also in their IPv6 form, `::ffff:127.0.0.1`. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** True for an address that only programs of this machine have. False for the unknown address of a closed socket. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined || isIP(address) === 0) return false;
  return LOOPBACK.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * True if a server that listens on this name or address can be reached only by programs of this machine.
 *
 * @throws Error when the name has no address.
 */
export async function isLoopbackHost(host: string): Promise<boolean> {
  if (isIP(host) !== 0) return isLoopbackAddress(host);
  // An empty name is every address.
  if (host === '') return false;
  const addresses = await lookup(host, { all: true });
  return addresses.every(({ address }) => isLoopbackAddress(address));
}
