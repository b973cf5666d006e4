import { expect, test } from '@jest/globals';
import { createContextKey, INVALID_SPAN_CONTEXT, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { SpanScope } from '../../../src/tracing/span-scope.js';

const KEY = createContextKey('test');
const span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const other = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const parent = trace.setSpan(ROOT_CONTEXT.setValue(KEY, 1), other);
const scope = new SpanScope(parent, span);

test('is the context that trace.setSpan would make', () => {
  expect(trace.getSpan(scope)).toBe(span);
  expect(scope.getValue(KEY)).toBe(1);
  expect(scope.getValue(createContextKey('none'))).toBeUndefined();
});

test('what is derived from it is a context of its own', () => {
  const derived = scope.setValue(KEY, 2);
  expect([derived.getValue(KEY), scope.getValue(KEY), parent.getValue(KEY)]).toEqual([2, 1, 1]);
  expect(trace.getSpan(derived)).toBe(span);
  expect(trace.getSpan(trace.setSpan(scope, other))).toBe(other);
  expect(trace.getSpan(trace.deleteSpan(scope))).toBeUndefined();
  expect(scope.deleteValue(KEY).getValue(KEY)).toBeUndefined();
  expect(trace.getSpan(scope)).toBe(span);
});
