import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { type Checks, oneOf, OptionsError, resolveOptions, trueOrFalse, wholeNumber } from '../errors/options.js';
import { requestCodes } from '../protocol/requests/index.js';
import { DEFAULT_QUEUE } from '../remoting/request-processor.js';
import { type BodyMode, bodyModes } from './body.js';
import { REMOTING, requestCodeOf } from './remoting.constants.js';

/** How requests of one code are served. */
export interface RequestCodeOptions {
  /** What becomes of the body. @default 'auto' */
  body: BodyMode;
  /** Requests that run at the same time. @default Number.MAX_SAFE_INTEGER */
  concurrency: number;
  /** Requests that wait for one that runs; more are answered SYSTEM_BUSY. @default 10000 */
  queue: number;
  /** Milliseconds after which the caller is answered SYSTEM_ERROR; 0: never. @default 0 */
  timeoutMs: number;
  /** Whether it is an event: it runs beside other event handlers of the code and its result is dropped. @default false */
  event: boolean;
}

const defaults: RequestCodeOptions = Object.freeze({
  body: 'auto',
  concurrency: Number.MAX_SAFE_INTEGER,
  queue: DEFAULT_QUEUE,
  timeoutMs: 0,
  event: false,
});

const checks: Checks<RequestCodeOptions> = {
  body: oneOf(...bodyModes),
  concurrency: wholeNumber(1),
  queue: wholeNumber(0),
  timeoutMs: wholeNumber(0, 2_147_483_647),
  event: trueOrFalse,
};

/** Key of {@link RequestCodeOptions} among the extras of a handler. */
const REQUEST_CODE_OPTIONS = 'nestjs-rocketmq/request-code';

/** @internal Options that a handler was decorated with, or the defaults. */
export function requestCodeOptionsOf(extras: Record<string, unknown> | undefined): Readonly<RequestCodeOptions> {
  return (extras?.[REQUEST_CODE_OPTIONS] as RequestCodeOptions | undefined) ?? defaults;
}

const isCode = (value: number): boolean => requestCodeOf(String(value)) !== undefined;

function requestCode(code: number | readonly number[], options?: Partial<RequestCodeOptions>): MethodDecorator {
  const codes = typeof code === 'number' ? [code] : [...code];
  if (codes.length === 0 || !codes.every(isCode)) {
    throw new OptionsError('@RequestCode', ['must name request codes: whole numbers of 32 bits']);
  }
  const resolved = resolveOptions(`@RequestCode(${codes.join(', ')})`, checks, defaults, options);
  const extras = { [REQUEST_CODE_OPTIONS]: resolved };
  // a plain MethodDecorator: Nest 12 types EventPattern in a way that refuses handlers with a typed context
  return resolved.event ? EventPattern(codes, REMOTING, extras) : MessagePattern(codes, REMOTING, extras);
}

/**
 * Serves request codes with a method of a controller; also the table of RocketMQ's codes.
 *
 * @example
 * @RequestCode(RequestCode.PULL_MESSAGE, { concurrency: 64 })
 * pull(@Payload() body: Buffer, @Ctx() context: RemotingContext) {}
 *
 * @throws {OptionsError} naming all wrong options. Source of the codes: Java `RequestCode`.
 */
export const RequestCode: typeof requestCode & typeof requestCodes = Object.assign(requestCode, requestCodes);
