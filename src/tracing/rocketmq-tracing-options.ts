import type { TracerProvider } from '@opentelemetry/api';
import { aFunction, anObject, type Checks, namesByCode, resolveOptions, trueOrFalse } from '../errors/options.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';

/** Options of {@link RocketMQTracing}. */
export interface RocketMQTracingOptions {
  /** Whether heartbeats, route polls, pulls and the like get spans too. @default false */
  traceInternalCalls: boolean;
  /** Names of one's own request codes: `{ 20001: 'ECHO' }`. @default none */
  requestCodes: Readonly<Record<number, string>>;
  /** Requests for which it returns `true` get no span, and carry no context on. @default none */
  ignore: ((request: RemotingCommand) => boolean) | undefined;
  /** Where tracers come from. @default the global provider */
  tracerProvider: TracerProvider | undefined;
}

const defaults: RocketMQTracingOptions = Object.freeze({
  traceInternalCalls: false,
  requestCodes: Object.freeze({}),
  ignore: undefined,
  tracerProvider: undefined,
});

const checks: Checks<RocketMQTracingOptions> = {
  traceInternalCalls: trueOrFalse,
  requestCodes: namesByCode,
  ignore: aFunction,
  tracerProvider: anObject,
};

/**
 * Fills in what is not given.
 *
 * @throws {OptionsError} naming all faults at once
 */
export function resolveTracingOptions(given?: Partial<RocketMQTracingOptions>): Readonly<RocketMQTracingOptions> {
  return resolveOptions('RocketMQTracing options', checks, defaults, given);
}
