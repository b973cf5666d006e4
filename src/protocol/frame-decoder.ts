import { RemotingCodecError } from '../errors/remoting-errors.js';
import { defaultFrameLimits, type FrameLimits } from './frame-limits.js';
import { FRAME_PREFIX_BYTES } from './frame-writer.js';
import { RemotingCommand, type SerializeType } from './remoting-command.js';
import { JsonHeaderReader } from './serialize/json-header-reader.js';
import { type HeaderValues, readRocketMQHeader } from './serialize/rocketmq-header.js';

const LENGTH_BYTES = 4;
const NOTHING = Buffer.alloc(0);
const SERIALIZE_TYPES: readonly SerializeType[] = ['JSON', 'ROCKETMQ'];

/**
 * Cuts a stream of chunks into commands. Bodies stay in the chunk that they came in; only a frame that is spread over
 * chunks is copied.
 *
 * Each frame is read by its own type byte. Source: Java `NettyDecoder`, `RemotingCommand.decode`.
 */
export class FrameDecoder {
  private readonly json = new JsonHeaderReader();
  /** Beginning of a frame whose rest has not come; `pendingBytes` of it are filled. */
  private pending: Buffer = NOTHING;
  private pendingBytes = 0;
  /** Bytes that must be there before it is worth looking again. */
  private wantedBytes = LENGTH_BYTES;
  private closed = false;

  /**
   * @param onCommand takes each command, in order; what it throws is not caught here
   */
  constructor(
    private readonly onCommand: (command: RemotingCommand) => void,
    private readonly limits: FrameLimits = defaultFrameLimits,
  ) {}

  /** Bytes of a frame that is not complete yet. */
  get bufferedBytes(): number {
    return this.pendingBytes;
  }

  /** Hands nothing over any more, also not the rest of a chunk at hand. */
  close(): void {
    this.closed = true;
    this.clear();
  }

  private clear(): void {
    this.pending = NOTHING;
    this.pendingBytes = 0;
    this.wantedBytes = LENGTH_BYTES;
  }

  /**
   * Takes the next bytes.
   *
   * @throws {RemotingCodecError} at the first frame that breaks the rules; commands before it have been handed over,
   * and nothing after it can be read any more
   */
  push(chunk: Buffer): void {
    let buffer = chunk;
    if (this.pendingBytes > 0) {
      this.append(chunk);
      if (this.pendingBytes < this.wantedBytes) return;
      buffer = this.pending.subarray(0, this.pendingBytes);
      this.clear();
    }
    const length = buffer.length;
    let offset = 0;
    while (length - offset >= LENGTH_BYTES && !this.closed) {
      const frameBytes = this.frameLength(buffer.readInt32BE(offset)) + LENGTH_BYTES;
      if (length - offset < frameBytes) {
        this.wantedBytes = frameBytes;
        break;
      }
      const command = this.decode(buffer, offset + LENGTH_BYTES, offset + frameBytes);
      offset += frameBytes;
      this.onCommand(command);
    }
    if (offset < length && !this.closed) {
      this.pending = buffer.subarray(offset);
      this.pendingBytes = length - offset;
    }
  }

  /** Room grows with what has come, not with what a length field promises; a trickle of bytes costs no object each. */
  private append(chunk: Buffer): void {
    const bytes = this.pendingBytes + chunk.length;
    if (bytes > this.pending.length) {
      const room = Buffer.allocUnsafe(Math.max(bytes, Math.min(this.wantedBytes, bytes * 2)));
      this.pending.copy(room, 0, 0, this.pendingBytes);
      this.pending = room;
    }
    chunk.copy(this.pending, this.pendingBytes);
    this.pendingBytes = bytes;
  }

  private frameLength(length: number): number {
    if (length < FRAME_PREFIX_BYTES - LENGTH_BYTES || length > this.limits.maxFrameBytes) {
      throw new RemotingCodecError(
        `a frame of ${length} bytes, where 4 to ${this.limits.maxFrameBytes} are allowed (maxFrameBytes)`,
      );
    }
    return length;
  }

  private decode(buffer: Buffer, start: number, end: number): RemotingCommand {
    const mark = buffer.readUInt32BE(start);
    const headerStart = start + 4;
    const headerEnd = headerStart + (mark & 0xffffff);
    if (headerEnd > end) throw new RemotingCodecError('the header is longer than its frame');
    if (headerEnd - headerStart > this.limits.maxHeaderBytes) {
      throw new RemotingCodecError(
        `a header of ${headerEnd - headerStart} bytes, where ${this.limits.maxHeaderBytes} are allowed (maxHeaderBytes)`,
      );
    }
    const serializeType = SERIALIZE_TYPES[mark >>> 24];
    if (serializeType === undefined) throw new RemotingCodecError(`unknown serialize type ${mark >>> 24}`);
    const command = new RemotingCommand(this.header(serializeType, buffer, headerStart, headerEnd));
    command.serializeType = serializeType;
    if (headerEnd < end) {
      command.payload = buffer;
      command.bodyStart = headerEnd;
      command.bodyEnd = end;
    }
    return command;
  }

  private header(serializeType: SerializeType, buffer: Buffer, start: number, end: number): HeaderValues {
    if (serializeType === 'ROCKETMQ') return readRocketMQHeader(buffer, start, end);
    this.json.read(buffer, start, end);
    return this.json;
  }
}

/**
 * The command of one whole frame.
 *
 * @throws {RemotingCodecError} when it is not exactly one frame
 */
export function decodeFrame(frame: Buffer, limits: FrameLimits = defaultFrameLimits): RemotingCommand {
  const commands: RemotingCommand[] = [];
  const decoder = new FrameDecoder(command => commands.push(command), limits);
  decoder.push(frame);
  const [command] = commands;
  if (command === undefined || commands.length > 1 || decoder.bufferedBytes > 0) {
    throw new RemotingCodecError(`${frame.length} bytes are not one frame`);
  }
  return command;
}
