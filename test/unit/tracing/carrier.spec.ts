import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { type ExtFields, RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { extractContext, injectContext } from '../../../src/tracing/carrier.js';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const spanContext = (spanId: string) => ({
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId,
  traceFlags: 1,
});
const contextOf = (spanId = '00f067aa0ba902b7') => trace.setSpanContext(ROOT_CONTEXT, spanContext(spanId));
/** What goes out: the fields by name. */
const sent = ({ extFields = {} }: RemotingCommand) => Object.fromEntries(Object.entries(extFields));
const requestWith = (extFields?: ExtFields) => new RemotingCommand({ code: 20001, extFields });

beforeEach(() => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
afterEach(() => propagation.disable());

test('what is injected can be extracted', () => {
  const request = requestWith();
  injectContext(contextOf(), request);
  expect(sent(request)).toEqual({ traceparent: TRACEPARENT });
  expect(trace.getSpanContext(extractContext(request))).toEqual({ ...spanContext('00f067aa0ba902b7'), isRemote: true });
});

test('the object of the user is left alone', () => {
  const fields = Object.freeze({ tenant: 'a' });
  const request = requestWith(fields);
  injectContext(contextOf(), request);
  expect(sent(request)).toEqual({ tenant: 'a', traceparent: TRACEPARENT });
  expect(Object.keys(fields)).toEqual(['tenant']);
});

test('a traceparent of the user wins, an injected one does not', () => {
  const users = requestWith({ traceparent: 'mine' });
  injectContext(contextOf(), users);
  expect(sent(users)).toEqual({ traceparent: 'mine' });
  const request = requestWith({ tenant: 'a' });
  injectContext(contextOf(), request);
  injectContext(contextOf('1111111111111111'), request);
  expect(sent(request)).toEqual({
    tenant: 'a',
    traceparent: TRACEPARENT.replace('00f067aa0ba902b7', '1'.repeat(16)),
  });
});

test('what is injected is known as such in a copy, also of a command', () => {
  const request = requestWith();
  injectContext(contextOf(), request);
  const copy = requestWith({ ...request.extFields, tenant: 'b' });
  injectContext(contextOf('1111111111111111'), copy);
  expect(sent(copy)).toEqual({ tenant: 'b', traceparent: TRACEPARENT.replace('00f067aa0ba902b7', '1'.repeat(16)) });
});

test('the user may take an injected field over, or add one', () => {
  const request = requestWith();
  injectContext(contextOf(), request);
  if (request.extFields !== undefined) request.extFields['traceparent'] = 'mine';
  injectContext(contextOf(), request);
  expect(sent(request)).toEqual({ traceparent: 'mine' });
});

test('nothing to inject adds nothing', () => {
  const request = requestWith();
  injectContext(ROOT_CONTEXT, request);
  expect(request.extFields).toBeUndefined();
  const filled = requestWith({ tenant: 'a' });
  injectContext(ROOT_CONTEXT, filled);
  expect(sent(filled)).toEqual({ tenant: 'a' });
});

test('no field is read from a prototype', () => {
  expect(extractContext(requestWith(Object.create({ traceparent: TRACEPARENT }) as ExtFields))).toBe(ROOT_CONTEXT);
  expect(extractContext(requestWith())).toBe(ROOT_CONTEXT);
});

test('what marks injected fields is on no wire', () => {
  const request = requestWith();
  injectContext(contextOf(), request);
  const keys: string[] = [];
  for (const key in request.extFields) keys.push(key);
  expect(keys).toEqual(['traceparent']);
  expect(JSON.stringify(request.extFields)).toBe(JSON.stringify({ traceparent: TRACEPARENT }));
});
