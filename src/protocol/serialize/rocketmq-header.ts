import { RemotingCodecError, RemotingCommandError } from '../../errors/remoting-errors.js';
import { type LanguageCode, languageByteOf, languageCodeOf } from '../language-code.js';
import type { ExtFields, RemotingCommand } from '../remoting-command.js';

/*
 * int16 code · int8 language · int16 version · int32 opaque · int32 flag · int32 remark length, remark ·
 * int32 length of all ext fields, then for each: int16 key length, key, int32 value length, value.
 * Big-endian; texts are UTF-8; a remark or ext fields of length 0 read as not there. Source: Java RocketMQSerializable.
 */
const FIXED_BYTES = 21;
const INT16_MAX = 0x7fff;

/** Whether a code fits the int16 that this form has for it; Java truncates the others, so they must go as JSON. */
export const fitsRocketMQHeader = (code: number): boolean => code <= INT16_MAX && code >= -INT16_MAX - 1;

/**
 * Writes the header at `at`; returns where it ends. `target` has room for what `headerUnits` allows.
 *
 * @throws {RemotingCommandError} when a key is longer than an int16 can say
 */
export function writeRocketMQHeader(
  target: Buffer,
  at: number,
  command: RemotingCommand,
  language: LanguageCode,
  version: number,
): number {
  let position = target.writeInt16BE(command.code, at);
  position = target.writeInt8(languageByteOf(language), position);
  position = target.writeInt16BE(version, position);
  position = target.writeInt32BE(command.opaque, position);
  position = target.writeInt32BE(command.flag, position);
  position = writeText(target, position, command.remark ?? '');
  const extStart = position;
  position += 4;
  const extFields = command.extFields;
  if (extFields !== undefined) {
    for (const key in extFields) {
      const value = extFields[key];
      if (value === undefined || value === null) continue;
      const keyBytes = target.write(key, position + 2, 'utf8');
      if (keyBytes > INT16_MAX) {
        throw new RemotingCommandError(
          `an ext field's name is ${keyBytes} bytes long, at most ${INT16_MAX} can be sent`,
          {
            requestCode: command.code,
          },
        );
      }
      target.writeInt16BE(keyBytes, position);
      position = writeText(target, position + 2 + keyBytes, value);
    }
  }
  target.writeInt32BE(position - extStart - 4, extStart);
  return position;
}

function writeText(target: Buffer, at: number, text: string): number {
  const bytes = text.length === 0 ? 0 : target.write(text, at + 4, 'utf8');
  return target.writeInt32BE(bytes, at) + bytes;
}

/** What a header says. */
export interface HeaderValues {
  code: number;
  flag: number;
  opaque: number;
  version: number | undefined;
  language: LanguageCode | undefined;
  remark: string | undefined;
  extFields: ExtFields | undefined;
}

/**
 * Reads the header between `start` and `end`.
 *
 * @throws {RemotingCodecError} when a length points outside of it
 */
export function readRocketMQHeader(buffer: Buffer, start: number, end: number): HeaderValues {
  if (end - start < FIXED_BYTES) throw new RemotingCodecError(`a ROCKETMQ header of ${end - start} bytes is too short`);
  const remarkLength = buffer.readInt32BE(start + 13);
  const remarkStart = start + 17;
  const extLengthAt = checked(remarkStart, remarkLength, end - 4, 'remark');
  const extLength = buffer.readInt32BE(extLengthAt);
  const extEnd = checked(extLengthAt + 4, extLength, end, 'ext fields');
  return {
    code: buffer.readInt16BE(start),
    language: languageCodeOf(buffer.readInt8(start + 2)),
    version: buffer.readInt16BE(start + 3),
    opaque: buffer.readInt32BE(start + 5),
    flag: buffer.readInt32BE(start + 9),
    remark: remarkLength === 0 ? undefined : buffer.toString('utf8', remarkStart, extLengthAt),
    extFields: extLength === 0 ? undefined : readExtFields(buffer, extLengthAt + 4, extEnd),
  };
}

function readExtFields(buffer: Buffer, start: number, end: number): ExtFields {
  const entries: [string, string][] = [];
  let position = start;
  while (position < end) {
    if (end - position < 6) throw new RemotingCodecError('an ext field ends in the middle');
    const keyEnd = checked(position + 2, buffer.readInt16BE(position), end - 4, 'ext field name');
    const valueEnd = checked(keyEnd + 4, buffer.readInt32BE(keyEnd), end, 'ext field value');
    entries.push([buffer.toString('utf8', position + 2, keyEnd), buffer.toString('utf8', keyEnd + 4, valueEnd)]);
    position = valueEnd;
  }
  // fromEntries defines own properties: a key "__proto__" stays data
  return Object.fromEntries(entries);
}

function checked(start: number, length: number, end: number, what: string): number {
  if (length < 0 || length > end - start) {
    throw new RemotingCodecError(`the length ${length} of the ${what} points outside of the header`);
  }
  return start + length;
}
