import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { RemotingCommandError } from '../../../../src/errors/remoting-errors.js';
import { MQClientError } from '../../../../src/errors/response-errors.js';
import type { Message } from '../../../../src/protocol/message/message.js';
import { checkBatch, decodeBatch, encodeBatch, readBatch } from '../../../../src/protocol/message/message-batch.js';
import { ResponseCode } from '../../../../src/protocol/response-codes.js';
import { goldMessage } from './gold-messages.js';

interface Row {
  hex: string;
  read: { flag: number; properties: Record<string, string>; body: string }[];
}
const gold = goldMessage<Row>('batch');

const message = (properties?: Record<string, string>, topic = 'T'): Message => ({
  topic,
  body: Buffer.from('hello'),
  ...(properties === undefined ? {} : { properties }),
});

describe('batches', () => {
  it('are read as Java writes them', () => {
    const read = decodeBatch(Buffer.from(gold.hex, 'hex'));
    expect(read.map(each => ({ ...each, body: each.body.toString('hex') }))).toEqual(gold.read);
  });

  it('are written as Java writes them', () => {
    // in the order of Java's own map
    const properties = { KEYS: 'k1', WAIT: 'true', TAGS: 'TagA' };
    const messages = gold.read.map(({ flag, body }) => ({ flag, properties, body: Buffer.from(body, 'hex') }));
    expect(encodeBatch(messages).toString('hex')).toBe(gold.hex);
  });

  it('come back as they were', () => {
    const text = fc.string({ minLength: 1, maxLength: 9 });
    const messages = fc.record({
      flag: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      properties: fc.dictionary(text, text, { noNullPrototype: true }),
      body: fc.uint8Array({ maxLength: 50 }).map(each => Buffer.from(each)),
    });
    fc.assert(
      fc.property(fc.array(messages), each => {
        expect(decodeBatch(encodeBatch(each))).toEqual(each);
      }),
    );
  });

  it('have flag 0 and no properties when nobody says otherwise', () => {
    expect(decodeBatch(encodeBatch([{ body: Buffer.from('a') }]))).toEqual([
      { flag: 0, properties: {}, body: Buffer.from('a') },
    ]);
  });

  const bad = Buffer.from(gold.hex, 'hex');
  bad.writeInt32BE(999, 55 + 16);

  it('with an element that cannot be read are refused as a whole', () => {
    expect(() => decodeBatch(bad)).toThrow(RemotingCommandError);
    expect(() => decodeBatch(bad)).toThrow(/^element 1 of a batch cannot be read: body needs 999 bytes, where/);
    expect(() => encodeBatch([message({ a: '\u0001' })])).toThrow(MQClientError);
  });

  it('can be read element by element, each in its place', () => {
    expect(
      readBatch(bad).map(slot => ('element' in slot ? slot.element.body.toString() : slot.error.constructor)),
    ).toEqual(['hello', RemotingCommandError, 'third']);
  });

  it.each([0, -1, 21, 0x7fffffff])('end at an element whose size is %i', size => {
    const bytes = Buffer.from(gold.hex, 'hex');
    bytes.writeInt32BE(size, 55);
    expect(readBatch(bytes)).toMatchObject([
      { element: {} },
      { error: { message: expect.stringContaining('its size does not fit') } },
    ]);
  });

  it('that are cut off anywhere say so', () => {
    const bytes = encodeBatch([message({ a: 'b' })]);
    for (let end = 1; end < bytes.length; end++) {
      expect(() => decodeBatch(bytes.subarray(0, end))).toThrow(RemotingCommandError);
    }
    expect(decodeBatch(bytes.subarray(0, 0))).toEqual([]);
  });
});

describe('checkBatch', () => {
  it.each<[string, Message[]]>([
    ['one message', [message()]],
    ['messages that wait, by default or not', [message(), message({ WAIT: 'true' })]],
    ['messages that do not wait', [message({ WAIT: 'false' }), message({ WAIT: 'no' })]],
    ['level 0 and no transaction', [message({ DELAY: '0', TRAN_MSG: 'false' })]],
  ])('lets %s through', (_, messages) => {
    expect(() => checkBatch(messages)).not.toThrow();
  });

  it.each<[string, Message[], string]>([
    ['nothing', [], 'there is no message'],
    ['two topics', [message(), message({}, 'U')], 'one topic'],
    ['two ways to wait', [message(), message({ WAIT: 'false' })], 'property WAIT'],
    ['a retry topic', [message({}, '%RETRY%g')], 'retry topics'],
    ['a delay level', [message(), message({ DELAY: '3' })], 'a delay level'],
    ['a timer by seconds', [message({ TIMER_DELAY_SEC: '3' })], 'a timer'],
    ['a timer by milliseconds', [message({ TIMER_DELAY_MS: '3' })], 'a timer'],
    ['a timer by date', [message({ TIMER_DELIVER_MS: '3' })], 'a timer'],
    ['half a transaction', [message({ TRAN_MSG: 'true' })], 'half a transaction'],
  ])('refuses %s', (_, messages, reason) => {
    expect(() => checkBatch(messages)).toThrow(reason);
    expect(() => checkBatch(messages)).toThrow(expect.objectContaining({ responseCode: ResponseCode.MESSAGE_ILLEGAL }));
  });
});
