import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { RemotingCommandError } from '../../../../src/errors/remoting-errors.js';
import { compressBody, isCompressionAvailable } from '../../../../src/protocol/message/compression.js';
import { formatHost, parseHost } from '../../../../src/protocol/message/host-address.js';
import { MessageSysFlag, withCompressionType } from '../../../../src/protocol/message/message-sys-flag.js';
import {
  bodyCRCOf,
  decodeStoredMessage,
  decodeStoredMessages,
  StoredMagic,
} from '../../../../src/protocol/message/stored-message.js';
import { encodeStoredMessage, type StoredRecord } from '../../../../src/protocol/message/stored-message-writer.js';
import { goldMessages, unhex } from './gold-messages.js';

/** What Java read out of a record. */
interface Read {
  topic: string;
  flag: number;
  properties: Record<string, string>;
  body: string | null;
  bornHost: [string, number];
  storeHost: [string, number];
  msgId: string;
  sysFlag: number;
}
const gold = goldMessages<{ hex: string; read: Read }>('stored');
const zstd = (row: { read: Read }) =>
  (row.read.sysFlag & MessageSysFlag.COMPRESSION_TYPE_COMPARATOR) === MessageSysFlag.COMPRESSION_ZSTD_TYPE;
const readable = gold.filter(row => isCompressionAvailable('ZSTD') || !zstd(row));

const record = (queueOffset: number, more: Partial<StoredRecord> = {}): StoredRecord => ({
  topic: 'T',
  body: Buffer.from(`body ${queueOffset}`),
  flag: 0,
  properties: { TAGS: 'A' },
  queueId: 1,
  queueOffset,
  sysFlag: 0,
  bornTimestamp: 1,
  bornHost: '10.0.0.7:51234',
  storeTimestamp: 2,
  storeHost: '10.0.0.1:10911',
  commitLogOffset: queueOffset * 1000,
  reconsumeTimes: 0,
  preparedTransactionOffset: 0,
  ...more,
});
const encoded = (queueOffset: number, more?: Partial<StoredRecord>) => encodeStoredMessage(record(queueOffset, more));
const offsets = (messages: readonly { queueOffset?: number | undefined }[]) => messages.map(each => each.queueOffset);

/** Positions in a record with IPv4 hosts. */
const MAGIC_AT = 4;
const QUEUE_OFFSET_AT = 20;
const BODY_LENGTH_AT = 84;
const BODY_AT = 88;

describe('stored messages of Java', () => {
  it.each(readable)('are read as Java reads them: $read.topic, sysFlag $read.sysFlag', ({ hex, read }) => {
    const { body, bornHost, storeHost, ...rest } = decodeStoredMessage(unhex(hex), { checkCRC: true });
    const { body: javaBody, bornHost: javaBornHost, storeHost: javaStoreHost, ...java } = read;
    expect(rest).toEqual({ ...java, offsetMsgId: java.msgId });
    expect(body.toString('hex')).toBe(javaBody ?? '');
    expect(bornHost).toBe(formatHost(unhex(javaBornHost[0]), javaBornHost[1]));
    expect(storeHost).toBe(formatHost(unhex(javaStoreHost[0]), javaStoreHost[1]));
  });

  it.each(gold)('are written as Java writes them: $read.topic, sysFlag $read.sysFlag', ({ hex }) => {
    const message = decodeStoredMessage(unhex(hex), { decompress: false });
    expect(encodeStoredMessage(message).toString('hex')).toBe(hex);
  });

  it('are read all when they stand one behind the other', () => {
    const all = decodeStoredMessages(unhex(readable.map(row => row.hex).join('')));
    expect(all.badRecords).toEqual([]);
    expect(all.messages.map(each => each.topic)).toEqual(readable.map(row => row.read.topic));
  });

  if (!isCompressionAvailable('ZSTD')) {
    it('in ZSTD say what is missing, and hide no other', () => {
      const { messages, badRecords } = decodeStoredMessages(unhex(gold.map(row => row.hex).join('')));
      expect(messages).toHaveLength(gold.length - 1);
      expect(badRecords.map(each => each.error.message)).toEqual([expect.stringContaining('ZSTD needs Node.js 22.15')]);
    });
  }
});

describe('encodeStoredMessage', () => {
  it('gives back what it was given', () => {
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const long = fc.maxSafeInteger();
    const ip = fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }));
    const host = fc.tuple(ip, fc.nat(65_535)).map(([bytes, port]) => formatHost(bytes, port));
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(each => !/\p{Cc}/u.test(each));
    const records = fc.record({
      topic: fc.oneof(text, fc.stringMatching(/^[a-z]{120,255}$/)),
      body: fc.uint8Array({ maxLength: 200 }).map(each => Buffer.from(each)),
      flag: int32,
      properties: fc.dictionary(text, text, { noNullPrototype: true }),
      queueId: int32,
      queueOffset: long,
      sysFlag: fc.constantFrom(0, 2, 4, 8, 12, 64, 128),
      bornTimestamp: long,
      bornHost: host,
      storeTimestamp: long,
      storeHost: host,
      commitLogOffset: long,
      reconsumeTimes: int32,
      preparedTransactionOffset: long,
    });
    fc.assert(
      fc.property(records, given => {
        const bytes = encodeStoredMessage(given);
        const message = decodeStoredMessage(bytes, { checkCRC: true });
        const v6 =
          (given.bornHost.startsWith('[') ? MessageSysFlag.BORNHOST_V6_FLAG : 0) |
          (given.storeHost.startsWith('[') ? MessageSysFlag.STOREHOSTADDRESS_V6_FLAG : 0);
        expect(message).toMatchObject({ ...given, sysFlag: given.sysFlag | v6, storeSize: bytes.length });
        expect(message.bodyCRC).toBe(bodyCRCOf(given.body));
      }),
    );
  });

  it('takes encoded properties as they are', () => {
    expect(decodeStoredMessage(encoded(1, { properties: 'a\u0001b' })).properties).toEqual({ a: 'b' });
  });

  it('takes hosts that are parsed already', () => {
    const hosts = { bornHost: parseHost('[fd00::7]:1'), storeHost: parseHost('10.0.0.9:2') };
    expect(decodeStoredMessage(encoded(1, hosts))).toMatchObject({ bornHost: '[fd00::7]:1', storeHost: '10.0.0.9:2' });
  });

  it('takes the flags of the hosts from the hosts', () => {
    const wrong = MessageSysFlag.BORNHOST_V6_FLAG | MessageSysFlag.STOREHOSTADDRESS_V6_FLAG;
    expect(decodeStoredMessage(encoded(1, { sysFlag: wrong })).sysFlag).toBe(0);
  });

  it('refuses what does not fit', () => {
    expect(() => encoded(1, { properties: 'x'.repeat(32_768) })).toThrow('32768 bytes, where 32767 are allowed');
    expect(() => encoded(1, { topic: 'x'.repeat(32_768) })).toThrow('a topic of 32768 bytes is too long');
    expect(() => encoded(1, { storeHost: 'broker-a:10911' })).toThrow('must be an IP address with a port');
  });

  it('has the unique id as msgId', () => {
    const message = decodeStoredMessage(encoded(1, { properties: { UNIQ_KEY: 'id' } }));
    expect([message.msgId, message.offsetMsgId]).toEqual(['id', '0A00000100002A9F00000000000003E8']);
  });
});

describe('a record that cannot be read', () => {
  type Spoil = (bytes: Buffer) => unknown;
  it.each<[string, Spoil, string]>([
    ['an unknown magic', bytes => bytes.writeInt32BE(7, MAGIC_AT), 'magic 0x7 is unknown'],
    ['a body beyond its end', bytes => bytes.writeInt32BE(1000, BODY_LENGTH_AT), 'body needs 1000 bytes, where'],
    ['a body of a negative length', bytes => bytes.writeInt32BE(-1, BODY_LENGTH_AT), 'body has a negative length, -1'],
    ['a topic beyond its end', bytes => bytes.writeUInt8(200, BODY_AT + 6), 'topic needs 200 bytes'],
    [
      'properties of a negative length',
      bytes => bytes.writeInt16BE(-2, BODY_AT + 8),
      'properties has a negative length',
    ],
    ['properties beyond its end', bytes => bytes.writeInt16BE(99, BODY_AT + 8), 'properties needs 99 bytes'],
    ['a changed body', bytes => bytes.write('BODY', BODY_AT), 'does not match its bodyCRC'],
    [
      'a time that is no safe integer',
      bytes => bytes.writeInt32BE(0x7fffffff, 40),
      'bornTimestamp is beyond the integers',
    ],
    ['an unknown compression', bytes => bytes.writeInt32BE(0x401, 36), 'sysFlag 0x401 has an unknown compression'],
    [
      'a body that is not compressed as it says',
      bytes => bytes.writeInt32BE(0x101, 36),
      'a body in LZ4 cannot be decompressed',
    ],
  ])('for %s is an error at its offset, between the others', (_, spoil, reason) => {
    const bad = encoded(6);
    spoil(bad);
    const before = encoded(5);
    const { messages, badRecords } = decodeStoredMessages(Buffer.concat([before, bad, encoded(7)]), { checkCRC: true });
    expect(offsets(messages)).toEqual([5, 7]);
    expect(badRecords).toEqual([
      {
        error: expect.any(RemotingCommandError),
        position: before.length,
        queueId: 1,
        queueOffset: 6,
        commitLogOffset: 6000,
      },
    ]);
    expect(badRecords[0]?.error.message).toMatch(
      /^the stored message at byte 105 \(queue 1, offset 6\) cannot be read: /,
    );
    expect(badRecords[0]?.error.message).toContain(reason);
  });

  it('for an offset beyond the safe integers has no offset', () => {
    const bad = encoded(6);
    bad.writeInt32BE(0x00200000, QUEUE_OFFSET_AT);
    const { messages, badRecords } = decodeStoredMessages(Buffer.concat([bad, encoded(7)]));
    expect(offsets(messages)).toEqual([7]);
    expect(badRecords).toMatchObject([{ queueOffset: undefined, commitLogOffset: 6000 }]);
    expect(badRecords[0]?.error.message).toContain('queueOffset is beyond the integers that a number holds exactly');
  });

  it.each([0, -1, 7, 0x7fffffff])('for a size of %i ends it, and the rest is reported', size => {
    const bad = encoded(6);
    bad.writeInt32BE(size, 0);
    const { messages, badRecords } = decodeStoredMessages(Buffer.concat([encoded(5), bad, encoded(7)]));
    expect(offsets(messages)).toEqual([5]);
    expect(badRecords).toMatchObject([{ position: 105, queueOffset: 6 }]);
    expect(badRecords[0]?.error.message).toContain('its size does not fit into the 210 bytes left');
  });

  it('for being cut off anywhere is reported, whatever is left of it', () => {
    const first = encoded(5);
    const second = encoded(6);
    for (let left = 1; left < second.length; left++) {
      const { messages, badRecords } = decodeStoredMessages(Buffer.concat([first, second.subarray(0, left)]));
      expect(offsets(messages)).toEqual([5]);
      expect(offsets(badRecords)).toEqual([left < 36 ? undefined : 6]);
    }
  });

  it('hides no other, whichever of its bytes but the size is wrong', () => {
    const size = encoded(1).length;
    const good = Buffer.concat([encoded(1), encoded(2), encoded(3)]);
    fc.assert(
      fc.property(fc.nat(2), fc.integer({ min: 4, max: size - 1 }), fc.nat(255), (index, at, value) => {
        const bytes = Buffer.from(good);
        bytes[index * size + at] = value;
        const { messages, badRecords } = decodeStoredMessages(bytes);
        const others = [1, 2, 3].filter(each => each !== index + 1);
        expect(offsets(messages)).toEqual(expect.arrayContaining(others));
        expect(messages.length + badRecords.length).toBe(3);
      }),
      { numRuns: 1000 },
    );
  });

  it('is an error of ours, whatever the bytes are', () => {
    const good = Buffer.concat([encoded(1), encoded(2), encoded(3)]);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 20 }), (at, noise) => {
        const bytes = Buffer.concat([good.subarray(0, at), noise, good.subarray(at + noise.length)]);
        for (const { error } of decodeStoredMessages(bytes).badRecords) {
          expect((error.cause as Error).name).toMatch(/^Remoting|^MQClient/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('decoding', () => {
  const text = Buffer.from('RocketMQ '.repeat(1000));
  const packed = { body: compressBody('LZ4', text), sysFlag: withCompressionType(0, 'LZ4') };

  it('decompresses bodies and says so in their flags', () => {
    const message = decodeStoredMessage(encoded(1, packed), { checkCRC: true });
    expect(message.body.equals(text)).toBe(true);
    expect(message.sysFlag).toBe(MessageSysFlag.COMPRESSION_LZ4_TYPE);
    expect(decodeStoredMessage(encodeStoredMessage(message), { checkCRC: true }).body.equals(text)).toBe(true);
  });

  it('leaves bodies compressed, or out, when asked to', () => {
    expect(decodeStoredMessage(encoded(1, packed), { decompress: false }).body.equals(packed.body)).toBe(true);
    expect(decodeStoredMessage(encoded(1, packed), { readBody: false }).body).toHaveLength(0);
  });

  it('takes a bomb for a bad record', () => {
    const { messages, badRecords } = decodeStoredMessages(Buffer.concat([encoded(1, packed), encoded(2)]), {
      maxBodyBytes: 8999,
    });
    expect(offsets(messages)).toEqual([2]);
    expect(badRecords[0]?.error.message).toContain('more than 8999 bytes (maxBodyBytes)');
  });

  it('steps over what fills a file up', () => {
    const blank = Buffer.alloc(50);
    blank.writeInt32BE(50, 0);
    blank.writeUInt32BE(StoredMagic.BLANK, 4);
    const { messages, badRecords } = decodeStoredMessages(Buffer.concat([encoded(1), blank, encoded(2)]));
    expect(offsets(messages)).toEqual([1, 2]);
    expect(badRecords).toEqual([]);
  });

  it('of nothing gives nothing', () => {
    expect(decodeStoredMessages(Buffer.alloc(0))).toEqual({ messages: [], badRecords: [] });
  });

  it('of one message refuses none, two and bad ones', () => {
    expect(() => decodeStoredMessage(Buffer.alloc(0))).toThrow('hold 0 messages, where one is wanted');
    expect(() => decodeStoredMessage(Buffer.concat([encoded(1), encoded(2)]))).toThrow('hold 2 messages');
    expect(() => decodeStoredMessage(encoded(1).subarray(1))).toThrow(RemotingCommandError);
  });
});
