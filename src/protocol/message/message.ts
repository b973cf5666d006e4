/** Properties of a message: name to value, both without the characters U+0001 and U+0002. */
export type MessageProperties = Readonly<Record<string, string>>;

/** A message as a producer has it. Source: Java `Message`. */
export interface Message {
  readonly topic: string;
  /** Bytes as they are; what they mean is for producers and consumers to agree on. */
  readonly body: Uint8Array;
  /** Number of the user's own, carried unchanged, 32 bits. @default 0 */
  readonly flag?: number;
  /** Tags, keys, user properties and what RocketMQ adds, see `MessageConst`. @default none */
  readonly properties?: MessageProperties;
}

/** A message as a broker has stored it. Source: Java `MessageExt`, `MessageClientExt`. */
export interface MessageExt extends Message {
  /**
   * A view of the bytes that were decoded, where they were not compressed: copy it to keep it without the rest. Empty
   * when the body was not asked for.
   */
  readonly body: Buffer;
  readonly flag: number;
  readonly properties: MessageProperties;
  /** Name of the broker that it was pulled from, where that is known. */
  readonly brokerName?: string | undefined;
  readonly queueId: number;
  /** Place in its queue, from 0. */
  readonly queueOffset: number;
  /** Bits of `MessageSysFlag`; without `COMPRESSED_FLAG` once the body is decompressed, as in Java 5. */
  readonly sysFlag: number;
  /** When the producer made it, ms since 1970. */
  readonly bornTimestamp: number;
  /** Address of the producer: `10.0.0.1:51234` or `[fd00::2]:51234`. */
  readonly bornHost: string;
  /** When the broker stored it, ms since 1970. */
  readonly storeTimestamp: number;
  /** Address of the broker that stored it. */
  readonly storeHost: string;
  /** The producer's unique id (property `UNIQ_KEY`), or {@link MessageExt.offsetMsgId} where there is none. */
  readonly msgId: string;
  /** Broker address and commit-log offset as hexadecimal digits, see `decodeMessageId`. */
  readonly offsetMsgId: string;
  /** Place in the commit log of its broker, bytes. */
  readonly commitLogOffset: number;
  /** Bytes of the stored record. */
  readonly storeSize: number;
  /** CRC-32 of the body as stored, without its highest bit. */
  readonly bodyCRC: number;
  /** How often consumers have given it back. */
  readonly reconsumeTimes: number;
  /** Queue offset of the half message, on the commit or rollback of a transaction. */
  readonly preparedTransactionOffset: number;
}

/** One queue of a topic. Source: Java `MessageQueue`. */
export interface MessageQueue {
  readonly topic: string;
  readonly brokerName: string;
  readonly queueId: number;
}
