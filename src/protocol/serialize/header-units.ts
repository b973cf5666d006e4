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
 * @throws {RemotingCommandError} when the code is no int32 or an ext field no string: the peer could not read it
 */
export function headerUnits(command: RemotingCommand): number {
  const { code, remark, extFields } = command;
  if (code !== (code | 0)) throw new RemotingCommandError(`request or response code ${code} is no 32-bit integer`);
  let units = remark === undefined ? 0 : remark.length + 2;
  if (extFields === undefined) return units;
  for (const key in extFields) {
    const value: unknown = extFields[key];
    if (typeof value === 'string') units += key.length + value.length + 2;
    else if (value !== undefined && value !== null) throw notText(code, key, value);
  }
  return units;
}

function notText(requestCode: number, key: string, value: unknown): RemotingCommandError {
  const message = `ext field "${key}" is no string but a ${typeof value}. Convert it: ext fields are text.`;
  return new RemotingCommandError(message, { requestCode });
}
