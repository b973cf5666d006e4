import { RemotingCodecError } from '../../errors/remoting-errors.js';
import { parseTolerantJson } from '../body/tolerant-json.js';
import { type LanguageCode, languageCodeOf } from '../language-code.js';
import type { ExtFields } from '../remoting-command.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, unit => unit.charCodeAt(0));
const CODE = bytes('code');
const FLAG = bytes('flag');
const OPAQUE = bytes('opaque');
const VERSION = bytes('version');
const LANGUAGE = bytes('language');
const REMARK = bytes('remark');
const EXT_FIELDS = bytes('extFields');
const SERIALIZE_TYPE = bytes('serializeTypeCurrentRPC');

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Digits that a `number` may not hold. */
const MAYBE_INT64 = /\d{16}/;

function same(buffer: Buffer, start: number, end: number, key: Uint8Array): boolean {
  if (end - start !== key.length) return false;
  for (let index = 0; index < key.length; index++) if (buffer[start + index] !== key[index]) return false;
  return true;
}

/**
 * Reads JSON headers: the plain ones by hand, `extFields` by `JSON.parse` of their slice, anything unusual (blanks,
 * escapes, `null`s, numbers as ext values, unknown keys) by `JSON.parse` of the whole.
 *
 * One instance a connection; its fields hold the header that was read last.
 */
export class JsonHeaderReader {
  code = 0;
  flag = 0;
  opaque = 0;
  version: number | undefined = undefined;
  language: LanguageCode | undefined = undefined;
  remark: string | undefined = undefined;
  extFields: ExtFields | undefined = undefined;

  // where the scan stands, and the language text of the header before: most peers repeat it
  private position = 0;
  private lastLanguage: Uint8Array = new Uint8Array(0);
  private lastLanguageCode: LanguageCode | undefined = undefined;

  /**
   * Reads the header between `start` and `end`.
   *
   * @throws {RemotingCodecError} when it is no JSON object or a field has the wrong type
   */
  read(buffer: Buffer, start: number, end: number): void {
    this.reset();
    if (this.scan(buffer, start, end)) return;
    this.reset();
    this.parse(buffer.toString('utf8', start, end));
  }

  private reset(): void {
    this.code = 0;
    this.flag = 0;
    this.opaque = 0;
    this.version = undefined;
    // Java reads a header without a language as its own
    this.language = 'JAVA';
    this.remark = undefined;
    this.extFields = undefined;
  }

  /** `false`: not as plain as expected, nothing read so far counts. */
  private scan(buffer: Buffer, start: number, end: number): boolean {
    if (buffer[start] !== OPEN) return false;
    let position = start + 1;
    for (;;) {
      if (buffer[position] !== QUOTE) return false;
      const key = position + 1;
      const keyEnd = this.stringEnd(buffer, key, end);
      if (keyEnd < 0 || buffer[keyEnd + 1] !== COLON) return false;
      this.position = keyEnd + 2;
      if (!this.scanValue(buffer, key, keyEnd, end)) return false;
      position = this.position;
      const next = buffer[position];
      if (next === COMMA) position++;
      else return next === CLOSE && position + 1 === end;
    }
  }

  private scanValue(buffer: Buffer, key: number, keyEnd: number, end: number): boolean {
    const first = buffer[this.position];
    if (first === QUOTE) return this.scanString(buffer, key, keyEnd, end);
    if (first === OPEN) return same(buffer, key, keyEnd, EXT_FIELDS) && this.scanExtFields(buffer, end);
    const value = this.scanInteger(buffer);
    if (Number.isNaN(value)) return false;
    if (same(buffer, key, keyEnd, CODE)) this.code = value;
    else if (same(buffer, key, keyEnd, OPAQUE)) this.opaque = value;
    else if (same(buffer, key, keyEnd, FLAG)) this.flag = value;
    else if (same(buffer, key, keyEnd, VERSION)) this.version = value;
    else return false;
    return true;
  }

  private scanString(buffer: Buffer, key: number, keyEnd: number, end: number): boolean {
    const from = this.position + 1;
    const to = this.stringEnd(buffer, from, end);
    if (to < 0) return false;
    this.position = to + 1;
    if (same(buffer, key, keyEnd, LANGUAGE)) {
      if (!same(buffer, from, to, this.lastLanguage)) {
        this.lastLanguage = Uint8Array.from(buffer.subarray(from, Math.min(to, from + 16)));
        this.lastLanguageCode = languageCodeOf(buffer.toString('latin1', from, to));
      }
      this.language = this.lastLanguageCode;
      return true;
    }
    if (same(buffer, key, keyEnd, REMARK)) {
      this.remark = buffer.toString('utf8', from, to);
      return true;
    }
    return same(buffer, key, keyEnd, SERIALIZE_TYPE);
  }

  /** NaN: no plain int32. */
  private scanInteger(buffer: Buffer): number {
    let position = this.position;
    const negative = buffer[position] === 0x2d;
    if (negative) position++;
    const from = position;
    let value = 0;
    for (;;) {
      const digit = (buffer[position] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      position++;
    }
    if (position === from || position - from > 10) return Number.NaN;
    this.position = position;
    if (negative) value = -value;
    return value === (value | 0) ? value : Number.NaN;
  }

  /** Strings only, no escapes, no nesting: then the slice is what `JSON.parse` makes of it. */
  private scanExtFields(buffer: Buffer, end: number): boolean {
    const from = this.position;
    let position = from + 1;
    if (buffer[position] === CLOSE) {
      this.extFields = {};
      this.position = position + 1;
      return true;
    }
    for (;;) {
      position = this.plainString(buffer, position, end);
      if (position < 0 || buffer[position] !== COLON) return false;
      position = this.plainString(buffer, position + 1, end);
      if (position < 0) return false;
      const next = buffer[position++];
      if (next === CLOSE) break;
      if (next !== COMMA) return false;
    }
    try {
      this.extFields = JSON.parse(buffer.toString('utf8', from, position)) as ExtFields;
    } catch {
      // a control character in a string: the parse of the whole says where
      return false;
    }
    this.position = position;
    return true;
  }

  /** Where a quoted string at `at` is over, its closing quote included; −1 when none is there. */
  private plainString(buffer: Buffer, at: number, end: number): number {
    if (buffer[at] !== QUOTE) return -1;
    const close = this.stringEnd(buffer, at + 1, end);
    return close < 0 ? -1 : close + 1;
  }

  /** Where the closing quote is; −1 at an escape or at the end. */
  private stringEnd(buffer: Buffer, from: number, end: number): number {
    for (let position = from; position < end; position++) {
      const byte = buffer[position];
      if (byte === QUOTE) return position;
      if (byte === BACKSLASH) return -1;
    }
    return -1;
  }

  private parse(text: string): void {
    let header: unknown;
    try {
      header = JSON.parse(text);
      // an int64 among the ext fields has been rounded
      if (MAYBE_INT64.test(text)) header = parseTolerantJson(text);
    } catch (error) {
      throw new RemotingCodecError('the header is no JSON', { cause: error });
    }
    if (typeof header !== 'object' || header === null || Array.isArray(header)) {
      throw new RemotingCodecError('the header is no JSON object');
    }
    const fields = new Map(Object.entries(header));
    this.code = int32(fields, 'code') ?? 0;
    this.flag = int32(fields, 'flag') ?? 0;
    this.opaque = int32(fields, 'opaque') ?? 0;
    this.version = int32(fields, 'version');
    const language = fields.get('language');
    if (typeof language === 'string' || typeof language === 'number') this.language = languageCodeOf(language);
    this.remark = textOf(fields, 'remark');
    this.extFields = extFieldsOf(fields.get('extFields'));
  }
}

function int32(fields: ReadonlyMap<string, unknown>, name: string): number | undefined {
  const value = fields.get(name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || value !== (value | 0)) {
    throw new RemotingCodecError(`header field "${name}" is no 32-bit integer`);
  }
  return value;
}

function textOf(fields: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = fields.get(name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new RemotingCodecError(`header field "${name}" is no string`);
  return value;
}

/** Java takes numbers and booleans among the values too, and prints them when asked for a string. */
function extFieldsOf(value: unknown): ExtFields | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new RemotingCodecError('header field "extFields" is no object');
  }
  const entries: [string, string][] = [];
  for (const [key, each] of Object.entries(value)) {
    if (each === null) continue;
    if (typeof each === 'object') throw new RemotingCodecError(`ext field "${key.slice(0, 64)}" is no string`);
    entries.push([key, String(each)]);
  }
  // fromEntries defines own properties: a key "__proto__" stays data
  return Object.fromEntries(entries);
}
