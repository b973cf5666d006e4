import { expect, test } from '@jest/globals';
import { INVALID_SPAN_CONTEXT, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { knownDropsOf } from '../../../src/tracing/known-drops.js';
import { UnsampledIds, unsampledSpan } from '../../../src/tracing/unsampled.js';

const off = new AlwaysOffSampler();
const on = new AlwaysOnSampler();
const dropsOf = (sampler: Sampler) => knownDropsOf(new BasicTracerProvider({ sampler }).getTracer('test'));

test.each([
  ['off', off, { all: true, roots: true, unsampled: true }],
  ['on', on, { all: false, roots: false, unsampled: false }],
  ['ratio', new TraceIdRatioBasedSampler(0), { all: false, roots: false, unsampled: false }],
  ['parent, root off', new ParentBasedSampler({ root: off }), { all: false, roots: true, unsampled: true }],
  ['parent, root on', new ParentBasedSampler({ root: on }), { all: false, roots: false, unsampled: true }],
  [
    'parent, remote on',
    new ParentBasedSampler({ root: off, remoteParentNotSampled: on }),
    { all: false, roots: true, unsampled: false },
  ],
  [
    'parent in parent',
    new ParentBasedSampler({ root: new ParentBasedSampler({ root: off }), localParentNotSampled: on }),
    { all: false, roots: false, unsampled: false },
  ],
  [
    'named so',
    { shouldSample: () => off.shouldSample(), toString: () => 'NotAlwaysOffSampler' },
    { all: false, roots: false, unsampled: false },
  ],
])('%s', (_name, sampler, drops) => {
  expect(dropsOf(sampler)).toEqual(drops);
});

test('a tracer without a sampler is asked', () => {
  expect(knownDropsOf(trace.getTracer('test'))).toEqual({ all: false, roots: false, unsampled: false });
});

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const below = (traceFlags: number) =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: '00f067aa0ba902b7', traceFlags });

test('what is known not to be sampled: as its parent, or a trace of its own', () => {
  const ids = new UnsampledIds();
  const parentBased = dropsOf(new ParentBasedSampler({ root: off }));
  const asIs = { traceId: TRACE, spanId: '00f067aa0ba902b7', traceFlags: 0 };
  expect(unsampledSpan(parentBased, below(0), ids)?.spanContext()).toEqual(asIs);
  expect(unsampledSpan(parentBased, below(1), ids)).toBeUndefined();
  expect(unsampledSpan(dropsOf(off), below(1), ids)?.spanContext()).toEqual(asIs);
  expect(unsampledSpan(dropsOf(on), below(0), ids)).toBeUndefined();
  expect(unsampledSpan(dropsOf(on), ROOT_CONTEXT, ids)).toBeUndefined();
  const invalid = trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT);
  expect(unsampledSpan(parentBased, invalid, ids)?.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
});

test('ids are valid and differ', () => {
  const ids = new UnsampledIds();
  const made = Array.from({ length: 1000 }, () => ids.next().spanContext());
  expect(made.every(each => trace.isSpanContextValid(each))).toBe(true);
  expect(new Set(made.map(each => each.traceId)).size).toBe(1000);
  expect(new Set(made.map(each => each.spanId)).size).toBe(1000);
});
