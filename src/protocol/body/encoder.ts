import { Buffer } from 'node:buffer';
import { type JsonInput, stringifyTolerantJson } from './json-writer.js';

/**
 * The JSON of a body as bytes, its members in the order of the object.
 *
 * @throws RemotingCommandError when a value cannot be written.
 */
export function encodeBody(body: object): Buffer {
  return Buffer.from(stringifyTolerantJson(body as JsonInput));
}
