import { isIPv6 } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MQClientError } from '../../../../src/errors/response-errors.js';
import { formatHost, formatIP, parseHost, parseIP } from '../../../../src/protocol/message/host-address.js';

describe('IP addresses', () => {
  it.each([
    ['10.0.0.1', '0a000001'],
    ['255.255.255.255', 'ffffffff'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['fe80::', `fe80${'0'.repeat(28)}`],
    ['2001:db8:1:0:0:0:0:a', '20010db800010000000000000000000a'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['FD00::2', 'fd000000000000000000000000000002'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001'],
    ['::ffff:10.0.0.1', '0a000001'],
    ['::FFFF:10.0.0.1', '0a000001'],
  ])('%s is read', (text, digits) => {
    expect(parseIP(text)?.toString('hex')).toBe(digits);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    'localhost',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1::2:3:4:5:6:7:8',
    'g::1',
    '12345::',
  ])('"%s" is none', text => {
    expect(parseIP(text)).toBeUndefined();
  });

  it.each([
    ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['fe800000000000000000000000000000', 'fe80::'],
    ['00010000000200000003000000040000', '1:0:2:0:3:0:4:0'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['00100000000000100000000000100010', '10::10:0:0:10:10'],
  ])('%s is written short', (digits, text) => {
    expect(formatIP(Buffer.from(digits, 'hex'))).toBe(text);
  });

  it('of any 4 or 16 bytes are read as they were written', () => {
    const some = fc.oneof(fc.constant(0), fc.nat(255));
    const bytes = fc.oneof(
      fc.tuple(...Array.from({ length: 4 }, () => some)),
      fc.tuple(...Array.from({ length: 16 }, () => some)),
    );
    fc.assert(
      fc.property(bytes, fc.nat(65_535), (each, port) => {
        const ip = Buffer.from(each);
        expect(parseHost(formatHost(ip, port))).toEqual({ ip, port });
        if (ip.length === 16) expect(isIPv6(formatIP(ip))).toBe(true);
      }),
    );
  });
});

describe('hosts', () => {
  it('may go without brackets', () => {
    expect(parseHost('fd00::2:10911')).toEqual(parseHost('[fd00::2]:10911'));
  });

  it.each(['10.0.0.1', '10.0.0.1:', '10.0.0.1:65536', 'broker-a:10911', '[::1]', ''])('"%s" is refused', address => {
    expect(() => parseHost(address)).toThrow(MQClientError);
  });
});
