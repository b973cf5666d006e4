import { RemotingCommandError } from '../../errors/remoting-errors.js';

/** Shortest match that the format can say. */
const MIN_MATCH = 4;
/** The last bytes of a block are always literals. */
const LAST_LITERALS = 5;
/** No match begins nearer than this to the end of a block. */
const MATCH_MARGIN = 12;
const MAX_DISTANCE = 0xffff;
const HASH_BITS = 13;
const HASH_MULTIPLIER = 0x9e3779b1;
/** Copies below this length are faster byte by byte. */
const SHORT = 32;
/** After so many misses (a power of two) the search takes longer steps: what does not compress passes quickly. */
const SKIP_TRIGGER = 6;

/** Most bytes that a block of so many bytes can take when it is compressed. */
export function lz4BlockBound(length: number): number {
  return length + Math.ceil(length / 255) + 16;
}

/**
 * How many bytes the block will give. Reads only the lengths in it, so a block that promises too much is found out
 * before memory is taken for it.
 *
 * @throws {RemotingCommandError} when the block ends too early
 */
export function lz4BlockLength(block: Uint8Array): number {
  const sequence = new SequenceReader(block);
  let length = 0;
  do {
    sequence.next();
    length += sequence.literals + sequence.match;
  } while (sequence.match > 0);
  return length;
}

/**
 * Decompresses one block into `target` from `at` on; returns where the next byte goes.
 *
 * @param floor first byte of `target` that a match may reach back to
 * @throws {RemotingCommandError} when the block ends too early, or a match is wrong or reaches back beyond `floor`
 */
export function decompressLz4Block(block: Uint8Array, target: Uint8Array, at: number, floor: number): number {
  const sequence = new SequenceReader(block);
  let position = at;
  do {
    sequence.next();
    const { literalsAt, literals, distance, match } = sequence;
    if (literals < SHORT) for (let n = 0; n < literals; n++) target[position + n] = block[literalsAt + n] ?? 0;
    else target.set(block.subarray(literalsAt, literalsAt + literals), position);
    position += literals;
    const from = position - distance;
    if (from < floor) throw corrupt('a match reaches back beyond the data');
    // what a match repeats may be what it has just written
    if (match < SHORT || distance < match) for (let n = 0; n < match; n++) target[position + n] = target[from + n] ?? 0;
    else target.copyWithin(position, from, from + match);
    position += match;
  } while (sequence.match > 0);
  return position;
}

/** Reads the sequences of a block: literals, then a match, which only the last one has not. */
class SequenceReader {
  literalsAt = 0;
  literals = 0;
  /** How far back the match begins. */
  distance = 0;
  /** Length of the match; 0 in the last sequence. */
  match = 0;
  private at = 0;

  constructor(private readonly block: Uint8Array) {}

  next(): void {
    const token = this.byte();
    this.literals = this.length(token >>> 4);
    this.literalsAt = this.at;
    this.at += this.literals;
    if (this.at >= this.block.length) {
      if (this.at > this.block.length) throw corrupt('it ends in the middle of literals');
      this.distance = 0;
      this.match = 0;
      return;
    }
    this.distance = this.byte() | (this.byte() << 8);
    if (this.distance === 0) throw corrupt('a match has no distance');
    this.match = this.length(token & 15) + MIN_MATCH;
  }

  private length(nibble: number): number {
    let length = nibble;
    for (let more = nibble === 15 ? 255 : 0; more === 255; length += more) more = this.byte();
    return length;
  }

  private byte(): number {
    const value = this.block[this.at++];
    if (value === undefined) throw corrupt('it ends in the middle');
    return value;
  }
}

/**
 * Compresses one block into `target` from `at` on, where {@link lz4BlockBound} bytes must be free; returns where the
 * next byte goes. Greedy, with one candidate a hash: fast rather than small.
 */
export function compressLz4Block(block: Uint8Array, target: Uint8Array, at: number): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  const lastMatchStart = block.length - MATCH_MARGIN;
  let position = at;
  let anchor = 0;
  let misses = 1 << SKIP_TRIGGER;
  for (let cursor = 0; cursor <= lastMatchStart;) {
    const word = view.getInt32(cursor, true);
    const slot = Math.imul(word, HASH_MULTIPLIER) >>> (32 - HASH_BITS);
    const candidate = table[slot] ?? -1;
    table[slot] = cursor;
    if (candidate < 0 || cursor - candidate > MAX_DISTANCE || view.getInt32(candidate, true) !== word) {
      cursor += misses++ >>> SKIP_TRIGGER;
      continue;
    }
    const length = MIN_MATCH + commonLength(block, candidate + MIN_MATCH, cursor + MIN_MATCH);
    position = writeSequence(target, position, block.subarray(anchor, cursor), cursor - candidate, length);
    cursor += length;
    anchor = cursor;
    misses = 1 << SKIP_TRIGGER;
  }
  return writeLiterals(target, position, block.subarray(anchor), 0);
}

function commonLength(block: Uint8Array, left: number, right: number): number {
  const most = block.length - LAST_LITERALS - right;
  let length = 0;
  while (length < most && block[left + length] === block[right + length]) length++;
  return length;
}

function writeSequence(target: Uint8Array, at: number, literals: Uint8Array, distance: number, length: number): number {
  const extra = length - MIN_MATCH;
  let position = writeLiterals(target, at, literals, Math.min(extra, 15));
  target[position++] = distance & 0xff;
  target[position++] = distance >>> 8;
  return extra < 15 ? position : writeLength(target, position, extra - 15);
}

function writeLiterals(target: Uint8Array, at: number, literals: Uint8Array, matchNibble: number): number {
  const count = literals.length;
  let position = at;
  target[position++] = (Math.min(count, 15) << 4) | matchNibble;
  if (count >= 15) position = writeLength(target, position, count - 15);
  target.set(literals, position);
  return position + count;
}

function writeLength(target: Uint8Array, at: number, length: number): number {
  let position = at;
  let rest = length;
  for (; rest >= 255; rest -= 255) target[position++] = 255;
  target[position++] = rest;
  return position;
}

function corrupt(problem: string): RemotingCommandError {
  return new RemotingCommandError(`an LZ4 block is corrupt: ${problem}`);
}
