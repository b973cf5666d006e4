import { type Context, isSpanContextValid, type Span, trace, TraceFlags } from '@opentelemetry/api';
import { randomBytes } from 'node:crypto';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { extractContext } from './carrier.js';
import type { KnownDrops } from './known-drops.js';

const WEYL = 0x9e3779b9;
const TAIL_FROM = 0x10000000;
const TAIL_SIZE = 0xf0000000;

/** Ids of traces that nobody records: they differ, which is all that is asked of them. */
export class UnsampledIds {
  private readonly head = randomBytes(12).toString('hex');
  private readonly spanHead = this.head.slice(0, 8);
  private count = randomBytes(4).readUInt32BE();

  /** A span of a trace of its own. */
  next(): Span {
    this.count = (this.count + WEYL) >>> 0;
    const tail = (TAIL_FROM + (this.count % TAIL_SIZE)).toString(16);
    return trace.wrapSpanContext({
      traceId: this.head + tail,
      spanId: this.spanHead + tail,
      traceFlags: TraceFlags.NONE,
    });
  }
}

/**
 * The span that stands for a call below `parent` which is known not to be sampled, without asking the SDK: that of its
 * parent, or one of a new trace. `undefined`: the SDK is to be asked.
 */
export function unsampledSpan(drops: KnownDrops, parent: Context, ids: UnsampledIds): Span | undefined {
  const spanContext = trace.getSpanContext(parent);
  if (spanContext === undefined || !isSpanContextValid(spanContext)) {
    return drops.roots ? ids.next() : undefined;
  }
  // wrapped, for it is ended like one of ours
  if ((spanContext.traceFlags & TraceFlags.SAMPLED) === 0) {
    return drops.unsampled ? trace.wrapSpanContext(spanContext) : undefined;
  }
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
