import { Buffer } from 'node:buffer';
import { MQClientError } from '../../errors/response-errors.js';

/** The bytes of an IP address, 4 or 16, and a port: what stored messages and message ids hold. */
export interface HostBytes {
  readonly ip: Buffer;
  readonly port: number;
}

const IPV4_BYTES = 4;
const IPV6_GROUPS = 8;
const MAPPED_IPV4 = /^::ffff:(?=.*\.)/i;

/**
 * Reads `10.0.0.1:10911`, `[fd00::2]:10911` or `fd00::2:10911`. An IPv4 address in IPv6 form (`::ffff:10.0.0.1`) gives
 * 4 bytes.
 *
 * @throws {MQClientError} when it is no IP address with a port from 0 to 65535; names of hosts are not looked up here
 */
export function parseHost(address: string): HostBytes {
  const colon = address.lastIndexOf(':');
  const port = address.slice(colon + 1);
  const ip = colon < 0 ? undefined : parseIP(address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'));
  if (ip === undefined || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new MQClientError(
      `"${address}" must be an IP address with a port, for example 10.0.0.1:10911 or [::1]:10911`,
    );
  }
  return { ip, port: Number(port) };
}

/** `10.0.0.1:10911` or, from 16 bytes, `[fd00::2]:10911`. */
export function formatHost(ip: Uint8Array, port: number): string {
  return ip.length === IPV4_BYTES ? `${formatIP(ip)}:${port}` : `[${formatIP(ip)}]:${port}`;
}

/** The bytes of an IP address, 4 or 16; `undefined` when the text is none. A zone (`%eth0`) is left out. */
export function parseIP(text: string): Buffer | undefined {
  const address = text.replace(/%.*$/, '').replace(MAPPED_IPV4, '');
  return address.includes(':') ? parseIPv6(address) : parseIPv4(address);
}

/** The text of an IP address; 16 bytes as RFC 5952 writes them. */
export function formatIP(ip: Uint8Array): string {
  if (ip.length === IPV4_BYTES) return `${ip[0]}.${ip[1]}.${ip[2]}.${ip[3]}`;
  const view = new DataView(ip.buffer, ip.byteOffset, ip.byteLength);
  const groups = Array.from({ length: IPV6_GROUPS }, (_, index) => view.getUint16(index * 2));
  const text = groups.map(group => group.toString(16)).join(':');
  const runs = text.match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return text;
  const at = text.search(new RegExp(`\\b${longest}\\b`));
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}

function parseIPv4(text: string): Buffer | undefined {
  const parts = text.split('.');
  const right = parts.length === IPV4_BYTES && parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return right ? Buffer.from(parts.map(Number)) : undefined;
}

function parseIPv6(text: string): Buffer | undefined {
  const halves = text.split('::');
  const [head, tail] = halves.map(half => (half === '' ? [] : half.split(':')));
  if (head === undefined || halves.length > 2) return undefined;
  const missing = IPV6_GROUPS - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  if (!groups.every(group => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return Buffer.from(groups.map(group => group.padStart(4, '0')).join(''), 'hex');
}
