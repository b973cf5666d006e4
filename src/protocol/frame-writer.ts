import { RemotingCommandError } from '../errors/remoting-errors.js';
import type { LanguageCode } from './language-code.js';
import { defaultFrameLimits, type FrameLimits } from './frame-limits.js';
import type { RemotingCommand, SerializeType } from './remoting-command.js';
import { headerUnits, MOST_BYTES_A_UNIT, MOST_FIXED_HEADER_BYTES, notSendable } from './serialize/header-units.js';
import { JsonHeaderWriter } from './serialize/json-header-writer.js';
import { fitsRocketMQHeader, writeRocketMQHeader } from './serialize/rocketmq-header.js';

/*
 *  0        4        5              8                  8 + header          4 + length
 *  +--------+--------+--------------+------------------+-------------------+
 *  | length | type   | header bytes | header           | body              |
 *  | int32  | int8   | int24        | JSON or ROCKETMQ | any bytes         |
 *  +--------+--------+--------------+------------------+-------------------+
 *  length counts what follows it: 4 + header + body. Big-endian. Source: Java RemotingCommand.
 */
/** Bytes before the header. */
export const FRAME_PREFIX_BYTES = 8;
const TYPE_ROCKETMQ = 1;

/** Writes commands as frames; holds what one side says of itself in every header. */
export class FrameWriter {
  private json: JsonHeaderWriter;

  /**
   * @param language what headers say of the sender; may change while a connection lives
   * @param version ordinal of `MQVersion`
   * @param serializeType form of headers whose command asks for none
   */
  constructor(
    language: LanguageCode,
    version: number,
    readonly serializeType: SerializeType = 'JSON',
    private readonly limits: FrameLimits = defaultFrameLimits,
  ) {
    this.json = new JsonHeaderWriter(language, version);
  }

  /** Language that headers name from now on. */
  get language(): LanguageCode {
    return this.json.language;
  }

  set language(language: LanguageCode) {
    this.json = new JsonHeaderWriter(language, this.json.version);
  }

  /**
   * Most bytes that the frame of `command` may need, without a body that is sent apart.
   *
   * @throws {RemotingCommandError} when it cannot be sent, whatever room it gets
   */
  bound(command: RemotingCommand, apart?: Uint8Array): number {
    const body = bodyUnits(command);
    // before anything is allocated for it; the exact size is known when it is written
    if (body > this.limits.maxFrameBytes) throw this.tooLarge(command, 0, body);
    const units = headerUnits(command);
    if (units > this.limits.maxHeaderBytes) throw this.tooLarge(command, units, 0);
    const head = FRAME_PREFIX_BYTES + MOST_FIXED_HEADER_BYTES + units * MOST_BYTES_A_UNIT;
    if (apart !== undefined) return head;
    return head + body * (typeof command.payload === 'string' ? 3 : 1);
  }

  /**
   * Writes the frame at `at`; returns where it ends. `target` has room for {@link bound} bytes.
   *
   * @param apart the body, when whoever sends the frame puts it behind by itself, without a copy
   * @throws {RemotingCommandError} when frame or header would exceed the limits; nothing is sent then
   */
  write(target: Buffer, at: number, command: RemotingCommand, apart?: Uint8Array): number {
    const headerStart = at + FRAME_PREFIX_BYTES;
    const binary = this.isBinary(command);
    const headerEnd = binary
      ? this.writeBinary(target, headerStart, command)
      : this.writeJson(target, headerStart, command);
    const headerBytes = headerEnd - headerStart;
    const end = apart === undefined ? writeBody(target, headerEnd, command) : headerEnd;
    const length = end - at - 4 + (apart?.length ?? 0);
    if (headerBytes > this.limits.maxHeaderBytes || length > this.limits.maxFrameBytes) {
      throw this.tooLarge(command, headerBytes, length);
    }
    writeUInt32(target, at, length);
    writeUInt32(target, at + 4, binary ? (TYPE_ROCKETMQ << 24) | headerBytes : headerBytes);
    return end;
  }

  private isBinary(command: RemotingCommand): boolean {
    return (command.serializeType ?? this.serializeType) === 'ROCKETMQ' && fitsRocketMQHeader(command.code);
  }

  private writeJson(target: Buffer, at: number, command: RemotingCommand): number {
    const { language, version } = command;
    if (language === undefined && version === undefined) return this.json.write(target, at, command);
    const writer = new JsonHeaderWriter(language ?? this.json.language, version ?? this.json.version);
    return writer.write(target, at, command);
  }

  private writeBinary(target: Buffer, at: number, command: RemotingCommand): number {
    const language = command.language ?? this.json.language;
    return writeRocketMQHeader(target, at, command, language, command.version ?? this.json.version);
  }

  private tooLarge(command: RemotingCommand, headerBytes: number, length: number): RemotingCommandError {
    const { maxHeaderBytes, maxFrameBytes } = this.limits;
    const what =
      headerBytes > maxHeaderBytes
        ? `the header has at least ${headerBytes} bytes, maxHeaderBytes allows ${maxHeaderBytes}: send less in extFields`
        : `the frame has at least ${length} bytes, maxFrameBytes allows ${maxFrameBytes}: send a smaller body`;
    return new RemotingCommandError(`code ${command.code} not sent: ${what}`, { requestCode: command.code });
  }
}

/** The frame of one command in a buffer of its own. */
export function encodeFrame(writer: FrameWriter, command: RemotingCommand): Buffer {
  const target = Buffer.allocUnsafe(writer.bound(command));
  return target.subarray(0, writer.write(target, 0, command));
}

/** The body when it has at least so many bytes, to be sent without a copy; a text has to be encoded anyhow. */
export function largeBody(command: RemotingCommand, atLeast: number): Uint8Array | undefined {
  if (typeof command.payload !== 'object' || bodyUnits(command) < atLeast) return undefined;
  return command.body;
}

/**
 * Characters of a text, bytes of anything else.
 *
 * @throws {RemotingCommandError} when it is neither
 */
function bodyUnits(command: RemotingCommand): number {
  const payload = command.payload;
  if (payload === undefined) return 0;
  if (typeof payload === 'string') return payload.length;
  if (command.bodyStart >= 0) return command.bodyEnd - command.bodyStart;
  if (ArrayBuffer.isView(payload) && payload.byteLength === payload.length) return payload.length;
  // length and position of what follows would go wrong with it
  throw notSendable(command.code, 'the body', 'neither bytes (Uint8Array) nor text', payload);
}

function writeBody(target: Buffer, at: number, command: RemotingCommand): number {
  const payload = command.payload;
  if (payload === undefined) return at;
  if (typeof payload === 'string') return at + target.write(payload, at, 'utf8');
  if (command.bodyStart < 0) {
    target.set(payload, at);
    return at + payload.length;
  }
  // a received command that is sent on: from chunk to slab without a slice in between
  return at + (payload as Buffer).copy(target, at, command.bodyStart, command.bodyEnd);
}

// four stores are cheaper than a checked writeUInt32BE
function writeUInt32(target: Buffer, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}
