import { expect, test } from '@jest/globals';
import { OptionsError } from '../../../src/errors/options.js';
import { formatAddress, parseAddress } from '../../../src/remoting/address.js';

test.each([
  ['127.0.0.1:9876', '127.0.0.1', 9876],
  ['broker-a.example:1', 'broker-a.example', 1],
  ['[::1]:65535', '::1', 65_535],
  ['::1:9876', '::1', 9876],
  ['[fe80::1%eth0]:10911', 'fe80::1%eth0', 10_911],
])('%s is a host and a port', (address, host, port) => {
  expect(parseAddress(address)).toEqual({ host, port });
});

test.each([
  '',
  ':',
  ':80',
  '[]:80',
  'host',
  'host:',
  'host:0',
  'host:65536',
  'host:x',
  'host:1e3',
  'host:-1',
  'host: 80',
  'host:999999',
  'http://host:80',
  'ho st:80',
  'host:80;other:80',
])('%j is none, and the message shows one', address => {
  expect(() => parseAddress(address)).toThrow(OptionsError);
  expect(() => parseAddress(address)).toThrow('must be host:port, for example 127.0.0.1:9876 or [::1]:9876');
});

test('a host with colons is put in brackets', () => {
  expect(formatAddress('::1', 5)).toBe('[::1]:5');
  expect(formatAddress('10.0.0.1', 5)).toBe('10.0.0.1:5');
  expect(formatAddress(undefined, 5)).toBe('unknown');
  // an IPv4 peer of a socket that takes both
  expect(formatAddress('::ffff:10.0.0.1', 5)).toBe('10.0.0.1:5');
});
