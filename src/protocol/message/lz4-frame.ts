import { Buffer } from 'node:buffer';
import { RemotingCommandError } from '../../errors/remoting-errors.js';
import { ByteReader } from './byte-reader.js';
import { compressLz4Block, decompressLz4Block, lz4BlockBound, lz4BlockLength } from './lz4-block.js';
import { xxhash32 } from './xxhash32.js';

const MAGIC = 0x184d2204;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** Version bits of the flag byte, and its other bits. */
const VERSION = 0x40;
const VERSION_MASK = 0xc0;
const INDEPENDENT_BLOCKS = 0x20;
const BLOCK_CHECKSUMS = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY = 0x01;
const UNCOMPRESSED_BLOCK = 0x8000_0000;
/** Block sizes by their number in the header, from 4: 64 KiB, 256 KiB, 1 MiB, 4 MiB. */
const SMALLEST_BLOCK_SIZE = 4;
const LARGEST_BLOCK_SIZE = 7;
const FRAME_OVERHEAD_BYTES = 4 + 3 + 4;

interface Block {
  readonly bytes: Buffer;
  readonly compressed: boolean;
  readonly length: number;
}

interface Frame {
  readonly blocks: readonly Block[];
  readonly independent: boolean;
  readonly contentChecksum: number | undefined;
}

const blockBytes = (size: number): number => 1 << (8 + 2 * size);

/**
 * Decompresses LZ4 *frames* (not bare blocks), one or several. All lengths and checksums are checked.
 * Source: the LZ4 frame format 1.6; Java `Lz4Compressor` (`LZ4FrameInputStream`).
 *
 * @param maxBytes refuses what would be longer, before memory is taken for it
 * @throws {RemotingCommandError} when it is no such frame, needs a dictionary, or is too long
 */
export function decompressLz4Frames(bytes: Buffer, maxBytes: number): Buffer {
  const reader = new ByteReader(bytes);
  const frames: Frame[] = [];
  let total = 0;
  do {
    const frame = readFrame(reader, length => {
      total += length;
      if (total > maxBytes)
        throw new RemotingCommandError(`an LZ4 frame gives more than ${maxBytes} bytes (maxBodyBytes)`);
    });
    if (frame !== undefined) frames.push(frame);
  } while (reader.left > 0);
  const target = Buffer.allocUnsafe(total);
  frames.reduce((at, frame) => decompressFrame(frame, target, at), 0);
  return target;
}

/**
 * Compresses into one LZ4 frame as Java's `LZ4FrameOutputStream` makes it: independent blocks, no content size, no
 * content checksum.
 */
export function compressLz4Frame(bytes: Uint8Array): Buffer {
  let size = SMALLEST_BLOCK_SIZE;
  while (size < LARGEST_BLOCK_SIZE && bytes.length > blockBytes(size)) size++;
  const step = blockBytes(size);
  const blocks = Math.ceil(bytes.length / step);
  const target = Buffer.allocUnsafe(FRAME_OVERHEAD_BYTES + blocks * (4 + lz4BlockBound(Math.min(step, bytes.length))));
  const descriptor = [VERSION | INDEPENDENT_BLOCKS, size << 4];
  let at = target.writeUInt32LE(MAGIC, 0);
  target.set([...descriptor, headerChecksum(Buffer.from(descriptor))], at);
  at += 3;
  for (let from = 0; from < bytes.length; from += step) at = writeBlock(bytes.subarray(from, from + step), target, at);
  return target.subarray(0, target.writeUInt32LE(0, at));
}

function writeBlock(block: Uint8Array, target: Buffer, at: number): number {
  const start = at + 4;
  const end = compressLz4Block(block, target, start);
  if (end - start < block.length) {
    target.writeUInt32LE(end - start, at);
    return end;
  }
  target.writeUInt32LE((block.length | UNCOMPRESSED_BLOCK) >>> 0, at);
  target.set(block, start);
  return start + block.length;
}

function readFrame(reader: ByteReader, onLength: (length: number) => void): Frame | undefined {
  const magic = reader.uint32LE('magic');
  if ((magic & 0xffff_fff0) === SKIPPABLE_MAGIC) {
    reader.take(reader.uint32LE('size of a skippable frame'), 'skippable frame');
    return undefined;
  }
  if (magic !== MAGIC) throw corrupt('it does not begin as one');
  const { flags, maxBlockBytes, contentSize } = readDescriptor(reader);
  const independent = (flags & INDEPENDENT_BLOCKS) !== 0;
  const blocks: Block[] = [];
  let contentLength = 0;
  for (let mark = reader.uint32LE('size of a block'); mark !== 0; mark = reader.uint32LE('size of a block')) {
    const bytes = reader.take(mark & ~UNCOMPRESSED_BLOCK, 'block');
    if ((flags & BLOCK_CHECKSUMS) !== 0 && reader.uint32LE('checksum of a block') !== xxhash32(bytes)) {
      throw corrupt('the checksum of a block does not match');
    }
    const compressed = mark < UNCOMPRESSED_BLOCK;
    const length = compressed ? lz4BlockLength(bytes) : bytes.length;
    if (length > maxBlockBytes) throw corrupt('a block is longer than its header allows');
    onLength(length);
    contentLength += length;
    blocks.push({ bytes, compressed, length });
  }
  if (contentSize !== undefined && contentSize !== BigInt(contentLength))
    throw corrupt('its content size does not match');
  const contentChecksum = (flags & CONTENT_CHECKSUM) === 0 ? undefined : reader.uint32LE('checksum of the content');
  return { blocks, independent, contentChecksum };
}

function readDescriptor(reader: ByteReader): {
  flags: number;
  maxBlockBytes: number;
  contentSize: bigint | undefined;
} {
  const start = reader.position;
  const flags = reader.uint8('flags');
  const size = (reader.uint8('block size') >>> 4) & 7;
  if ((flags & VERSION_MASK) !== VERSION) throw corrupt(`its version is ${flags >>> 6}, where 1 is known`);
  if (size < SMALLEST_BLOCK_SIZE) throw corrupt('its block size is unknown');
  if ((flags & DICTIONARY) !== 0) throw corrupt('it needs a dictionary');
  const contentSize = (flags & CONTENT_SIZE) === 0 ? undefined : reader.uint64LE('content size');
  const checksum = headerChecksum(reader.since(start));
  if (reader.uint8('checksum of the header') !== checksum) throw corrupt('the checksum of its header does not match');
  return { flags, maxBlockBytes: blockBytes(size), contentSize };
}

function decompressFrame(frame: Frame, target: Buffer, start: number): number {
  let at = start;
  for (const { bytes, compressed, length } of frame.blocks) {
    if (compressed) decompressLz4Block(bytes, target, at, frame.independent ? at : start);
    else target.set(bytes, at);
    at += length;
  }
  if (frame.contentChecksum !== undefined && frame.contentChecksum !== xxhash32(target.subarray(start, at))) {
    throw corrupt('the checksum of its content does not match');
  }
  return at;
}

function headerChecksum(descriptor: Uint8Array): number {
  return (xxhash32(descriptor) >>> 8) & 0xff;
}

function corrupt(problem: string): RemotingCommandError {
  return new RemotingCommandError(`an LZ4 frame is corrupt: ${problem}`);
}
