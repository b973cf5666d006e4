import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MQClientError } from '../../../../src/errors/response-errors.js';
import { formatHost } from '../../../../src/protocol/message/host-address.js';
import {
  createMessageId,
  decodeMessageId,
  decodeUniqID,
  UniqIDGenerator,
} from '../../../../src/protocol/message/message-ids.js';
import { goldVector } from '../body/gold-vectors.js';
import { goldMessages, unhex } from './gold-messages.js';

const V4 = unhex('0a000001');
const V6 = unhex('fd000000000000000000000000000002');
const DAY = 86_400_000;
/** Local time, as the ids have it. */
const at = (month: number, day: number, ms = 0) => new Date(2026, month - 1, day).getTime() + ms;

function generator(ip: Buffer, times: number[]) {
  let next = 0;
  const now = () => times[Math.min(next++, times.length - 1)] ?? 0;
  return new UniqIDGenerator({ ip, pid: 0x1_2345, hash: -2, now });
}

describe('unique ids', () => {
  it('have 32 digits with IPv4 and 56 with IPv6', () => {
    expect(generator(V4, [at(11, 1, 0xabcdef)]).createUniqID()).toBe('0A0000012345FFFFFFFE00ABCDEF0000');
    expect(generator(V6, [at(11, 1, 0xabcdef)]).createUniqID()).toBe(
      'FD0000000000000000000000000000022345FFFFFFFE00ABCDEF0000',
    );
  });

  it('tell where they come from, as those that Java made', () => {
    // the line that Java printed on 21 November 2026 in UTC: "UNIQ <id> pid <pid>"
    const [id = '', , pid] = goldVector('5.5.0', 'UNIQ').split(' ');
    const parts = decodeUniqID(id, at(11, 22));
    expect(parts.ip.toString('hex')).toBe('fd000000000000000000000000000002');
    expect(parts.pid).toBe(Number(pid));
    expect(parts.timestamp).toBe(at(11, 1, 0x6867_7f1a));
    expect(
      goldMessages<{ id: string; pid: number }>('uniqId').map(row => decodeUniqID(row.id, 0).pid - row.pid),
    ).toEqual([0]);
  });

  it('give their own parts back', () => {
    const now = at(11, 30, DAY - 1);
    const parts = decodeUniqID(generator(V4, [now]).createUniqID(), now);
    expect(parts).toEqual({ ip: V4, pid: 0x2345, timestamp: now });
  });

  it('of the end of a month are told from those of the next', () => {
    const made = at(10, 31, DAY - 5);
    const id = generator(V4, [made]).createUniqID();
    expect(decodeUniqID(id, at(11, 1, 5)).timestamp).toBe(made);
  });

  it('begin each month anew', () => {
    const ids = generator(V4, [at(12, 31, DAY - 1), at(13, 1)]);
    expect(ids.createUniqID().slice(20)).toBe('9FA523FF0000');
    expect(ids.createUniqID().slice(20)).toBe('000000000000');
  });

  it('do not repeat beyond 65,536 in one millisecond', () => {
    const ids = generator(V4, [at(11, 2)]);
    const made = Array.from({ length: 200_000 }, () => ids.createUniqID());
    expect(new Set(made).size).toBe(made.length);
    expect(made.toSorted()).toEqual(made);
  });

  it('do not repeat when the clock is set back, also over the turn of a month', () => {
    const ids = generator(V4, [at(11, 1, 3), at(10, 31), at(11, 1), at(11, 1, 3), at(11, 1, 4)]);
    const tails = Array.from({ length: 5 }, () => ids.createUniqID().slice(20));
    expect(tails).toEqual(['000000030000', '000000030001', '000000030002', '000000030003', '000000040000']);
  });

  it('go by whole milliseconds', () => {
    expect(
      generator(V4, [at(11, 1, 7.9)])
        .createUniqID()
        .slice(20),
    ).toBe('000000070000');
  });

  it('need an address of 4 or 16 bytes', () => {
    expect(() => generator(Buffer.alloc(5), [0])).toThrow(MQClientError);
  });
});

describe('offsetMsgId', () => {
  interface Row {
    ip: string;
    port: number;
    offset: number;
    id: string;
  }
  it.each(goldMessages<Row>('offsetMsgId'))('is made and read as in Java: $id', row => {
    const storeHost = formatHost(unhex(row.ip), row.port);
    expect(createMessageId(storeHost, row.offset)).toBe(row.id);
    expect(decodeMessageId(row.id)).toEqual({ storeHost, commitLogOffset: row.offset });
    expect(decodeMessageId(row.id.toLowerCase())).toEqual({ storeHost, commitLogOffset: row.offset });
  });

  it('comes back as it was', () => {
    const ip = fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }));
    fc.assert(
      fc.property(ip, fc.nat(65_535), fc.maxSafeNat(), (bytes, port, commitLogOffset) => {
        const storeHost = formatHost(bytes, port);
        expect(decodeMessageId(createMessageId(storeHost, commitLogOffset))).toEqual({ storeHost, commitLogOffset });
      }),
    );
  });

  it.each([
    '',
    '0A00000100002A9F000000123456789',
    '0A00000100002A9F00000012345678900',
    '0A00000100002A9F00000012345678XY',
    '0A00000100002A9F0020000000000000',
    '0A00000100002A9FFFFFFFFFFFFFFFFF',
    '0A00000100012A9F0000000000000000',
    '中'.repeat(32),
  ])('is refused when it is none: "%s"', id => {
    expect(() => decodeMessageId(id)).toThrow(MQClientError);
  });
});
