import { Buffer } from 'node:buffer';
import { RemotingCommandError } from '../../errors/remoting-errors.js';

const TWO_TO_32 = 2 ** 32;

/**
 * Reads values one after another, big-endian unless their name says otherwise; every one beyond the end is a
 * {@link RemotingCommandError}.
 */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  /** Where the next value begins. */
  get position(): number {
    return this.at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** A signed integer of 32 bits. */
  int32(name: string): number {
    return this.bytes.readInt32BE(this.advance(4, name));
  }

  /** A signed integer of 16 bits. */
  int16(name: string): number {
    return this.bytes.readInt16BE(this.advance(2, name));
  }

  /** An unsigned integer of 8 bits. */
  uint8(name: string): number {
    return this.bytes.readUInt8(this.advance(1, name));
  }

  /** A signed integer of 64 bits, which must be one that a `number` holds exactly. */
  int64(name: string): number {
    const value = readInt64(this.bytes, this.advance(8, name));
    if (value === undefined)
      throw new RemotingCommandError(`${name} is beyond the integers that a number holds exactly`);
    return value;
  }

  /** An unsigned little-endian integer of 32 bits. */
  uint32LE(name: string): number {
    return this.bytes.readUInt32LE(this.advance(4, name));
  }

  /** An unsigned little-endian integer of 64 bits. */
  uint64LE(name: string): bigint {
    return this.bytes.readBigUInt64LE(this.advance(8, name));
  }

  /** A view of what was read since that position. */
  since(position: number): Buffer {
    return this.bytes.subarray(position, this.at);
  }

  /** A view of so many bytes. */
  take(length: number, name: string): Buffer {
    const start = this.advance(length, name);
    return this.bytes.subarray(start, start + length);
  }

  private advance(length: number, name: string): number {
    const start = this.at;
    if (length < 0) throw new RemotingCommandError(`${name} has a negative length, ${length}`);
    if (length > this.left) {
      throw new RemotingCommandError(`${name} needs ${length} bytes, where ${this.left} are left`);
    }
    this.at = start + length;
    return start;
  }
}

/** A signed integer of 64 bits, `undefined` when a `number` does not hold it exactly. */
export function readInt64(bytes: Buffer, at: number): number | undefined {
  const value = bytes.readInt32BE(at) * TWO_TO_32 + bytes.readUInt32BE(at + 4);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Writes an integer as 64 bits; returns where the next byte goes. */
export function writeInt64(bytes: Buffer, value: number, at: number): number {
  bytes.writeInt32BE(Math.floor(value / TWO_TO_32), at);
  return bytes.writeUInt32BE(
    value >= 0 ? value % TWO_TO_32 : value - Math.floor(value / TWO_TO_32) * TWO_TO_32,
    at + 4,
  );
}
