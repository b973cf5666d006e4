import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { RocketMQError } from '../errors/rocketmq-error.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { NEST_PATTERN, PATTERN_FIELD } from '../protocol/reserved-codes.js';
import type { Channel } from '../remoting/channel.js';
import { addressAttributes } from './address-attributes.js';
import { OTHER_METHOD, spanAttributes } from './span-names.js';

const LONGEST_PATTERN = 256;

/** How a call or a request ended, as its span tells it. */
export interface SpanEnding {
  readonly method: string;
  readonly request: RemotingCommand;
  readonly response: RemotingCommand | undefined;
  /** `error.type`; `undefined`: it went well. */
  readonly errorType: string | undefined;
  /** Our own words on it: never a remark, a body or an ext field, which may hold what is not to be stored. */
  readonly message?: string | undefined;
  readonly channel: Channel | undefined;
}

/** `error.type` of an error: the code of ours, the class of others. */
export const errorTypeOf = (error: Error): string =>
  error instanceof RocketMQError ? error.code : error.constructor.name;

/** Sets what is known at the end on a span that records. */
export function describeEnding(span: Span, ending: SpanEnding): void {
  const { method, request, response, errorType, message, channel } = ending;
  const { RPC_METHOD_ORIGINAL, RPC_STATUS_CODE, ERROR_TYPE, REMOTING_PATTERN } = spanAttributes;
  const { NETWORK_PEER_ADDRESS, NETWORK_PEER_PORT } = spanAttributes;
  if (method === OTHER_METHOD) span.setAttribute(RPC_METHOD_ORIGINAL.key, String(request.code));
  if (request.code === NEST_PATTERN) {
    const pattern = request.extFields?.[PATTERN_FIELD];
    if (pattern !== undefined) span.setAttribute(REMOTING_PATTERN.key, pattern.slice(0, LONGEST_PATTERN));
  }
  if (channel !== undefined) {
    span.setAttributes(addressAttributes(channel.remoteAddress, NETWORK_PEER_ADDRESS.key, NETWORK_PEER_PORT.key));
  }
  if (response !== undefined) span.setAttribute(RPC_STATUS_CODE.key, String(response.code));
  if (errorType === undefined) return;
  span.setAttribute(ERROR_TYPE.key, errorType);
  span.setStatus(message === undefined ? { code: SpanStatusCode.ERROR } : { code: SpanStatusCode.ERROR, message });
}
