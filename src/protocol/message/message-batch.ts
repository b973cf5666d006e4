import { Buffer } from 'node:buffer';
import { messageOf } from '../../errors/message-of.js';
import { RemotingCommandError } from '../../errors/remoting-errors.js';
import { MQClientError } from '../../errors/response-errors.js';
import { ResponseCode } from '../response-codes.js';
import { ByteReader } from './byte-reader.js';
import type { Message, MessageProperties } from './message.js';
import { MessageConst } from './message-const.js';
import { checkPropertiesSize, decodeProperties, encodeProperties } from './message-properties.js';
import { RETRY_GROUP_TOPIC_PREFIX } from './topic-validator.js';

/** Bytes of an element without body and properties. */
const FIXED_BYTES = 22;
const SIZE_BYTES = 4;

/** A message of a batch; its topic is the batch's. */
export interface BatchElement {
  readonly flag: number;
  readonly properties: MessageProperties;
  /** A view of the bytes that were decoded. */
  readonly body: Buffer;
}

/** What is at one place of a batch: an element, or why there is none. */
export type BatchSlot = { readonly element: BatchElement } | { readonly error: RemotingCommandError };

const notInBatches: ReadonlyMap<string, string> = new Map([
  [MessageConst.PROPERTY_TIMER_DELAY_SEC, 'a timer'],
  [MessageConst.PROPERTY_TIMER_DELAY_MS, 'a timer'],
  [MessageConst.PROPERTY_TIMER_DELIVER_MS, 'a timer'],
]);

/**
 * Checks what may be sent together: at least one message, all of one topic and one `WAIT`, none of them delayed, timed,
 * half of a transaction, or to a retry topic. Source: Java `MessageBatch.generateFromList`; brokers refuse the rest.
 *
 * @throws {MQClientError} (`MESSAGE_ILLEGAL`) naming what does not fit
 */
export function checkBatch(messages: readonly Message[]): void {
  const [first] = messages;
  if (first === undefined) throw illegal('there is no message in it');
  if (first.topic.startsWith(RETRY_GROUP_TOPIC_PREFIX)) throw illegal('retry topics take no batches');
  for (const message of messages) {
    if (message.topic !== first.topic) throw illegal('all its messages must have one topic');
    if (waits(message) !== waits(first)) throw illegal('all its messages must have the same property WAIT');
    const fault = faultOf(message.properties ?? {});
    if (fault !== undefined) throw illegal(`${fault} cannot be part of it: send the message alone`);
  }
}

/**
 * The messages as one body of `SEND_BATCH_MESSAGE`. {@link checkBatch} says what may go together.
 * Source: Java `MessageDecoder.encodeMessages`.
 *
 * @throws {MQClientError} (`MESSAGE_ILLEGAL`) when properties cannot be encoded
 */
export function encodeBatch(messages: readonly Pick<Message, 'flag' | 'properties' | 'body'>[]): Buffer {
  const parts = messages.map(({ flag = 0, properties, body }) => {
    const text = encodeProperties(properties);
    return { flag, text, textBytes: checkPropertiesSize(text), body };
  });
  const bytes = Buffer.alloc(
    parts.reduce((sum, { textBytes, body }) => sum + FIXED_BYTES + textBytes + body.length, 0),
  );
  let at = 0;
  for (const { flag, text, textBytes, body } of parts) {
    bytes.writeInt32BE(FIXED_BYTES + textBytes + body.length, at);
    // magic and CRC stay 0: whoever unpacks the batch makes them
    at = bytes.writeInt32BE(flag, at + 12);
    at = bytes.writeInt32BE(body.length, at);
    bytes.set(body, at);
    at = bytes.writeInt16BE(textBytes, at + body.length);
    at += bytes.write(text, at, 'utf8');
  }
  return bytes;
}

/**
 * Reads the body of a batch, which is right as a whole or not at all. Source: Java `MessageDecoder.decodeMessages`.
 *
 * @throws {RemotingCommandError} naming the first element that cannot be read
 */
export function decodeBatch(bytes: Buffer): BatchElement[] {
  return readBatch(bytes).map(slot => {
    if ('error' in slot) throw slot.error;
    return slot.element;
  });
}

/** Reads a batch element by element, each stepped over by its own size: one that cannot be read hides no other. */
export function readBatch(bytes: Buffer): BatchSlot[] {
  const slots: BatchSlot[] = [];
  for (let position = 0; position < bytes.length;) {
    const left = bytes.length - position;
    const size = left < SIZE_BYTES ? 0 : bytes.readInt32BE(position);
    const right = size >= FIXED_BYTES && size <= left;
    const end = right ? position + size : bytes.length;
    try {
      if (!right) throw new RemotingCommandError(`its size does not fit into the ${left} bytes left`);
      slots.push({ element: readElement(bytes.subarray(position, end)) });
    } catch (cause) {
      const problem = `element ${slots.length} of a batch cannot be read: ${messageOf(cause)}`;
      slots.push({ error: new RemotingCommandError(problem, { cause }) });
    }
    position = end;
  }
  return slots;
}

function readElement(bytes: Buffer): BatchElement {
  const reader = new ByteReader(bytes);
  reader.take(12, 'size, magic and CRC');
  const flag = reader.int32('flag');
  const body = reader.take(reader.int32('length of the body'), 'body');
  const properties = reader.take(reader.int16('length of the properties'), 'properties');
  return { flag, body, properties: decodeProperties(properties.toString('utf8')) };
}

/** Java's `isWaitStoreMsgOK`: true unless the property says otherwise. */
function waits({ properties }: Message): boolean {
  const wait = properties?.[MessageConst.PROPERTY_WAIT_STORE_MSG_OK];
  return wait === undefined || wait.toLowerCase() === 'true';
}

function faultOf(properties: MessageProperties): string | undefined {
  if (Number(properties[MessageConst.PROPERTY_DELAY_TIME_LEVEL] ?? 0) > 0) return 'a delay level';
  if (properties[MessageConst.PROPERTY_TRANSACTION_PREPARED] === 'true') return 'half a transaction';
  for (const [name, fault] of notInBatches) if (properties[name] !== undefined) return fault;
  return undefined;
}

function illegal(problem: string): MQClientError {
  return new MQClientError(`a batch is not possible: ${problem}`, { responseCode: ResponseCode.MESSAGE_ILLEGAL });
}
