import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MQClientError } from '../../../../src/errors/response-errors.js';
import {
  checkPropertiesSize,
  checkUserProperty,
  decodeProperties,
  encodeProperties,
  MAX_PROPERTIES_BYTES,
} from '../../../../src/protocol/message/message-properties.js';
import { ResponseCode } from '../../../../src/protocol/response-codes.js';
import { goldMessage, goldMessages } from './gold-messages.js';

interface Row {
  text: string;
  read: Record<string, string>;
}

const illegal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(MQClientError);
    expect((error as MQClientError).responseCode).toBe(ResponseCode.MESSAGE_ILLEGAL);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
};

describe('properties', () => {
  it('are written as Java writes them, and lose empty values as there', () => {
    const { text, read } = goldMessage<Row>('properties');
    expect(encodeProperties({ TAGS: 'A', E: '', KEYS: 'k1 k2' })).toBe(text);
    expect(decodeProperties(text)).toEqual(read);
    expect(encodeProperties(undefined)).toBe('');
  });

  it.each(goldMessages<Row>('propertiesRead'))('are read as Java reads them: %j', ({ text, read }) => {
    expect(decodeProperties(text)).toEqual(read);
  });

  it('come back as they were', () => {
    const part = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter(text => !text.includes('\u0001') && !text.includes('\u0002'));
    fc.assert(
      fc.property(fc.dictionary(part, part), properties => {
        expect(Object.entries(decodeProperties(encodeProperties(properties)))).toEqual(Object.entries(properties));
      }),
    );
  });

  it('may have names that objects know', () => {
    const read = decodeProperties('__proto__\u0001a\u0002constructor\u0001b\u0002');
    expect(Object.entries(read)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it.each([
    [{ 'a\u0001': 'b' }, 'U+0001'],
    [{ a: 'b\u0002' }, 'U+0001 or U+0002'],
    [{ a: '\u0001' }, '"a"'],
    [{ '': 'b' }, 'empty name'],
    [{ a: 1 as unknown as string }, 'must be text, not number'],
  ])('are refused where they could not be read again: %j', (properties, message) => {
    expect(illegal(() => encodeProperties(properties))).toContain(message);
  });

  it('are limited by their bytes, not their characters', () => {
    const fits = { a: 'x'.repeat(MAX_PROPERTIES_BYTES - 3) };
    expect(checkPropertiesSize(encodeProperties(fits))).toBe(MAX_PROPERTIES_BYTES);
    expect(illegal(() => encodeProperties({ a: `${fits.a}x` }))).toContain('32768 bytes, where 32767 are allowed');
    expect(illegal(() => encodeProperties({ a: '中'.repeat(11_000) }))).toContain('33003 bytes');
  });

  it('of users are not RocketMQ’s own, and not blank', () => {
    expect(() => checkUserProperty('orderId', '4711')).not.toThrow();
    expect(illegal(() => checkUserProperty('TAGS', 'a'))).toBe(
      'the property TAGS belongs to RocketMQ: choose another name',
    );
    expect(illegal(() => checkUserProperty('a', ' '))).toContain('blank');
    expect(illegal(() => checkUserProperty('', 'a'))).toContain('blank');
    expect(illegal(() => checkUserProperty('a', 'b\u0002'))).toContain('U+0002');
  });
});
