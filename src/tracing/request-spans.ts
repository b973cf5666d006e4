import { context, INVALID_TRACEID, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { ResponseCode } from '../protocol/response-codes.js';
import type { RequestTask } from '../remoting/request-task.js';
import type { RequestHook } from '../remoting/rpc-hook.js';
import { addressAttributes } from './address-attributes.js';
import type { SpanEnvironment } from './call-spans.js';
import { extractContext } from './carrier.js';
import { describeEnding, errorTypeOf } from './end-span.js';
import { spanAttributes } from './span-names.js';
import { SpanScope } from './span-scope.js';
import { SpanShapes } from './span-shapes.js';
import { UnsampledRequest, unsampledSpan } from './unsampled.js';

/** SERVER spans: one a request, from its arrival to its end, with its wait for a free place and what refuses it. */
export class RequestSpans implements RequestHook {
  private readonly shapes: SpanShapes;

  constructor(private readonly environment: SpanEnvironment) {
    this.shapes = new SpanShapes(SpanKind.SERVER, environment.remotingName);
  }

  onRequestReceived(task: RequestTask): void {
    const { source, methods, departure } = this.environment;
    const { tracer } = source;
    const { request, channel } = task;
    if (tracer === undefined || departure.leaving || this.environment.skips(request)) return;
    if (source.drops.all) {
      if (request.extFields !== undefined) task.context = new UnsampledRequest(request);
      return;
    }
    // never what is current here: sockets may have been opened inside of some other call
    const parent = extractContext(request);
    const { name, options } = this.shapes.of(methods.of(request.code), channel.localAddress);
    const span = unsampledSpan(source.drops, parent) ?? tracer.startSpan(name, options, parent);
    if (span.spanContext().traceId === INVALID_TRACEID) return;
    departure.begun();
    task.context = new SpanScope(parent, span);
  }

  aroundRequest(task: RequestTask, next: () => void): void {
    const scope = task.context;
    // a request that waited is run by the end of another one, whose context is none of its own
    if (scope instanceof SpanScope || scope instanceof UnsampledRequest) context.with(scope, next);
    else if (context.active() === ROOT_CONTEXT) next();
    else context.with(ROOT_CONTEXT, next);
  }

  onRequestFinished(task: RequestTask): void {
    const scope = task.context;
    if (!(scope instanceof SpanScope)) return;
    task.context = undefined;
    const { span } = scope;
    if (span.isRecording()) {
      const { CLIENT_ADDRESS, CLIENT_PORT } = spanAttributes;
      const { request, channel } = task;
      const response = task.isOneway ? undefined : task.response;
      const method = this.environment.methods.of(request.code);
      span.setAttributes(addressAttributes(channel.remoteAddress, CLIENT_ADDRESS.key, CLIENT_PORT.key));
      describeEnding(span, { method, request, response, errorType: failureOf(task), channel });
    }
    span.end();
    this.environment.departure.ended();
  }
}

/** The class of what a processor threw says more than the SYSTEM_ERROR that stands for it. */
function failureOf({ outcome, error, response }: RequestTask): string | undefined {
  // who leaves a stream has had enough of it
  if (outcome === 'success' || outcome === 'aborted') return undefined;
  if (response !== undefined && response.code !== ResponseCode.SYSTEM_ERROR) return String(response.code);
  return error instanceof Error ? errorTypeOf(error) : String(response?.code ?? outcome);
}
