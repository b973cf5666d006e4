import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { RemotingCommandError } from '../../../../src/errors/remoting-errors.js';
import { compressLz4Frame, decompressLz4Frames } from '../../../../src/protocol/message/lz4-frame.js';
import { xxhash32 } from '../../../../src/protocol/message/xxhash32.js';
import { unhex } from './gold-messages.js';

const MiB = 1_048_576;
const read = (bytes: Buffer, maxBytes = 16 * MiB) => decompressLz4Frames(bytes, maxBytes);
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

interface Parts {
  flags?: number;
  size?: number;
  contentSize?: bigint;
  blocks: Buffer[];
  contentChecksum?: number;
}

/** A frame with a right header, made of what is given. */
function frame({ flags = 0x60, size = 4, contentSize, blocks, contentChecksum }: Parts): Buffer {
  const descriptor = [Buffer.from([flags, size << 4])];
  if (contentSize !== undefined) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(contentSize);
    descriptor.push(bytes);
  }
  const header = Buffer.concat(descriptor);
  const checksum = contentChecksum === undefined ? [] : [uint32(contentChecksum)];
  return Buffer.concat([
    uint32(0x184d2204),
    header,
    Buffer.from([(xxhash32(header) >>> 8) & 0xff]),
    ...blocks,
    uint32(0),
    ...checksum,
  ]);
}
const stored = (text: string): Buffer => Buffer.concat([uint32((0x8000_0000 | text.length) >>> 0), Buffer.from(text)]);
const packed = (hex: string): Buffer => Buffer.concat([uint32(unhex(hex).length), unhex(hex)]);
/** Literals `abcd`, then 8 bytes from 4 back, then the literals `efghi`. */
const ABCD_THRICE = '44616263640400506566676869';
/** 12 bytes from 5 back, beyond its own block, then the literals `vwxyz`. */
const REACHES_BACK = '0805005076777879 7a'.replace(' ', '');

describe('LZ4 frames', () => {
  it('come back as they were, whatever is in them', () => {
    const runs = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 200 })));
    const bytes = runs.map(each =>
      Buffer.concat(each.flatMap(([run, times]) => Array.from({ length: times }, () => run))),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          fc.uint8Array({ maxLength: 3000 }).map(each => Buffer.from(each)),
        ),
        plain => {
          expect(read(compressLz4Frame(plain)).equals(plain)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([0, 1, 12, 13, 65_536, 65_537, 262_145, 1_048_577, 4_194_305])('of %i bytes come back', length => {
    const plain = Buffer.alloc(length);
    for (let at = 0; at < length; at++) plain[at] = ((at * at) % 251) * (Math.floor(at / 9000) % 3);
    const written = compressLz4Frame(plain);
    expect(read(written).equals(plain)).toBe(true);
    if (length > 10_000) expect(written.length).toBeLessThan(length / 3);
  });

  it('of what does not compress are hardly longer than it', () => {
    let state = 1;
    const plain = Buffer.from(
      Array.from({ length: 100_000 }, () => (state = Math.imul(state, 1_103_515_245) + 12_345) >>> 24),
    );
    const written = compressLz4Frame(plain);
    expect(written.length).toBeLessThanOrEqual(plain.length + 11 + 2 * 4);
    expect(read(written).equals(plain)).toBe(true);
  });

  it('may have blocks that need those before them, and all checksums', () => {
    const block = unhex(ABCD_THRICE);
    const text = 'abcdabcdabcdefghi';
    const back = `${'efghi'.repeat(3).slice(0, 12)}vwxyz`;
    const blocks = [block, unhex(REACHES_BACK)].map(each =>
      Buffer.concat([uint32(each.length), each, uint32(xxhash32(each))]),
    );
    const contentChecksum = xxhash32(Buffer.from(text + back));
    const contentSize = BigInt(text.length + back.length);
    expect(read(frame({ flags: 0x5c, blocks, contentSize, contentChecksum })).toString()).toBe(text + back);
  });

  it('may follow one another, with others to be skipped', () => {
    const skipped = Buffer.concat([uint32(0x184d2a5f), uint32(3), Buffer.from('xyz')]);
    expect(
      read(Buffer.concat([frame({ blocks: [stored('one')] }), skipped, frame({ blocks: [stored('two')] })])).toString(),
    ).toBe('onetwo');
  });

  const right = frame({ blocks: [packed(ABCD_THRICE)] });
  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'needs 4 bytes'],
    ['another magic', Buffer.from('not an lz4 frame'), 'does not begin as one'],
    [
      'a changed header',
      Buffer.concat([right.subarray(0, 5), Buffer.from([0x50]), right.subarray(6)]),
      'checksum of its header',
    ],
    ['another version', frame({ flags: 0xa0, blocks: [] }), 'its version is 2'],
    ['an unknown block size', frame({ size: 3, blocks: [] }), 'block size is unknown'],
    ['a dictionary', frame({ flags: 0x61, blocks: [] }), 'needs a dictionary'],
    ['no end', right.subarray(0, -1), 'size of a block needs 4 bytes'],
    ['half a block', right.subarray(0, -6), 'block needs 13 bytes'],
    [
      'a block in an independent frame that needs another',
      frame({ blocks: [packed(ABCD_THRICE), packed(REACHES_BACK)] }),
      'reaches back',
    ],
    [
      'a match at no distance',
      frame({ blocks: [packed('4461626364000050 6566676869'.replace(' ', ''))] }),
      'has no distance',
    ],
    ['a block without an end', frame({ blocks: [packed('446162636404')] }), 'ends in the middle'],
    ['literals without an end', frame({ blocks: [packed('f0ff')] }), 'ends in the middle'],
    ['a block of no bytes', frame({ blocks: [Buffer.concat([uint32(5), Buffer.alloc(0)])] }), 'block needs 5 bytes'],
    [
      'a block beyond its size',
      frame({ blocks: [packed(`1f61 0100 ${'ff'.repeat(300)}00 50 6162636465`.replaceAll(' ', ''))] }),
      'longer than its header allows',
    ],
    [
      'a false content size',
      frame({ flags: 0x68, contentSize: 4n, blocks: [stored('one')] }),
      'content size does not match',
    ],
    [
      'a false content checksum',
      frame({ flags: 0x64, contentChecksum: 1, blocks: [stored('one')] }),
      'checksum of its content',
    ],
    ['a false block checksum', frame({ flags: 0x70, blocks: [stored('one'), uint32(1)] }), 'checksum of a block'],
    [
      'a skippable frame without an end',
      Buffer.concat([uint32(0x184d2a50), uint32(9)]),
      'skippable frame needs 9 bytes',
    ],
  ])('with %s are refused', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(RemotingCommandError);
    expect(() => read(bytes)).toThrow(message);
  });

  it('that break anywhere are refused or read to the limit, never more', () => {
    const plain = Buffer.from('RocketMQ is a messaging platform. '.repeat(50));
    const written = compressLz4Frame(plain);
    fc.assert(
      fc.property(fc.nat(written.length - 1), fc.nat(255), (at, value) => {
        const broken = Buffer.from(written);
        broken[at] = value;
        try {
          expect(read(broken, 5000).length).toBeLessThanOrEqual(5000);
        } catch (error) {
          expect(error).toBeInstanceOf(RemotingCommandError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('that promise too much are refused before memory is taken', () => {
    const bomb = compressLz4Frame(Buffer.alloc(4 * MiB));
    const many = Buffer.concat([bomb, bomb, bomb]);
    expect(bomb.length).toBeLessThan(20_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => read(many, 8 * MiB)).toThrow('more than 8388608 bytes (maxBodyBytes)');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MiB);
    expect(read(bomb, 4 * MiB)).toHaveLength(4 * MiB);
    expect(() => read(bomb, 4 * MiB - 1)).toThrow(RemotingCommandError);
  });
});
