import { USER_CODES_FROM, USER_CODES_TO } from '../protocol/reserved-codes.js';
import type { ObservedRemoting } from '../remoting/observed.js';
import { CallSpans, type SpanEnvironment } from './call-spans.js';
import { Departure } from './departure.js';
import { internalCodes } from './internal-codes.js';
import { firstOf, MethodNames } from './method-names.js';
import { RequestSpans } from './request-spans.js';
import { resolveTracingOptions, type RocketMQTracingOptions } from './rocketmq-tracing-options.js';
import { TracerSource } from './tracer-source.js';

/** Codes without a name that calls are named by; a program that relays whatever it is sent may come by more. */
const MOST_UNNAMED_CODES = 200;

/**
 * OpenTelemetry spans of remoting calls: a CLIENT span for each call, a SERVER span for each request, the context
 * between them in the ext fields. `docs/tracing.md` lists what they say. Without an SDK nothing is done.
 *
 * @example
 * const tracing = new RocketMQTracing({ requestCodes: { 20001: 'ECHO' } });
 * tracing.observe({ role: 'client', name: 'orders', remoting: client });
 */
export class RocketMQTracing {
  private readonly options: Readonly<RocketMQTracingOptions>;
  private readonly source: TracerSource;
  private readonly stops = new Map<ObservedRemoting['remoting'], () => void>();

  /** @throws {OptionsError} naming all wrong options */
  constructor(options?: Partial<RocketMQTracingOptions>) {
    this.options = resolveTracingOptions(options);
    this.source = new TracerSource(this.options.tracerProvider);
  }

  /**
   * Makes spans for a client or server, both for what it calls and for what it serves. One that is observed already,
   * by this or another instance, stays as it is.
   *
   * @returns stops it: no span begins after that, those under way still end
   */
  observe({ name, remoting }: ObservedRemoting): () => void {
    const { hooks } = remoting.core;
    const observedBefore = this.stops.get(remoting);
    if (observedBefore !== undefined) return observedBefore;
    if (hooks.callHooks.some(hook => hook instanceof CallSpans)) return () => undefined;
    const leavers: (() => void)[] = [];
    const departure = new Departure(() => {
      for (const leave of leavers) leave();
      this.stops.delete(remoting);
    });
    const environment = {
      source: this.source,
      departure,
      remotingName: name,
      skips: this.skips,
    } satisfies Partial<SpanEnvironment>;
    const { requestCodes } = this.options;
    const ownCodes = firstOf(MOST_UNNAMED_CODES, USER_CODES_FROM, USER_CODES_TO);
    const calls = new CallSpans({ ...environment, methods: new MethodNames(requestCodes, ownCodes) });
    const isServed = (code: number): boolean => remoting.dispatcher.processorTable.has(code);
    const requests = new RequestSpans({ ...environment, methods: new MethodNames(requestCodes, isServed) });
    hooks.registerRPCHook(calls);
    leavers.push(
      () => hooks.unregisterRPCHook(calls),
      hooks.registerCallHook(calls),
      hooks.registerRequestHook(requests),
    );
    const stop = (): void => departure.ask();
    this.stops.set(remoting, stop);
    return stop;
  }

  /** Stops for all that is observed, as what {@link observe} returns does. */
  stop(): void {
    for (const stop of this.stops.values()) stop();
  }

  private readonly skips: SpanEnvironment['skips'] = request => {
    const { traceInternalCalls, ignore } = this.options;
    return (!traceInternalCalls && internalCodes.has(request.code)) || (ignore !== undefined && ignore(request));
  };
}
