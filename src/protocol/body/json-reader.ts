import { RemotingCommandError } from '../../errors/remoting-errors.js';
import type { JsonKey, JsonMap, JsonObject, JsonValue } from './json-value.js';

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const INTEGER = /^-?\d+$/;
// an int64 has 19; reading a bigint is dear, and peers decide how many digits there are
const MAX_DIGITS = 64;
const LITERALS: readonly (readonly [string, JsonValue])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];

/**
 * The position of the quote that ends the text which begins with the quote at `start`.
 *
 * @returns -1 when nothing ends it.
 */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text[first - 1] === '\\') first--;
    if ((end - first) % 2 === 0) return end;
  }
  return -1;
}

/** Reads one document of fastjson's JSON by recursive descent, bounded by `maxDepth`. */
export class JsonReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
  ) {}

  /** @throws RemotingCommandError with the position of what is wrong. */
  document(): JsonValue {
    const value = this.value(0);
    if (this.next() !== undefined) throw this.unexpected('the end');
    return value;
  }

  private value(depth: number): JsonValue {
    const first = this.next();
    if (first === '"') return this.string();
    if (first === '{') return this.object(this.deeper(depth));
    if (first === '[') return this.array(this.deeper(depth));
    const number = this.match(NUMBER);
    if (number !== undefined) return this.number(number);
    for (const [name, value] of LITERALS) if (this.skip(name)) return value;
    throw this.unexpected('a value');
  }

  private object(depth: number): JsonObject | JsonMap {
    const object: JsonObject = {};
    let map: JsonMap | undefined;
    this.skip('{');
    if (this.next() === '}') this.skip('}');
    else {
      do {
        const key = this.key(depth);
        this.expect(':');
        const value = this.value(depth);
        if (typeof key !== 'string') map ??= new Map(Object.entries(object));
        if (map !== undefined) map.set(key, value);
        else if (typeof key === 'string') setOwn(object, key, value);
      } while (this.hasMore('}'));
    }
    return map ?? object;
  }

  private key(depth: number): JsonKey {
    const first = this.next();
    if (first === '"') return this.string();
    if (first === '{') return this.object(this.deeper(depth));
    if (first === '[') return this.array(this.deeper(depth));
    const number = this.match(NUMBER);
    if (number !== undefined) return number;
    for (const [name] of LITERALS) if (this.skip(name)) return name;
    throw this.unexpected('a key');
  }

  private array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.skip('[');
    if (this.next() === ']') this.skip(']');
    else {
      do array.push(this.value(depth));
      while (this.hasMore(']'));
    }
    return array;
  }

  private string(): string {
    const end = endOfString(this.text, this.at);
    if (end < 0) throw this.failure(`text that begins at position ${this.at} has no end`);
    try {
      const value: string = JSON.parse(this.text.slice(this.at, end + 1));
      this.at = end + 1;
      return value;
    } catch {
      throw this.failure(`text with a wrong escape or a control character at position ${this.at}`);
    }
  }

  private number(text: string): number | bigint {
    const value = Number(text);
    if (Number.isSafeInteger(value) || !INTEGER.test(text)) return value;
    if (text.length > MAX_DIGITS) throw this.failure(`integer of ${text.length} digits before position ${this.at}`);
    return BigInt(text);
  }

  private deeper(depth: number): number {
    if (depth >= this.maxDepth) throw this.failure(`nested deeper than ${this.maxDepth} at position ${this.at}`);
    return depth + 1;
  }

  private hasMore(end: string): boolean {
    const separator = this.next();
    if (separator !== ',' && separator !== end) throw this.unexpected(`"," or "${end}"`);
    this.skip(separator);
    return separator === ',';
  }

  private expect(character: string): void {
    if (this.next() !== character) throw this.unexpected(`"${character}"`);
    this.skip(character);
  }

  /** The next character that is no space, or `undefined` at the end. */
  private next(): string | undefined {
    this.match(SPACE);
    return this.text[this.at];
  }

  private skip(token: string): boolean {
    const found = this.text.startsWith(token, this.at);
    if (found) this.at += token.length;
    return found;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private unexpected(wanted: string): RemotingCommandError {
    const found = this.at < this.text.length ? JSON.stringify(this.text.slice(this.at, this.at + 16)) : 'the end';
    return this.failure(`expected ${wanted} at position ${this.at}, found ${found}`);
  }

  private failure(problem: string): RemotingCommandError {
    return new RemotingCommandError(`JSON: ${problem}`);
  }
}

/** As `JSON.parse` does: `__proto__` is a property like any other, and the last of two equal keys wins. */
function setOwn(object: JsonObject, key: string, value: JsonValue): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
