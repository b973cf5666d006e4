import { RemotingCommandError } from '../errors/remoting-errors.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';

/**
 * What becomes of a received body. `auto`: JSON where its first byte allows it and it parses, else the bytes; `json`:
 * JSON or an error; `text`: UTF-8 text; `buffer`: the bytes. No body is `undefined`, whatever the mode.
 */
export const bodyModes = ['auto', 'json', 'text', 'buffer'] as const;
/** A member of {@link bodyModes}. */
export type BodyMode = (typeof bodyModes)[number];

// a look at the first byte costs nothing, a thrown SyntaxError 3 µs
const MAY_BEGIN_JSON = new Uint8Array(256);
for (const byte of Buffer.from(' \t\r\n"-0123456789[{tfn')) MAY_BEGIN_JSON[byte] = 1;

/**
 * The body of a command as a value.
 *
 * @throws {RemotingCommandError} when the mode is `json` and it is none
 */
export function decodeBody(command: RemotingCommand, mode: BodyMode): unknown {
  const first = command.firstBodyByte;
  if (first < 0) return undefined;
  if (mode === 'buffer') return command.body;
  if (mode === 'text') return command.bodyText;
  if (mode === 'auto' && MAY_BEGIN_JSON[first] === 0) return command.body;
  try {
    return JSON.parse(command.bodyText);
  } catch (error) {
    if (mode === 'auto') return command.body;
    throw new RemotingCommandError('the body is no JSON', { cause: error });
  }
}

/** A value as a body: bytes as they are, `undefined` as no body, anything else as JSON. */
export function encodeBody(value: unknown): Uint8Array | string | undefined {
  return value instanceof Uint8Array ? value : JSON.stringify(value);
}
