import { type Check, faultsOf, OptionsError } from '../errors/options.js';

/** Host and port of a peer. */
export interface HostAndPort {
  host: string;
  port: number;
}

/**
 * Splits `host:port`, `[v6]:port` or `v6:port` at the last colon.
 *
 * @throws {OptionsError} when there is no port from 1 to 65535, or it is a URL or a list
 */
export function parseAddress(address: string): HostAndPort {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const digits = address.slice(colon + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (colon < 1 || !/^[^\s/;]+$/.test(host) || port < 1 || port > 65_535) {
    throw new OptionsError('address', [`"${address}" must be host:port, for example 127.0.0.1:9876 or [::1]:9876`]);
  }
  return { host, port };
}

/** A text that {@link parseAddress} takes. */
export const anAddress: Check = value => {
  const isOne = typeof value === 'string' && faultsOf(() => void parseAddress(value)).length === 0;
  return isOne ? undefined : 'must be host:port, for example 127.0.0.1:9876';
};

/** `host:port`; an IPv6 host in brackets. */
export function formatAddress(host: string | undefined, port: number | undefined): string {
  if (host === undefined || port === undefined) return 'unknown';
  // what a dual-stack socket says of an IPv4 peer
  if (host.startsWith('::ffff:') && host.includes('.')) return `${host.slice(7)}:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
