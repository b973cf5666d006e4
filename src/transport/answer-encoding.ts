import { concatMap, type Observable } from 'rxjs';
import { RemotingCommand } from '../protocol/remoting-command.js';
import { ResponseCode } from '../protocol/response-codes.js';
import { encodeBody } from './body.js';
import type { HandlingEnvironment } from './handling.js';
import { RemotingRecord } from './remoting.record-builder.js';
import type { AnswerSerializer } from './server-remoting-options.js';

/** How values of handlers become responses: by the user's serializer, or as JSON and bytes. */
export function answerEncoding(
  serializer: AnswerSerializer | undefined,
): Pick<HandlingEnvironment, 'toResponse' | 'serialize' | 'serializeAll'> {
  if (serializer === undefined) return { toResponse, serialize: undefined, serializeAll: values => values };
  const serialize = async (value: unknown, pattern: string): Promise<RemotingCommand> =>
    toResponse(
      value instanceof RemotingCommand ? value : bodyOf(await serializer.serialize({ pattern, response: value })),
    );
  return {
    toResponse,
    serialize,
    serializeAll: (values: Observable<unknown>, pattern) => values.pipe(concatMap(value => serialize(value, pattern))),
  };
}

function toResponse(value: unknown): RemotingCommand {
  if (value instanceof RemotingCommand) return value;
  if (value instanceof SerializedBody) return withBody(value.body);
  if (!(value instanceof RemotingRecord)) return withBody(encodeBody(value));
  const response = toResponse(value.data);
  response.extFields = value.options.extFields;
  response.remark = value.options.remark;
  return response;
}

const withBody = (body: Uint8Array | string | undefined): RemotingCommand =>
  RemotingCommand.createResponseCommand(ResponseCode.SUCCESS, undefined, body);

/** Text or bytes that a serializer made: nothing is to be done to them. */
class SerializedBody {
  constructor(readonly body: Uint8Array | string) {}
}

/** Nest's own serializers give back the packet that they got: then its value is encoded as usual. */
function bodyOf(serialized: unknown): unknown {
  if (typeof serialized === 'string' || serialized instanceof Uint8Array) return new SerializedBody(serialized);
  if (typeof serialized === 'object' && serialized !== null && 'response' in serialized) return serialized.response;
  return serialized;
}
