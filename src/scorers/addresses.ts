import { lookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/**
 * Where no model is ever served: addresses of this link, under which clouds hand out the credentials of the machine to
 * whoever asks, the unspecified ones and multicast. Private networks and this very machine are where models do live.
 */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16);
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addSubnet('0.0.0.0', 8);
forbidden.addAddress('::', 'ipv6');
forbidden.addSubnet('224.0.0.0', 3);
forbidden.addSubnet('ff00::', 8, 'ipv6');
forbidden.addAddress('100.100.100.200');
forbidden.addAddress('fd00:ec2::254', 'ipv6');

export class ForbiddenAddress extends Error {}

/** @param host as a URL has it, IPv6 in brackets. Names are looked at when they are looked up. */
export function isForbiddenHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return isIP(bare) !== 0 && isForbidden(bare);
}

const isForbidden = (address: string): boolean => forbidden.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** Looks names up as ever, and refuses what they lead to where it is forbidden: at the connection, so that no later answer of the name server counts. */
export const checkedLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) {
      done(error, '', 0);
      return;
    }
    const allowed = addresses.filter(({ address }) => !isForbidden(address));
    const [first] = allowed;
    if (!first) done(new ForbiddenAddress(host), '', 0);
    else if (options.all === true) done(null, allowed);
    else done(null, first.address, first.family);
  });
};
