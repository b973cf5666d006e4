import { Buffer } from 'node:buffer';
import { MQClientError } from '../../errors/response-errors.js';
import { ResponseCode } from '../response-codes.js';
import type { MessageProperties } from './message.js';
import { reservedPropertyNames } from './message-const.js';

const NAME_VALUE_SEPARATOR = '\u0001';
const PROPERTY_SEPARATOR = '\u0002';

/** Most bytes that the properties of a message may have, as UTF-8: their length is an `int16`. */
export const MAX_PROPERTIES_BYTES = 32_767;

/**
 * The properties as they go over the wire and into the store: `name U+0001 value U+0002` for each.
 *
 * An empty value is written as Java writes it, and dropped by whoever reads it.
 * Source: Java `MessageDecoder.messageProperties2String`.
 *
 * @throws {MQClientError} (`MESSAGE_ILLEGAL`) when a name is empty, a value is no text, a name or value has one of the
 * separators, or all of them are longer than {@link MAX_PROPERTIES_BYTES}
 */
export function encodeProperties(properties: MessageProperties | undefined): string {
  if (properties === undefined) return '';
  let text = '';
  for (const [name, value] of Object.entries(properties)) {
    if (name === '') throw illegal('a property has an empty name: give it one');
    if (typeof value !== 'string')
      throw illegal(`the property ${JSON.stringify(name)} must be text, not ${typeof value}`);
    if (hasSeparator(name) || hasSeparator(value)) {
      throw illegal(`the property ${JSON.stringify(name)} has the character U+0001 or U+0002: leave it out`);
    }
    text += name + NAME_VALUE_SEPARATOR + value + PROPERTY_SEPARATOR;
  }
  checkPropertiesSize(text);
  return text;
}

/**
 * Number of bytes of encoded properties.
 *
 * @throws {MQClientError} (`MESSAGE_ILLEGAL`) when there are more than {@link MAX_PROPERTIES_BYTES}
 */
export function checkPropertiesSize(encoded: string): number {
  const bytes = Buffer.byteLength(encoded, 'utf8');
  if (bytes > MAX_PROPERTIES_BYTES) {
    throw illegal(`the properties have ${bytes} bytes, where ${MAX_PROPERTIES_BYTES} are allowed: put less into them`);
  }
  return bytes;
}

/**
 * Reads encoded properties. Pieces without a name, a separator or a value are skipped, of equal names the last counts.
 * Source: Java `MessageDecoder.string2messageProperties`.
 */
export function decodeProperties(text: string): Record<string, string> {
  const properties: Record<string, string> = {};
  for (let start = 0; start < text.length;) {
    const next = text.indexOf(PROPERTY_SEPARATOR, start);
    const end = next < 0 ? text.length : next;
    const middle = text.indexOf(NAME_VALUE_SEPARATOR, start);
    if (middle > start && middle < end - 1) put(properties, text.slice(start, middle), text.slice(middle + 1, end));
    start = end + 1;
  }
  return properties;
}

/**
 * Checks a property that a user sets. Source: Java `Message.putUserProperty`.
 *
 * @throws {MQClientError} (`MESSAGE_ILLEGAL`) when the name is RocketMQ's own, the name or value is blank, or has a
 * separator
 */
export function checkUserProperty(name: string, value: string): void {
  if (reservedPropertyNames.has(name)) {
    throw illegal(`the property ${name} belongs to RocketMQ: choose another name`);
  }
  if (name.trim() === '' || value.trim() === '') {
    throw illegal(`the property ${JSON.stringify(name)} has a blank name or value: RocketMQ would lose it`);
  }
  encodeProperties({ [name]: value });
}

function put(properties: Record<string, string>, name: string, value: string): void {
  if (name !== '__proto__') properties[name] = value;
  else Object.defineProperty(properties, name, { value, enumerable: true, configurable: true, writable: true });
}

function hasSeparator(text: string): boolean {
  return text.includes(NAME_VALUE_SEPARATOR) || text.includes(PROPERTY_SEPARATOR);
}

function illegal(problem: string): MQClientError {
  return new MQClientError(problem, { responseCode: ResponseCode.MESSAGE_ILLEGAL });
}
