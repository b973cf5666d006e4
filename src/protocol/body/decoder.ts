import { RemotingCommandError } from '../../errors/remoting-errors.js';
import type { JsonLimits } from './json-value.js';
import { parseTolerantJson } from './tolerant-json.js';

/** Checks a value that was read and gives it its type; `path` names it in errors. */
export type Decoder<T> = (value: unknown, path: string) => T;

/** Text. */
export const text: Decoder<string> = (value, path) => (typeof value === 'string' ? value : fail(path, 'text', value));

/** An integer that a `number` holds exactly. */
export const integer: Decoder<number> = (value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : fail(path, 'an integer', value);

/** `true` or `false`. */
export const flag: Decoder<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : fail(path, 'true or false', value);

/** Takes `fallback` for what is missing or `null`, as a Java field keeps its initial value. */
export function orElse<T, F>(decode: Decoder<T>, fallback: F): Decoder<T | F> {
  return (value, path) => (value === undefined || value === null ? fallback : decode(value, path));
}

/** An array of values of one type. */
export function listOf<T>(decode: Decoder<T>): Decoder<T[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((each, index) => decode(each, `${path}[${index}]`))
      : fail(path, 'an array', value);
}

/** An object as a table: any keys, values of one type. */
export function tableOf<T>(decode: Decoder<T>): Decoder<Record<string, T>> {
  return (value, path) => {
    const entries = Object.entries(members(value, path));
    return Object.fromEntries(entries.map(([key, each]) => [key, decode(each, `${path}.${key}`)]));
  };
}

/** An object with known members; others are ignored. */
export function objectOf<T extends object>(decoders: { readonly [K in keyof T]-?: Decoder<T[K]> }): Decoder<T>;
export function objectOf(decoders: Readonly<Record<string, Decoder<unknown>>>): Decoder<object> {
  const known = Object.entries(decoders);
  return (value, path) => {
    const object = members(value, path);
    const read = (name: string) => (Object.hasOwn(object, name) ? object[name] : undefined);
    const decoded = known.map(([name, decode]) => [name, decode(read(name), `${path}.${name}`)] as const);
    return Object.fromEntries(decoded.filter(([, each]) => each !== undefined));
  };
}

/**
 * Decodes the JSON body of a command.
 *
 * @param name what the body is, for errors
 * @throws RemotingCommandError when the body is no such JSON; it names what is wrong, and where.
 */
export function decodeBody<T>(name: string, decode: Decoder<T>, body: Uint8Array, limits?: JsonLimits): T {
  return decode(parseNamed(name, body, limits), name);
}

function parseNamed(name: string, body: Uint8Array, limits: JsonLimits | undefined): unknown {
  try {
    return parseTolerantJson(body, limits);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new RemotingCommandError(`${name}: ${problem}`, { cause });
  }
}

function members(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map) {
    return fail(path, 'an object', value);
  }
  return Object.fromEntries(Object.entries(value));
}

function fail(path: string, wanted: string, value: unknown): never {
  const got = value === undefined ? 'nothing' : value === null ? 'null' : typeof value;
  throw new RemotingCommandError(`${path} must be ${wanted}, got ${got}`);
}
