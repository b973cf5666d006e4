import { RemotingCommandError } from '../../errors/remoting-errors.js';
import { MAX_JSON_DEPTH } from './json-value.js';

/**
 * What can be written. A `Map` is written as an object: keys that are numbers without quotes, keys that are objects
 * as objects, both as fastjson does. Properties that are `undefined` are left out.
 */
export type JsonInput =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonInput[]
  | { readonly [key: string]: JsonInput | undefined }
  | ReadonlyMap<JsonInputKey, JsonInput>;

/** A key of a map to be written. */
export type JsonInputKey = string | number | bigint | object;

/**
 * Writes JSON as fastjson reads it in every release: 5.5.0 refuses object keys that are escaped into text, so they
 * are written as objects.
 *
 * @throws RemotingCommandError when a value cannot be written, or is nested deeper than 128 (a cycle is).
 */
export function stringifyTolerantJson(value: JsonInput): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw new RemotingCommandError(`JSON: a ${typeof value} cannot be written`);
  if (depth >= MAX_JSON_DEPTH) throw new RemotingCommandError(`JSON: nested deeper than ${MAX_JSON_DEPTH}`);
  const inner = (each: unknown) => write(each, depth + 1);
  if (Array.isArray(value)) return `[${value.map(inner).join(',')}]`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const members = entries.filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${inner(key)}:${inner(member)}`).join(',')}}`;
}
