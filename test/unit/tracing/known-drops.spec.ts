import { expect, test } from '@jest/globals';
import { INVALID_SPAN_CONTEXT, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { parseTraceParent, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { propagatesW3C } from '../../../src/tracing/carrier.js';
import { knownDropsOf } from '../../../src/tracing/known-drops.js';
import { UnsampledRoots, unsampledSpan } from '../../../src/tracing/unsampled.js';

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

test('what is known not to be sampled is as its parent', () => {
  const parentBased = dropsOf(new ParentBasedSampler({ root: off }));
  const asIs = { traceId: TRACE, spanId: '00f067aa0ba902b7', traceFlags: 0 };
  expect(unsampledSpan(parentBased, below(0))?.spanContext()).toEqual(asIs);
  expect(unsampledSpan(parentBased, below(1))).toBeUndefined();
  expect(unsampledSpan(dropsOf(off), below(1))?.spanContext()).toEqual(asIs);
  expect(unsampledSpan(dropsOf(on), below(0))).toBeUndefined();
  expect(unsampledSpan(dropsOf(off), ROOT_CONTEXT)).toBeUndefined();
  expect(unsampledSpan(dropsOf(off), trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT))).toBeUndefined();
});

test('roots that are not sampled are valid and differ', () => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const roots = new UnsampledRoots();
  const made = Array.from({ length: 1000 }, () => parseTraceParent(roots.traceparent() ?? ''));
  expect(made.every(each => each !== null && trace.isSpanContextValid(each) && each.traceFlags === 0)).toBe(true);
  expect(new Set(made.map(each => each?.traceId)).size).toBe(1000);
  expect(new Set(made.map(each => each?.spanId)).size).toBe(1000);
  propagation.disable();
});

test.each([
  [[], false],
  [['traceparent', 'tracestate'], true],
  [['traceparent', 'tracestate', 'baggage'], true],
  [['b3'], false],
  [['traceparent', 'b3'], false],
])('a propagator of %j is W3C’s: %s', (fields, isW3C) => {
  propagation.setGlobalPropagator({ inject: () => undefined, extract: context => context, fields: () => fields });
  expect(propagatesW3C()).toBe(isW3C);
  propagation.disable();
});
