import type { Buffer } from 'node:buffer';
import { RemotingCommandError } from '../../errors/remoting-errors.js';
import { ByteReader } from './byte-reader.js';

const MAGIC = 0xfd2fb528;
const SINGLE_SEGMENT = 0x20;
const CHECKSUM = 0x04;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const LAST_BLOCK = 0x1;
/** What a block takes up by its type: raw and compressed ones their size, a repeated byte one; type 3 is reserved. */
const blockBytes: readonly ((size: number) => number)[] = [size => size, () => 1, size => size];

/**
 * Checks that the bytes are one whole ZSTD frame, without decompressing it. `node:zlib` gives what it has got when a
 * frame is cut off, or another one follows. Source: RFC 8878.
 *
 * @throws {RemotingCommandError} when they are not
 */
export function checkZstdFrame(bytes: Buffer): void {
  const reader = new ByteReader(bytes);
  if (reader.uint32LE('magic') !== MAGIC) throw corrupt('it does not begin as one');
  const flags = reader.uint8('flags');
  const single = (flags & SINGLE_SEGMENT) !== 0;
  const contentSizeBytes = flags >>> 6 === 0 && single ? 1 : (CONTENT_SIZE_BYTES[flags >>> 6] ?? 0);
  reader.take((single ? 0 : 1) + (DICTIONARY_ID_BYTES[flags & 3] ?? 0) + contentSizeBytes, 'header');
  for (let last = false; !last;) {
    const mark = reader.take(3, 'header of a block').readUIntLE(0, 3);
    const bytesOf = blockBytes[(mark >>> 1) & 3];
    if (bytesOf === undefined) throw corrupt('a block has the reserved type');
    reader.take(bytesOf(mark >>> 3), 'block');
    last = (mark & LAST_BLOCK) !== 0;
  }
  reader.take((flags & CHECKSUM) === 0 ? 0 : 4, 'checksum');
  if (reader.left > 0) throw corrupt(`${reader.left} bytes follow it`);
}

function corrupt(problem: string): RemotingCommandError {
  return new RemotingCommandError(`a ZSTD frame is corrupt: ${problem}`);
}
