import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { messageOf } from '../../errors/message-of.js';
import { RemotingCommandError } from '../../errors/remoting-errors.js';
import { ByteReader, readInt64 } from './byte-reader.js';
import { decompressBody } from './compression.js';
import { formatHost } from './host-address.js';
import { messageIdOfBytes } from './message-ids.js';
import type { MessageExt } from './message.js';
import { decodeProperties } from './message-properties.js';
import { compressionTypeOf, hasSysFlag, MessageSysFlag, withoutCompressedFlag } from './message-sys-flag.js';
import { MessageConst } from './message-const.js';

/** First bytes of stored records, after their size. Source: Java `MessageDecoder`. */
export const StoredMagic = {
  /** The length of the topic has one byte. */
  V1: 0xdaa320a7,
  /** The length of the topic has two bytes. */
  V2: 0xdaa320ab,
  /** No message: fills a file of the commit log up. */
  BLANK: 0xcbd43194,
} as const;

const PREFIX_BYTES = 8;
const QUEUE_ID_AT = 12;
const QUEUE_OFFSET_AT = 20;
const COMMIT_LOG_OFFSET_AT = 28;
const OFFSETS_END = COMMIT_LOG_OFFSET_AT + 8;
const PORT_BYTES = 4;

/** How stored messages are decoded. */
export interface StoredMessageDecoding {
  /** Whether bodies are wanted at all. @default true */
  readonly readBody?: boolean;
  /** Whether compressed bodies are decompressed. @default true */
  readonly decompress?: boolean;
  /** Most bytes of a decompressed body. @default 16777216 */
  readonly maxBodyBytes?: number;
  /** Whether the body is compared with its checksum; Java's clients do not. @default false */
  readonly checkCRC?: boolean;
}

/** A record that could not be decoded. What it says of itself is there as far as it can be read. */
export interface BadRecord {
  /** Why; the message names the record too. */
  readonly error: RemotingCommandError;
  /** Where the record begins in the bytes; not known inside a batch. */
  readonly position?: number | undefined;
  readonly queueId?: number | undefined;
  readonly queueOffset?: number | undefined;
  readonly commitLogOffset?: number | undefined;
}

/** What a sequence of records holds. */
export interface StoredMessages {
  readonly messages: readonly MessageExt[];
  /** The records that are none. Nothing of the bytes is in neither list but blanks. */
  readonly badRecords: readonly BadRecord[];
}

/**
 * CRC-32 of a body without its highest bit, as records hold it. Source: Java `UtilAll.crc32`.
 */
export function bodyCRCOf(body: Uint8Array): number {
  return crc32(body) & 0x7fffffff;
}

/**
 * Decodes stored records one after another, as a pull answer has them. Each one is stepped over by its own size, so a
 * record that cannot be read is reported and hides no other; only a size that cannot be right ends it, and then the rest
 * is reported as one bad record. Source: Java `MessageDecoder.decodes`, which drops what follows a bad one.
 */
export function decodeStoredMessages(bytes: Buffer, decoding: StoredMessageDecoding = {}): StoredMessages {
  const messages: MessageExt[] = [];
  const badRecords: BadRecord[] = [];
  for (let position = 0; position < bytes.length;) {
    const size = sizeOfRecord(bytes, position);
    const record = bytes.subarray(position, size === undefined ? bytes.length : position + size);
    try {
      if (size === undefined)
        throw new RemotingCommandError(`its size does not fit into the ${record.length} bytes left`);
      if (magicOf(record) !== StoredMagic.BLANK) messages.push(readRecord(record, decoding));
    } catch (cause) {
      badRecords.push(badRecord(record, position, cause));
    }
    position += record.length;
  }
  return { messages, badRecords };
}

/**
 * Decodes the one record that the bytes are, as `VIEW_MESSAGE_BY_ID` or `CHECK_TRANSACTION_STATE` has it.
 * Source: Java `MessageDecoder.decode`.
 *
 * @throws {RemotingCommandError} when they are not exactly one message
 */
export function decodeStoredMessage(bytes: Buffer, decoding: StoredMessageDecoding = {}): MessageExt {
  const { messages, badRecords } = decodeStoredMessages(bytes, decoding);
  const [message] = messages;
  if (badRecords[0] !== undefined) throw badRecords[0].error;
  if (message === undefined || messages.length > 1) {
    throw new RemotingCommandError(`${bytes.length} bytes hold ${messages.length} messages, where one is wanted`);
  }
  return message;
}

/** The size of the record at `position`, when all of it is there. */
function sizeOfRecord(bytes: Buffer, position: number): number | undefined {
  const left = bytes.length - position;
  if (left < PREFIX_BYTES) return undefined;
  const size = bytes.readInt32BE(position);
  return size >= PREFIX_BYTES && size <= left ? size : undefined;
}

function magicOf(record: Buffer): number {
  return record.readUInt32BE(4);
}

function readRecord(record: Buffer, decoding: StoredMessageDecoding): MessageExt {
  const magic = magicOf(record);
  if (magic !== StoredMagic.V1 && magic !== StoredMagic.V2) {
    throw new RemotingCommandError(`its magic 0x${magic.toString(16)} is unknown`);
  }
  const reader = new ByteReader(record);
  reader.take(PREFIX_BYTES, 'size and magic');
  const bodyCRC = reader.int32('bodyCRC');
  const queueId = reader.int32('queueId');
  const flag = reader.int32('flag');
  const queueOffset = reader.int64('queueOffset');
  const commitLogOffset = reader.int64('commitLogOffset');
  const storedSysFlag = reader.int32('sysFlag');
  const bornTimestamp = reader.int64('bornTimestamp');
  const bornHost = readHost(reader, storedSysFlag, MessageSysFlag.BORNHOST_V6_FLAG, 'bornHost');
  const storeTimestamp = reader.int64('storeTimestamp');
  const storeHost = readHost(reader, storedSysFlag, MessageSysFlag.STOREHOSTADDRESS_V6_FLAG, 'storeHost');
  const reconsumeTimes = reader.int32('reconsumeTimes');
  const preparedTransactionOffset = reader.int64('preparedTransactionOffset');
  const { body, sysFlag } = readBody(
    reader.take(reader.int32('length of the body'), 'body'),
    bodyCRC,
    storedSysFlag,
    decoding,
  );
  const topicBytes =
    magic === StoredMagic.V1 ? reader.uint8('length of the topic') : reader.int16('length of the topic');
  const topic = reader.take(topicBytes, 'topic').toString('utf8');
  const properties = decodeProperties(
    reader.take(reader.int16('length of the properties'), 'properties').toString('utf8'),
  );
  const offsetMsgId = messageIdOfBytes(storeHost, record.subarray(COMMIT_LOG_OFFSET_AT, OFFSETS_END));
  return {
    topic,
    body,
    flag,
    properties,
    queueId,
    queueOffset,
    sysFlag,
    bornTimestamp,
    bornHost: hostOf(bornHost),
    storeTimestamp,
    storeHost: hostOf(storeHost),
    msgId: properties[MessageConst.PROPERTY_UNIQ_CLIENT_MESSAGE_ID_KEYIDX] ?? offsetMsgId,
    offsetMsgId,
    commitLogOffset,
    storeSize: record.length,
    bodyCRC,
    reconsumeTimes,
    preparedTransactionOffset,
  };
}

function readHost(reader: ByteReader, sysFlag: number, v6Flag: number, name: string): Buffer {
  return reader.take((hasSysFlag(sysFlag, v6Flag) ? 16 : 4) + PORT_BYTES, name);
}

function hostOf(bytes: Buffer): string {
  const portAt = bytes.length - PORT_BYTES;
  return formatHost(bytes.subarray(0, portAt), bytes.readInt32BE(portAt));
}

/** The body, and the flags that are true of it: a body that was decompressed is not compressed. */
function readBody(
  stored: Buffer,
  bodyCRC: number,
  sysFlag: number,
  decoding: StoredMessageDecoding,
): Pick<MessageExt, 'body' | 'sysFlag'> {
  if (decoding.readBody === false) return { body: stored.subarray(0, 0), sysFlag };
  if (decoding.checkCRC === true && bodyCRCOf(stored) !== bodyCRC) {
    throw new RemotingCommandError('its body does not match its bodyCRC');
  }
  const compressed = hasSysFlag(sysFlag, MessageSysFlag.COMPRESSED_FLAG) && decoding.decompress !== false;
  if (!compressed || stored.length === 0) return { body: stored, sysFlag };
  const type = compressionTypeOf(sysFlag);
  if (type === undefined)
    throw new RemotingCommandError(`sysFlag 0x${sysFlag.toString(16)} has an unknown compression`);
  return { body: decompressBody(type, stored, decoding.maxBodyBytes), sysFlag: withoutCompressedFlag(sysFlag) };
}

function badRecord(record: Buffer, position: number, cause: unknown): BadRecord {
  const known = record.length >= OFFSETS_END;
  const queueId = known ? record.readInt32BE(QUEUE_ID_AT) : undefined;
  const queueOffset = known ? readInt64(record, QUEUE_OFFSET_AT) : undefined;
  const commitLogOffset = known ? readInt64(record, COMMIT_LOG_OFFSET_AT) : undefined;
  const error = new RemotingCommandError(
    `the stored message at byte ${position} (queue ${queueId ?? 'unknown'}, offset ${queueOffset ?? 'unknown'}) cannot be read: ${messageOf(cause)}`,
    { cause },
  );
  return { error, position, queueId, queueOffset, commitLogOffset };
}
