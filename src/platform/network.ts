import { isIPv4, isIPv6 } from 'node:net';

/**
 * Whom an address stands for when attempts are counted: an IPv4 address for itself, an IPv6 address for its network of
 * 64 bits, in which one machine can take any address it likes. Anything else as it is.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped && isIPv4(mapped)) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::');
  const groupsOf = (part: string) => part.split(':').filter((group) => group !== '');
  const ends = tail === undefined ? [] : groupsOf(tail);
  // A dotted end fills the last two of eight groups; only the first four matter here.
  const size = (groups: readonly string[]) => groups.length + (groups.at(-1)?.includes('.') ? 1 : 0);
  const filled = tail === undefined ? 0 : 8 - size(groupsOf(head)) - size(ends);
  const groups = [...groupsOf(head), ...Array<string>(filled).fill('0'), ...ends].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
