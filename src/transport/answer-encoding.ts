import { concatMap, type Observable } from 'rxjs';
import { RemotingCommand } from '../protocol/remoting-command.js';
import { ResponseCode } from '../protocol/response-codes.js';
import { encodeBody } from './body.js';
import type { HandlingEnvironment } from './handling.js';
import { RemotingRecord } from './remoting.record-builder.js';
import type { AnswerSerializer } from './server-remoting-options.js';

type AnswerEncoding = Pick<HandlingEnvironment, 'toResponse' | 'serialize' | 'serializeAll'>;

/**
 * How values of handlers become responses: by the user's serializer, or as JSON and bytes.
 *
 * @param unanswerable makes the error of a value that no response can be made of
 */
export function answerEncoding(
  serializer: AnswerSerializer | undefined,
  unanswerable: (pattern: string, error: unknown) => Error,
): AnswerEncoding {
  const toResponse = (value: unknown, pattern: string): RemotingCommand => {
    try {
      return responseOf(value);
    } catch (error) {
      throw unanswerable(pattern, error);
    }
  };
  if (serializer === undefined) return { toResponse, serialize: undefined, serializeAll: values => values };
  const serialize = async (value: unknown, pattern: string): Promise<RemotingCommand> => {
    try {
      return await serialized(serializer, value, pattern);
    } catch (error) {
      throw unanswerable(pattern, error);
    }
  };
  return {
    toResponse,
    serialize,
    serializeAll: (values: Observable<unknown>, pattern) => values.pipe(concatMap(value => serialize(value, pattern))),
  };
}

async function serialized(serializer: AnswerSerializer, value: unknown, pattern: string): Promise<RemotingCommand> {
  if (value instanceof RemotingCommand) return value;
  if (value instanceof RemotingRecord) {
    return withOptions(await serialized(serializer, value.data, pattern), value);
  }
  return responseOf(bodyOf(await serializer.serialize({ pattern, response: value })));
}

function responseOf(value: unknown): RemotingCommand {
  if (value instanceof RemotingCommand) return value;
  if (value instanceof SerializedBody) return withBody(value.body);
  return value instanceof RemotingRecord ? withOptions(responseOf(value.data), value) : withBody(encodeBody(value));
}

function withOptions(response: RemotingCommand, { options }: RemotingRecord): RemotingCommand {
  const { extFields, remark } = options;
  if (extFields !== undefined) response.extFields = { ...response.extFields, ...extFields };
  if (remark !== undefined) response.remark = remark;
  return response;
}

const withBody = (body: Uint8Array | string | undefined): RemotingCommand =>
  RemotingCommand.createResponseCommand(ResponseCode.SUCCESS, undefined, body);

/** Text or bytes that a serializer made: nothing is to be done to them. */
class SerializedBody {
  constructor(readonly body: Uint8Array | string) {}
}

/** Nest's own serializers give back the packet that they got: then its value is encoded as usual. */
function bodyOf(made: unknown): unknown {
  if (typeof made === 'string' || made instanceof Uint8Array) return new SerializedBody(made);
  if (typeof made === 'object' && made !== null && 'response' in made) return made.response;
  return made;
}
