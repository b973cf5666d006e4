import type { Buffer } from 'node:buffer';
import { decodeBody, type Decoder, integer, objectOf, orElse } from './decoder.js';
import { encodeBody } from './encoder.js';

/** How new the configuration of a broker is: it changes whenever the configuration does (Java `DataVersion`). */
export interface DataVersion {
  /** Changes since the broker was new. */
  readonly counter: number;
  /** Epoch of the master, where a controller elects it; 0 before 5.0 and without a controller. */
  readonly stateVersion: number;
  /** Time of the last change, milliseconds since the epoch. */
  readonly timestamp: number;
}

/** @internal */
export const dataVersion: Decoder<DataVersion> = objectOf<DataVersion>({
  counter: orElse(integer, 0),
  stateVersion: orElse(integer, 0),
  timestamp: orElse(integer, 0),
});

/** The version of a configuration that is new at a time (default: now) in milliseconds. */
export function newDataVersion(timestamp: number = Date.now()): DataVersion {
  return { counter: 0, stateVersion: 0, timestamp };
}

/** The version after a change at a time (default: now) in milliseconds (Java `DataVersion.nextVersion`). */
export function nextDataVersion({ counter, stateVersion }: DataVersion, timestamp: number = Date.now()): DataVersion {
  return { counter: counter + 1, stateVersion, timestamp };
}

/** Whether two versions are one (Java `DataVersion.equals`). */
export function isSameDataVersion(one: DataVersion, other: DataVersion): boolean {
  return one.counter === other.counter && one.stateVersion === other.stateVersion && one.timestamp === other.timestamp;
}

/** The body of `QUERY_DATA_VERSION` and of the answer to it. */
export function encodeDataVersion(version: DataVersion): Buffer {
  return encodeBody(version);
}

/**
 * Decodes the body of `QUERY_DATA_VERSION` and of the answer to it.
 *
 * @throws RemotingCommandError when the body is no data version.
 */
export function decodeDataVersion(body: Uint8Array): DataVersion {
  return decodeBody('DataVersion', dataVersion, body);
}
