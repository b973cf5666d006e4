import { context, type Context, INVALID_TRACEID, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { type InvokeCallback, KIND, type ResponseFuture } from '../remoting/response-future.js';
import type { CallHook, RPCHook } from '../remoting/rpc-hook.js';
import { addressAttributes } from './address-attributes.js';
import { injectContext, injectTraceparent } from './carrier.js';
import type { Departure } from './departure.js';
import { describeEnding } from './end-span.js';
import type { MethodNames } from './method-names.js';
import { spanAttributes } from './span-names.js';
import { SpanScope } from './span-scope.js';
import { SpanShapes } from './span-shapes.js';
import type { TracerSource } from './tracer-source.js';
import { unsampledSpan } from './unsampled.js';

/** What makes spans of either kind works with. */
export interface SpanEnvironment {
  readonly source: TracerSource;
  readonly methods: MethodNames;
  readonly departure: Departure;
  /** Name of the client or server. */
  readonly remotingName: string;
  /** Whether a request gets no span. */
  skips(request: RemotingCommand): boolean;
}

/** CLIENT spans: one a call, from its begin to its end, connecting, waiting and sending again included. */
export class CallSpans implements CallHook, RPCHook {
  private readonly shapes: SpanShapes;

  constructor(private readonly environment: SpanEnvironment) {
    this.shapes = new SpanShapes(SpanKind.CLIENT, environment.remotingName);
  }

  onCallBegun(call: ResponseFuture): void {
    const { source, methods, departure } = this.environment;
    const { tracer } = source;
    if (tracer === undefined || departure.leaving || this.environment.skips(call.request)) return;
    const parent = context.active();
    if (parent === ROOT_CONTEXT && source.drops.roots) {
      const traceparent = source.unsampledRoots.traceparent();
      if (traceparent !== undefined) {
        call.context = traceparent;
        return;
      }
    }
    const { name, options } = this.shapes.of(methods.of(call.request.code), call.address ?? '');
    const span = unsampledSpan(source.drops, parent) ?? tracer.startSpan(name, options, parent);
    if (span.spanContext().traceId === INVALID_TRACEID) return;
    departure.begun();
    call.context = new SpanScope(parent, span);
    // a Promise finds its way back by itself
    if (call.kindIndex === KIND.ASYNC && parent !== ROOT_CONTEXT) call.callback = inContext(parent, call.callback);
  }

  doBeforeRequest(_remoteAddress: string, request: RemotingCommand, call?: ResponseFuture): void {
    const scope = call?.context;
    if (scope instanceof SpanScope) injectContext(scope, request);
    else if (typeof scope === 'string') injectTraceparent(scope, request);
  }

  onCallFinished(call: ResponseFuture): void {
    const scope = call.context;
    if (!(scope instanceof SpanScope)) return;
    call.context = undefined;
    const { span } = scope;
    if (span.isRecording()) {
      const { request, response, error, channel, outcome, address, target } = call;
      if (typeof target !== 'string' && address !== undefined) {
        const { SERVER_ADDRESS, SERVER_PORT } = spanAttributes;
        span.setAttributes(addressAttributes(address, SERVER_ADDRESS.key, SERVER_PORT.key));
      }
      const method = this.environment.methods.of(request.code);
      const refused = outcome === 'error' ? String(response?.code) : undefined;
      const errorType = error?.code ?? refused;
      describeEnding(span, { method, request, response, errorType, message: error?.message, channel });
    }
    span.end();
    this.environment.departure.ended();
  }
}

/** A callback that runs where its call was made, as what comes after an `await` does. */
function inContext(active: Context, callback: InvokeCallback): InvokeCallback {
  const bound: InvokeCallback = {
    operationSucceed: response => context.with(active, () => callback.operationSucceed(response)),
    operationFail: error => context.with(active, () => callback.operationFail(error)),
  };
  if (callback.operationNext !== undefined) {
    bound.operationNext = response => context.with(active, () => callback.operationNext?.(response));
  }
  return bound;
}
