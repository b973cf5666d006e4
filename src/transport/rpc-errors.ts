import { RpcException } from '@nestjs/microservices';
import { AbortProcessError, MQBrokerError } from '../errors/response-errors.js';
import { messageOf } from '../errors/message-of.js';
import { RocketMQError } from '../errors/rocketmq-error.js';
import { RemotingCommand } from '../protocol/remoting-command.js';
import { ResponseCode } from '../protocol/response-codes.js';

const INTERNAL_ERROR = 'Internal server error';
const PLAIN_KEYS = new Set(['code', 'message', 'status', 'address', 'requestCode']);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * What a handler failed with, as a response. `RpcException({ code, message })` becomes response code and remark; what
 * else it holds goes into the body, for our client. Anything that is no RPC error is SYSTEM_ERROR and tells nothing,
 * unless `exposeErrors`.
 */
export function errorResponse(error: unknown, exposeErrors: boolean): RemotingCommand {
  if (error instanceof AbortProcessError) {
    return RemotingCommand.createResponseCommand(error.responseCode, error.remark);
  }
  const told = error instanceof RpcException ? error.getError() : error;
  if (told instanceof Error) {
    const remark = exposeErrors ? String(told) : INTERNAL_ERROR;
    return RemotingCommand.createResponseCommand(ResponseCode.SYSTEM_ERROR, remark);
  }
  if (!isObject(told)) return RemotingCommand.createResponseCommand(ResponseCode.SYSTEM_ERROR, String(told));
  const { code, message } = told;
  const remark = typeof message === 'string' ? message : (jsonOf(told) ?? INTERNAL_ERROR);
  const isCode = typeof code === 'number' && code === (code | 0) && code !== 0;
  return RemotingCommand.createResponseCommand(
    isCode ? code : ResponseCode.SYSTEM_ERROR,
    remark,
    isPlain(told, isCode) ? undefined : jsonOf(withoutOrigin(told)),
  );
}

/** Whether code and remark tell all of it. */
function isPlain(told: Readonly<Record<string, unknown>>, isCode: boolean): boolean {
  if ((told['code'] !== undefined && !isCode) || (told['status'] ?? 'error') !== 'error') return false;
  return Object.keys(told).every(key => PLAIN_KEYS.has(key));
}

/** A call that failed further down names its peer: that is nobody's business up here. */
function withoutOrigin(told: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(told).filter(([key]) => key !== 'address' && key !== 'requestCode'));
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** What `RpcException.getError()` of a failed call holds. */
export interface RemotingRpcError {
  /**
   * Response code of the peer, or the text that its handler gave as `code`; the code of a {@link RocketMQError} where
   * there was no answer.
   */
  code: number | string;
  message: string;
  /** Peer as `host:port`. */
  address?: string | undefined;
  requestCode?: number | undefined;
}

/** A call that failed, as Nest's callers see it: `getError()` is a {@link RemotingRpcError}, `cause` the error itself. */
export function rpcExceptionOf(error: unknown): RpcException {
  if (error instanceof RpcException) return error;
  if (!(error instanceof RocketMQError)) {
    return withCause(
      new RpcException({ code: 'RMQ_CLIENT', message: messageOf(error) } satisfies RemotingRpcError),
      error,
    );
  }
  const { message, address, requestCode } = error;
  const code = error instanceof MQBrokerError ? error.responseCode : error.code;
  return withCause(new RpcException({ code, message, address, requestCode } satisfies RemotingRpcError), error);
}

/** An answer that is an error, as Nest's callers see it. */
export function rpcExceptionOfResponse(
  response: RemotingCommand,
  address: string | undefined,
  requestCode: number,
): RpcException {
  const { code: responseCode, remark } = response;
  const message = remark ?? `the peer answered with code ${responseCode}`;
  const cause = new MQBrokerError(message, { responseCode, remark, address, requestCode });
  const details = detailsOf(response);
  const code =
    responseCode === ResponseCode.SYSTEM_ERROR && typeof details.code === 'string' ? details.code : responseCode;
  const told = { ...details, code, message, address, requestCode };
  return withCause(new RpcException(told), cause);
}

/** What our server put beside code and remark. */
function detailsOf(response: RemotingCommand): { code?: unknown } {
  if (response.firstBodyByte !== 0x7b) return {};
  try {
    const details: unknown = JSON.parse(response.bodyText);
    return isObject(details) ? details : {};
  } catch {
    // the body of an error is anybody's own affair
    return {};
  }
}

function withCause(exception: RpcException, cause: unknown): RpcException {
  exception.cause = cause;
  return exception;
}
