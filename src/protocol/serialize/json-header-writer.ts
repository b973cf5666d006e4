import type { LanguageCode } from '../language-code.js';
import type { RemotingCommand } from '../remoting-command.js';
import { writeBytes, writeInteger, writeJsonString } from './write-bytes.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const CODE = bytes('{"code":');
const EXT_FIELDS = bytes(',"extFields":{');
const EXT_FIELDS_END = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
const REMARK = bytes(',"remark":');
const FLAGS = 8;

/**
 * Writes JSON headers in fastjson's order of keys, byte for byte as Java 5.5.0 does; `null` fields are left out.
 *
 * What one connection says of itself in every header (language, version) is put into bytes once.
 * Source: Java `RemotingSerializable`, gold vector `CMDJSON`.
 */
export class JsonHeaderWriter {
  private readonly tails: readonly Buffer[];
  private readonly end: Buffer;

  constructor(
    readonly language: LanguageCode,
    readonly version: number,
  ) {
    this.tails = Array.from({ length: FLAGS }, (_, flag) => this.tail(flag));
    this.end = bytes(`,"serializeTypeCurrentRPC":"JSON","version":${version}}`);
  }

  private tail(flag: number): Buffer {
    return bytes(`,"flag":${flag},"language":"${this.language}","opaque":`);
  }

  /** Writes the header at `at`; returns where it ends. `target` has room for what `headerUnits` allows. */
  write(target: Buffer, at: number, command: RemotingCommand): number {
    let position = writeInteger(target, writeBytes(target, at, CODE), command.code);
    const extFields = command.extFields;
    if (extFields !== undefined) {
      position = writeBytes(target, position, EXT_FIELDS);
      let first = true;
      for (const key in extFields) {
        const value = extFields[key];
        if (value === undefined || value === null) continue;
        if (!first) target[position++] = COMMA;
        first = false;
        position = writeJsonString(target, position, key);
        target[position++] = COLON;
        position = writeJsonString(target, position, value);
      }
      target[position++] = EXT_FIELDS_END;
    }
    position = writeBytes(target, position, this.tails[command.flag] ?? this.tail(command.flag));
    position = writeInteger(target, position, command.opaque);
    if (command.remark !== undefined) {
      position = writeJsonString(target, writeBytes(target, position, REMARK), command.remark);
    }
    return writeBytes(target, position, this.end);
  }
}
