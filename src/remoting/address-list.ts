import { parseAddress } from './address.js';

/**
 * Addresses of a list or of text with `;` between them, as RocketMQ writes name servers; blanks and repetitions go.
 *
 * @throws {OptionsError} when one is no `host:port`
 */
export function parseAddressList(addresses: string | readonly string[]): string[] {
  const list = typeof addresses === 'string' ? addresses.split(';') : addresses;
  const trimmed = list.map(each => each.trim()).filter(each => each !== '');
  for (const each of trimmed) parseAddress(each);
  return [...new Set(trimmed)];
}

/** Whether two lists have the same members, in whatever order. */
export function isSameAddressSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every(each => other.includes(each));
}
