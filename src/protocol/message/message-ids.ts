import { Buffer } from 'node:buffer';
import { MQClientError } from '../../errors/response-errors.js';
import { readInt64, writeInt64 } from './byte-reader.js';
import { formatHost, parseHost } from './host-address.js';

const PORT_BYTES = 4;
const OFFSET_BYTES = 8;
const V4_DIGITS = 2 * (4 + PORT_BYTES + OFFSET_BYTES);
const V6_DIGITS = 2 * (16 + PORT_BYTES + OFFSET_BYTES);
const IDS = new RegExp(`^(?:[\\da-fA-F]{${V4_DIGITS}}|[\\da-fA-F]{${V6_DIGITS}})$`);

/** Behind the IP address of a unique id: pid 2, hash 4, milliseconds 4, counter 2. */
const UNIQ_TAIL_BYTES = 12;
const COUNTER_LIMIT = 0x1_0000;

/** What makes the ids of one client different from those of every other. */
export interface UniqIDOrigin {
  /** IP address of this machine, 4 or 16 bytes. */
  readonly ip: Uint8Array;
  /** Id of this process; 16 bits of it count. */
  readonly pid: number;
  /** 32 bits that tell clients in one process apart; random ones where there may be several. */
  readonly hash: number;
  /** The time, ms since 1970. */
  readonly now: () => number;
}

/** What can be read out of a unique id. */
export interface UniqIDParts {
  /** 4 or 16 bytes. */
  readonly ip: Buffer;
  /** The lower 16 bits of the process id. */
  readonly pid: number;
  /** When it was made, ms since 1970: the latest such time before `now`, since the id only tells the time in a month. */
  readonly timestamp: number;
}

/**
 * Makes the unique ids of messages (property `UNIQ_KEY`): 32 upper-case hexadecimal digits with an IPv4 address, 56 with
 * an IPv6 one.
 *
 * Two ids of one generator differ within a month, also beyond 65,536 in a millisecond (then they run ahead of the clock)
 * and when the clock is set back. Source: Java `MessageClientIDSetter.createUniqID`.
 */
export class UniqIDGenerator {
  private readonly prefix: string;
  private readonly tail = Buffer.alloc(6);
  private readonly now: () => number;
  private time = Number.NEGATIVE_INFINITY;
  private counter = 0;
  private monthStart = Number.POSITIVE_INFINITY;
  private nextMonthStart = Number.NEGATIVE_INFINITY;

  /**
   * @throws {MQClientError} when the IP address has neither 4 nor 16 bytes
   */
  constructor(origin: UniqIDOrigin) {
    if (origin.ip.length !== 4 && origin.ip.length !== 16) {
      throw new MQClientError(`an IP address has 4 or 16 bytes, not ${origin.ip.length}`);
    }
    const fixed = Buffer.alloc(6);
    fixed.writeUInt16BE(origin.pid & 0xffff, 0);
    fixed.writeInt32BE(origin.hash | 0, 2);
    this.prefix = hex(Buffer.concat([origin.ip, fixed]));
    this.now = origin.now;
  }

  /** The next id. */
  createUniqID(): string {
    const now = Math.floor(this.now());
    this.counter++;
    if (now > this.time) this.moveTo(now);
    else if (this.counter === COUNTER_LIMIT) this.moveTo(this.time + 1);
    this.tail.writeInt32BE((this.time - this.monthStart) | 0, 0);
    this.tail.writeUInt16BE(this.counter, 4);
    return this.prefix + hex(this.tail);
  }

  private moveTo(time: number): void {
    this.time = time;
    this.counter = 0;
    if (time < this.nextMonthStart) return;
    this.monthStart = startOfMonth(time, 0);
    this.nextMonthStart = startOfMonth(time, 1);
  }
}

/**
 * Reads a unique id. Source: Java `MessageClientIDSetter.getIPFromID`, `getPidFromID`, `getNearlyTimeFromID`.
 *
 * @param now the time, ms since 1970
 * @throws {MQClientError} when it is no such id
 */
export function decodeUniqID(id: string, now: number): UniqIDParts {
  const bytes = bytesOf(id);
  const ip = bytes.subarray(0, bytes.length - UNIQ_TAIL_BYTES);
  const span = bytes.readUInt32BE(ip.length + 6);
  const timestamp = startOfMonth(now, 0) + span;
  return {
    ip,
    pid: bytes.readUInt16BE(ip.length),
    timestamp: timestamp > now ? startOfMonth(now, -1) + span : timestamp,
  };
}

/**
 * The id by which a broker finds a stored message: IP address (4 or 16 bytes), port and commit-log offset as upper-case
 * hexadecimal digits. Source: Java `MessageDecoder.createMessageId`.
 *
 * @param storeHost address of the broker, `10.0.0.1:10911` or `[fd00::2]:10911`
 * @throws {MQClientError} when it is no such address
 */
export function createMessageId(storeHost: string, commitLogOffset: number): string {
  const { ip, port } = parseHost(storeHost);
  const bytes = Buffer.alloc(ip.length + PORT_BYTES + OFFSET_BYTES);
  ip.copy(bytes);
  writeInt64(bytes, commitLogOffset, bytes.writeInt32BE(port, ip.length));
  return hex(bytes);
}

/** The same from the bytes of a stored message: address with port, and offset. */
export function messageIdOfBytes(storeHost: Buffer, commitLogOffset: Buffer): string {
  return hex(storeHost) + hex(commitLogOffset);
}

/**
 * Reads what {@link createMessageId} makes. Source: Java `MessageDecoder.decodeMessageId`.
 *
 * @throws {MQClientError} when it is no such id, or its offset is no safe integer
 */
export function decodeMessageId(id: string): { storeHost: string; commitLogOffset: number } {
  const bytes = bytesOf(id);
  const ip = bytes.subarray(0, bytes.length - PORT_BYTES - OFFSET_BYTES);
  const port = bytes.readInt32BE(ip.length);
  const commitLogOffset = readInt64(bytes, ip.length + PORT_BYTES);
  if (commitLogOffset === undefined || commitLogOffset < 0 || port < 0 || port > 65_535) throw notAnId(id);
  return { storeHost: formatHost(ip, port), commitLogOffset };
}

function bytesOf(id: string): Buffer {
  if (!IDS.test(id)) throw notAnId(id);
  return Buffer.from(id, 'hex');
}

function notAnId(id: string): MQClientError {
  return new MQClientError(`"${id}" is no message id: ${V4_DIGITS} or ${V6_DIGITS} hexadecimal digits are wanted`);
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}

function startOfMonth(time: number, months: number): number {
  const date = new Date(time);
  // local time, as in Java: ids tell the time to people of the same place
  return new Date(date.getFullYear(), date.getMonth() + months, 1).getTime();
}
