import type { Buffer } from 'node:buffer';
import { type DataVersion, dataVersion } from './data-version.js';
import { decodeBody, integer, objectOf, orElse, tableOf } from './decoder.js';
import { encodeBody } from './encoder.js';

/**
 * How far groups have consumed the queues of a broker: the answer to `GET_ALL_CONSUMER_OFFSET`
 * (Java `ConsumerOffsetSerializeWrapper`).
 */
export interface ConsumerOffsetSerializeWrapper {
  /** `topic@group` → queue id → offset. */
  readonly offsetTable: Readonly<Record<string, Readonly<Record<number, number>>>>;
  /** Since 5.0. */
  readonly dataVersion?: DataVersion | undefined;
}

const consumerOffsetWrapper = objectOf<ConsumerOffsetSerializeWrapper>({
  dataVersion: orElse(dataVersion, undefined),
  offsetTable: orElse(tableOf(tableOf(integer)), {}),
});

/** The body of the answer to `GET_ALL_CONSUMER_OFFSET`. */
export function encodeConsumerOffsetWrapper(wrapper: ConsumerOffsetSerializeWrapper): Buffer {
  return encodeBody(wrapper);
}

/**
 * Decodes the body of the answer to `GET_ALL_CONSUMER_OFFSET`.
 *
 * @throws RemotingCommandError when the body holds no offsets.
 */
export function decodeConsumerOffsetWrapper(body: Uint8Array): ConsumerOffsetSerializeWrapper {
  return decodeBody('ConsumerOffsetSerializeWrapper', consumerOffsetWrapper, body);
}
