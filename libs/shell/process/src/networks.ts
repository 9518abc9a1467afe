import { BlockList, isIP } from 'node:net';
import { whole, type Setting } from './config.js';

/** Creates a setting that is a list of addresses and networks, comma separated; `none` is the empty list. */
export function networks(variable: string, about: string, fallback?: readonly string[]): Setting<readonly string[]> {
  return {
    variable,
    about,
    expected: 'addresses or networks, comma separated, or to none',
    fallback,
    read(value) {
      const items = value === 'none' ? [] : value.split(',').map((item) => item.trim());
      return items.every(isNetwork) ? items : undefined;
    },
  };
}

/** Reports whether a text is an IP address, or a network as `10.0.0.0/8`. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6];
  if (bits < 0 || more.length > 0) return false;
  return prefix === undefined || (prefix !== '' && whole(prefix, 0, bits) !== undefined);
}

/** Returns a check whether an address is in one of these networks (`10.0.0.0/8`, `::1`); other texts are in none. */
export function membershipIn(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
