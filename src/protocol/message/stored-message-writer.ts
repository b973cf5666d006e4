import { Buffer } from 'node:buffer';
import { MQClientError } from '../../errors/response-errors.js';
import { ResponseCode } from '../response-codes.js';
import { writeInt64 } from './byte-reader.js';
import { type HostBytes, parseHost } from './host-address.js';
import type { MessageExt, MessageProperties } from './message.js';
import { checkPropertiesSize, encodeProperties } from './message-properties.js';
import { MessageSysFlag } from './message-sys-flag.js';
import { bodyCRCOf, StoredMagic } from './stored-message.js';

/** Bytes of a record with IPv4 hosts without body, topic, properties and the length of the topic. */
const FIXED_BYTES = 90;
const IPV6_EXTRA_BYTES = 12;
const MAX_V1_TOPIC_BYTES = 127;
const MAX_TOPIC_BYTES = 32_767;
const V6_FLAGS = MessageSysFlag.BORNHOST_V6_FLAG | MessageSysFlag.STOREHOSTADDRESS_V6_FLAG;

/** What a broker stores; checksum, size and ids follow from it. A `MessageExt` is one. */
export interface StoredRecord extends Pick<
  MessageExt,
  | 'topic'
  | 'flag'
  | 'queueId'
  | 'queueOffset'
  | 'sysFlag'
  | 'bornTimestamp'
  | 'storeTimestamp'
  | 'commitLogOffset'
  | 'reconsumeTimes'
  | 'preparedTransactionOffset'
> {
  /** Bytes as they are stored: compressed already, where `sysFlag` says so. */
  readonly body: Uint8Array;
  /** As text, or parsed once for many records. */
  readonly bornHost: string | HostBytes;
  /** As text, or parsed once for many records. */
  readonly storeHost: string | HostBytes;
  /** Text is taken as encoded properties, as the header of a send has them. */
  readonly properties: MessageProperties | string;
}

/** What must be known of a record before a place is found for it: its size does not depend on its offsets. */
export interface StoredLayout {
  /** Bytes of the whole record. */
  readonly storeSize: number;
  readonly magic: number;
  readonly sysFlag: number;
  readonly topicBytes: number;
  readonly propertiesText: string;
  readonly propertiesBytes: number;
  readonly bornHost: HostBytes;
  readonly storeHost: HostBytes;
}

/**
 * Checks and measures a record. Topics of more than 127 bytes make it a V2 one.
 *
 * @throws {MQClientError} (`MESSAGE_ILLEGAL`) when the topic or the properties are too long, or a host is no IP address
 * with a port
 */
export function layoutOf(record: StoredRecord): StoredLayout {
  const bornHost = hostBytesOf(record.bornHost);
  const storeHost = hostBytesOf(record.storeHost);
  const bornV6 = bornHost.ip.length === 16;
  const storeV6 = storeHost.ip.length === 16;
  const topicBytes = Buffer.byteLength(record.topic, 'utf8');
  if (topicBytes > MAX_TOPIC_BYTES) {
    throw new MQClientError(`a topic of ${topicBytes} bytes is too long`, {
      responseCode: ResponseCode.MESSAGE_ILLEGAL,
    });
  }
  const { properties } = record;
  const propertiesText = typeof properties === 'string' ? properties : encodeProperties(properties);
  const propertiesBytes = checkPropertiesSize(propertiesText);
  const v1 = topicBytes <= MAX_V1_TOPIC_BYTES;
  const hostBytes = (bornV6 ? IPV6_EXTRA_BYTES : 0) + (storeV6 ? IPV6_EXTRA_BYTES : 0);
  return {
    storeSize: FIXED_BYTES + hostBytes + record.body.length + (v1 ? 1 : 2) + topicBytes + propertiesBytes,
    magic: v1 ? StoredMagic.V1 : StoredMagic.V2,
    sysFlag:
      (record.sysFlag & ~V6_FLAGS) |
      (bornV6 ? MessageSysFlag.BORNHOST_V6_FLAG : 0) |
      (storeV6 ? MessageSysFlag.STOREHOSTADDRESS_V6_FLAG : 0),
    topicBytes,
    propertiesText,
    propertiesBytes,
    bornHost,
    storeHost,
  };
}

/**
 * Writes a record; `layout.storeSize` bytes must be free in `target` from `at` on.
 *
 * @param layout of this record: {@link layoutOf}
 * @returns where the next byte goes
 */
export function writeStoredMessage(target: Buffer, at: number, record: StoredRecord, layout: StoredLayout): number {
  let next = target.writeInt32BE(layout.storeSize, at);
  next = target.writeUInt32BE(layout.magic, next);
  next = target.writeInt32BE(bodyCRCOf(record.body), next);
  next = target.writeInt32BE(record.queueId, next);
  next = target.writeInt32BE(record.flag, next);
  next = writeInt64(target, record.queueOffset, next);
  next = writeInt64(target, record.commitLogOffset, next);
  next = target.writeInt32BE(layout.sysFlag, next);
  next = writeInt64(target, record.bornTimestamp, next);
  next = writeHost(target, layout.bornHost, next);
  next = writeInt64(target, record.storeTimestamp, next);
  next = writeHost(target, layout.storeHost, next);
  next = target.writeInt32BE(record.reconsumeTimes, next);
  next = writeInt64(target, record.preparedTransactionOffset, next);
  next = target.writeInt32BE(record.body.length, next);
  target.set(record.body, next);
  next += record.body.length;
  next =
    layout.magic === StoredMagic.V1
      ? target.writeUInt8(layout.topicBytes, next)
      : target.writeInt16BE(layout.topicBytes, next);
  next += target.write(record.topic, next, 'utf8');
  next = target.writeInt16BE(layout.propertiesBytes, next);
  return next + target.write(layout.propertiesText, next, 'utf8');
}

/**
 * A stored record as bytes of their own. Source: Java `MessageExtEncoder`, `MessageDecoder.encode`.
 *
 * @throws {MQClientError} as {@link layoutOf} does
 */
export function encodeStoredMessage(record: StoredRecord): Buffer {
  const layout = layoutOf(record);
  const bytes = Buffer.allocUnsafe(layout.storeSize);
  writeStoredMessage(bytes, 0, record, layout);
  return bytes;
}

function hostBytesOf(host: string | HostBytes): HostBytes {
  return typeof host === 'string' ? parseHost(host) : host;
}

function writeHost(target: Buffer, host: HostBytes, at: number): number {
  target.set(host.ip, at);
  return target.writeInt32BE(host.port, at + host.ip.length);
}
