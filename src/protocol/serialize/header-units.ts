import { RemotingCommandError } from '../../errors/remoting-errors.js';
import type { RemotingCommand } from '../remoting-command.js';

/** Most bytes of a header that are neither remark nor ext fields. */
export const MOST_FIXED_HEADER_BYTES = 200;
/** Most bytes that a unit of {@link headerUnits} may need: JSON's \\uXXXX. */
export const MOST_BYTES_A_UNIT = 6;

/**
 * Size of what varies in a header: UTF-16 units of remark and ext fields and two for each text. In either form it takes
 * at least so many bytes and at most six times as many.
 *
 * @throws {RemotingCommandError} when the code is no int32, or remark or ext field no string: the peer could not read it
 */
export function headerUnits(command: RemotingCommand): number {
  const { code, extFields } = command;
  const remark: unknown = command.remark;
  if (code !== (code | 0)) throw new RemotingCommandError(`request or response code ${code} is no 32-bit integer`);
  let units = 0;
  if (typeof remark === 'string') units = remark.length + 2;
  else if (remark !== undefined) throw notSendable(code, 'the remark', 'no string', remark);
  if (extFields === undefined) return units;
  for (const key in extFields) {
    const value: unknown = extFields[key];
    if (typeof value === 'string') units += key.length + value.length + 2;
    else if (value !== undefined && value !== null) throw notSendable(code, `ext field "${key}"`, 'no string', value);
  }
  return units;
}

/** @internal The error for a part of a command that has the wrong type, which only code without types can give it. */
export function notSendable(requestCode: number, what: string, must: string, value: unknown): RemotingCommandError {
  const is = value === null ? 'null' : `of type ${typeof value}`;
  return new RemotingCommandError(`${what} is ${must} but ${is}. Convert it.`, { requestCode });
}
