import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { RemotingCommandError } from '../../../../src/errors/remoting-errors.js';
import { MQClientError } from '../../../../src/errors/response-errors.js';
import { compressBody, decompressBody, isCompressionAvailable } from '../../../../src/protocol/message/compression.js';
import type { CompressionType } from '../../../../src/protocol/message/message-sys-flag.js';
import { goldMessages, unhex } from './gold-messages.js';

const types: CompressionType[] = ['ZLIB', 'LZ4', 'ZSTD'];
const available = types.filter(isCompressionAvailable);
const ofAvailable = <T extends { type: CompressionType }>(rows: T[]) =>
  rows.filter(row => available.includes(row.type));
const text = Buffer.from('RocketMQ is a distributed messaging platform. '.repeat(100));

describe('bodies', () => {
  interface Row {
    type: CompressionType;
    input: string;
    plain: string;
    hex: string;
  }
  it.each(ofAvailable(goldMessages<Row>('compressed')))('that Java compressed are read: $type, $input', row => {
    expect(decompressBody(row.type, unhex(row.hex)).toString('hex')).toBe(row.plain);
  });

  interface Mixed {
    type: CompressionType;
    size: number;
    crc: number;
    base64: string;
  }
  it.each(ofAvailable(goldMessages<Mixed>('compressedMixed')))('of mixed content that Java compressed: $type', row => {
    const plain = decompressBody(row.type, Buffer.from(row.base64, 'base64'));
    expect([plain.length, crc32(plain) & 0x7fffffff]).toEqual([row.size, row.crc]);
  });

  it.each(available)('come back as they were: %s', type => {
    for (const plain of [Buffer.alloc(0), Buffer.from('a'), text, Buffer.alloc(300_000, 'ab')]) {
      const before = Buffer.from(plain);
      expect(decompressBody(type, compressBody(type, plain)).equals(plain)).toBe(true);
      expect(plain.equals(before)).toBe(true);
    }
  });

  it('take a level where there are levels', () => {
    expect(compressBody('ZLIB', text, 1).length).toBeGreaterThan(compressBody('ZLIB', text, 9).length);
  });

  it.each(available)('that are bombs stop at the limit: %s', type => {
    const bomb = compressBody(type, Buffer.alloc(4_000_000));
    expect(bomb.length).toBeLessThan(20_000);
    expect(() => decompressBody(type, bomb, 3_999_999)).toThrow(RemotingCommandError);
    expect(() => decompressBody(type, bomb, 3_999_999)).toThrow('more than 3999999 bytes (maxBodyBytes)');
    expect(decompressBody(type, bomb, 4_000_000)).toHaveLength(4_000_000);
  });

  it('stop at 16 MiB when nobody says otherwise', () => {
    expect(() => decompressBody('ZLIB', compressBody('ZLIB', Buffer.alloc(16_777_217)))).toThrow('16777216 bytes');
  });

  it.each(available)('that are corrupt or cut off say so: %s', type => {
    expect(() => decompressBody(type, Buffer.from('hello'))).toThrow(RemotingCommandError);
    expect(() => decompressBody(type, Buffer.alloc(0))).toThrow(RemotingCommandError);
    const cut = compressBody(type, text).subarray(0, -6);
    expect(() => decompressBody(type, cut)).toThrow(`a body in ${type} cannot be decompressed: `);
  });

  if (!isCompressionAvailable('ZSTD')) {
    it('of ZSTD are refused clearly on a Node without it', () => {
      for (const action of [() => compressBody('ZSTD', text), () => decompressBody('ZSTD', text)]) {
        expect(action).toThrow(MQClientError);
        expect(action).toThrow(/^ZSTD needs Node.js 22.15 or newer, this is v.*: set compressType to ZLIB or LZ4/);
      }
    });
  }
});
