import { Buffer } from 'node:buffer';
import { RemotingCommandError } from '../../errors/remoting-errors.js';
import { endOfString, JsonReader } from './json-reader.js';
import { type JsonLimits, type JsonValue, MAX_JSON_DEPTH, MAX_JSON_LENGTH } from './json-value.js';

/**
 * Reads JSON as fastjson writes it: standard JSON, keys without quotes (`{0:"a"}`, the key comes back as the text `0`)
 * and keys that are objects (the object comes back as a `Map`). An integer that a `number` cannot hold exactly comes
 * back as a `bigint`. `__proto__` is a key like any other.
 *
 * @throws RemotingCommandError with the position of what is wrong, or when a limit is exceeded.
 */
export function parseTolerantJson(json: string | Uint8Array, limits: JsonLimits = {}): JsonValue {
  const { maxLength = MAX_JSON_LENGTH, maxDepth = MAX_JSON_DEPTH } = limits;
  if (json.length > maxLength) {
    throw new RemotingCommandError(`JSON: ${json.length} long, more than the ${maxLength} allowed`);
  }
  const text = typeof json === 'string' ? json : Buffer.from(json.buffer, json.byteOffset, json.length).toString();
  if (isForStandardParser(text, maxDepth)) {
    try {
      const value: JsonValue = JSON.parse(text);
      return value;
    } catch {
      // not standard: the tolerant reader takes it, or says where it is wrong
    }
  }
  return new JsonReader(text, maxDepth).document();
}

const MAX_SAFE_DIGITS = 15;
const [QUOTE, ZERO, NINE] = [0x22, 0x30, 0x39];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Whether `JSON.parse` loses nothing: no number has digits enough to be rounded, and the depth is allowed. */
function isForStandardParser(text: string, maxDepth: number): boolean {
  let depth = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      if (++digits > MAX_SAFE_DIGITS) return false;
      continue;
    }
    digits = 0;
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (at < 0) return false;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (++depth > maxDepth) return false;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      depth--;
    }
  }
  return true;
}
