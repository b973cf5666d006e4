import { afterEach, beforeEach } from '@jest/globals';
import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  RandomIdGenerator,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { ObservedRemoting } from '../../../../src/remoting/observed.js';
import { RocketMQTracing } from '../../../../src/tracing/rocketmq-tracing.js';
import type { RocketMQTracingOptions } from '../../../../src/tracing/rocketmq-tracing-options.js';
import { eventually } from '../../../helpers/eventually.js';

/** What a test asks of a span. */
export interface SeenSpan {
  readonly kind: 'CLIENT' | 'SERVER' | 'INTERNAL';
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Attributes;
  readonly failed: boolean;
  readonly message: string | undefined;
}

const randomIds = new RandomIdGenerator();

const KINDS = { [SpanKind.CLIENT]: 'CLIENT', [SpanKind.SERVER]: 'SERVER', [SpanKind.INTERNAL]: 'INTERNAL' } as const;

const seen = (span: ReadableSpan): SeenSpan => ({
  kind: KINDS[span.kind as keyof typeof KINDS],
  name: span.name,
  traceId: span.spanContext().traceId,
  spanId: span.spanContext().spanId,
  parentSpanId: span.parentSpanContext?.spanId,
  attributes: span.attributes,
  failed: span.status.code === SpanStatusCode.ERROR,
  message: span.status.message,
});

/** Tells how often each of its spans was ended. */
class CountingProvider implements TracerProvider {
  readonly ends = new Map<Span, number>();

  constructor(private readonly provider: TracerProvider) {}

  getTracer(name: string): Tracer {
    const tracer = this.provider.getTracer(name);
    const { ends } = this;
    return {
      startSpan(...args) {
        const span = tracer.startSpan(...args);
        ends.set(span, 0);
        const end = span.end.bind(span);
        span.end = time => {
          ends.set(span, (ends.get(span) ?? 0) + 1);
          end(time);
        };
        return span;
      },
      startActiveSpan: tracer.startActiveSpan.bind(tracer),
    };
  }
}

class CountingIds extends RandomIdGenerator {
  spans = 0;
  override generateSpanId = (): string => {
    this.spans++;
    return randomIds.generateSpanId();
  };
}

/** An OpenTelemetry SDK for the tests of a file. */
export class TestTracing {
  private exporter = new InMemorySpanExporter();
  private provider: BasicTracerProvider | undefined = undefined;
  private counting: CountingProvider | undefined = undefined;
  /** Makes ids, and tells how many spans had one made. */
  readonly ids = new CountingIds();

  /** @internal */
  begin(sampler?: Sampler): void {
    this.end();
    this.exporter = new InMemorySpanExporter();
    const spanProcessors = [new SimpleSpanProcessor(this.exporter)];
    const config = { spanProcessors, idGenerator: this.ids };
    this.provider = new BasicTracerProvider(sampler === undefined ? config : { ...config, sampler });
    this.counting = new CountingProvider(this.provider);
    trace.setGlobalTracerProvider(this.counting);
    this.beginWithoutTracer();
  }

  /** Begins again with the SDK's own tracers, of which our tracing knows more. */
  restartBare(sampler: Sampler): void {
    this.begin(sampler);
    trace.disable();
    if (this.provider !== undefined) trace.setGlobalTracerProvider(this.provider);
  }

  /** Propagator and context manager, but nothing that makes spans. */
  beginWithoutTracer(): void {
    const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()];
    propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  }

  /** Begins again with a sampler, or with no SDK at all. */
  restart(sampler?: Sampler): void {
    this.begin(sampler);
  }

  /** @internal */
  end(): void {
    trace.disable();
    propagation.disable();
    context.disable();
  }

  observe(options: Partial<RocketMQTracingOptions>, ...all: ObservedRemoting[]): RocketMQTracing {
    const tracing = new RocketMQTracing(options);
    for (const each of all) tracing.observe(each);
    return tracing;
  }

  /** Spans that have ended, in the order of their ends. */
  get spans(): SeenSpan[] {
    return this.exporter.getFinishedSpans().map(seen);
  }

  /** The ended spans once there are so many. */
  async ended(count: number): Promise<SeenSpan[]> {
    await eventually(() => this.spans.length >= count, `${count} spans, but ${this.spans.length}`);
    return this.spans;
  }

  /** The one ended span of a kind and, if given, a name. */
  async one(kind: SeenSpan['kind'], name?: string): Promise<SeenSpan> {
    const found = (): SeenSpan[] =>
      this.spans.filter(span => span.kind === kind && (name === undefined || span.name === name));
    await eventually(() => found().length > 0, `a ${kind} span ${name ?? ''}`);
    const [span, ...more] = found();
    if (span === undefined || more.length > 0) throw new Error(`${1 + more.length} ${kind} spans ${name ?? ''}`);
    return span;
  }

  /** How often each begun span was ended. */
  get ends(): number[] {
    return [...(this.counting?.ends.values() ?? [])];
  }
}

/** A fresh SDK that samples everything, for every test of the file. */
export function useTracing(): TestTracing {
  const tracing = new TestTracing();
  beforeEach(() => tracing.begin());
  afterEach(() => tracing.end());
  return tracing;
}

/** Runs something inside of a span of the application. */
export async function insideSpan<T>(name: string, run: () => Promise<T>): Promise<T> {
  const tracer = trace.getTracer('application');
  const span = tracer.startSpan(name);
  try {
    return await context.with(trace.setSpan(context.active(), span), run);
  } finally {
    span.end();
  }
}
