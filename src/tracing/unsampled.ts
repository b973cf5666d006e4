import { type Context, isSpanContextValid, type Span, trace, TraceFlags } from '@opentelemetry/api';
import { randomBytes } from 'node:crypto';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { extractContext, propagatesW3C } from './carrier.js';
import type { KnownDrops } from './known-drops.js';

// steps of the golden ratio: numbers that follow each other are far apart
const STEP = 0x9e3779b9;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = (byte: number): string => HEX[byte & 0xff] ?? '';

/**
 * The `traceparent` of traces that nobody records, without asking the SDK: they differ, which is all that is asked of
 * their ids.
 */
export class UnsampledRoots {
  private readonly head: string;
  private readonly middle: string;
  private count: number;
  private isW3C: boolean | undefined = undefined;

  constructor() {
    const ids = randomBytes(20);
    this.head = `00-${ids.toString('hex', 0, 12)}`;
    this.middle = `-${ids.toString('hex', 12, 16)}`;
    this.count = ids.readInt32BE(16);
  }

  /** `undefined` where the global propagator is another than W3C's, which alone knows how to say it. */
  traceparent(): string | undefined {
    if (!(this.isW3C ??= propagatesW3C())) return undefined;
    const count = (this.count + STEP) | 0;
    this.count = count;
    const tail = hex(count >> 24) + hex(count >> 16) + hex(count >> 8) + hex(count);
    return `${this.head}${tail}${this.middle}${tail}-00`;
  }
}

/**
 * The span that stands for a call below `parent` which is known not to be sampled: that of its parent, without asking
 * the SDK. `undefined`: the SDK is to be asked.
 */
export function unsampledSpan(drops: KnownDrops, parent: Context): Span | undefined {
  if (!drops.unsampled) return undefined;
  const spanContext = trace.getSpanContext(parent);
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined;
  // wrapped, for it is ended like one of ours
  if ((spanContext.traceFlags & TraceFlags.SAMPLED) === 0) return trace.wrapSpanContext(spanContext);
  return drops.all ? trace.wrapSpanContext({ ...spanContext, traceFlags: TraceFlags.NONE }) : undefined;
}

/**
 * The context of a request of which it is known, before it is looked at, that it is not sampled. What came with it is
 * read when somebody asks: most handlers make no calls.
 */
export class UnsampledRequest implements Context {
  private found: Context | undefined = undefined;

  constructor(private readonly request: RemotingCommand) {}

  private get context(): Context {
    return (this.found ??= extractContext(this.request));
  }

  getValue(key: symbol): unknown {
    return this.context.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.context.setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.context.deleteValue(key);
  }
}
