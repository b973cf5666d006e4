import { expect, test } from '@jest/globals';
import { context, propagation, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { type ExtFields, RemotingCommand } from '../../../src/protocol/remoting-command.js';
import type { RemotingClientOptions } from '../../../src/remoting/remoting-client-options.js';
import { ECHO, echo } from '../../helpers/echo.js';
import { useLoopback } from '../../helpers/loopback.js';
import { insideSpan, useTracing } from './support/tracing.js';

const loopback = useLoopback();
const tracing = useTracing();

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const USERS = `00-${TRACE}-00f067aa0ba902b7-01`;

/** Calls an echo and tells what ext fields arrived. */
const caller = async (options: Partial<RemotingClientOptions> = {}) => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client(options);
  tracing.observe({}, { role: 'client', name: 'c', remoting: client }, { role: 'server', name: 's', remoting: server });
  const send = async (request: RemotingCommand): Promise<ExtFields> => ({
    ...(await client.invokeSync(server.address, request)).extFields,
  });
  return { client, server, send };
};

const requestWith = (extFields?: ExtFields): RemotingCommand => new RemotingCommand({ code: ECHO, extFields });

test.each(['JSON', 'ROCKETMQ'] as const)(
  'the context travels beside the ext fields of the user, %s',
  async serializeType => {
    const { send } = await caller({ serializeType });
    const fields = Object.freeze({ tenant: 'a' });
    const arrived = await send(requestWith(fields));
    expect(arrived).toEqual({ tenant: 'a', traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) });
    expect(fields).toEqual({ tenant: 'a' });
  },
);

test('a traceparent of the user stays as it is, and the SERVER span is below it', async () => {
  const { send } = await caller();
  const request = requestWith({ traceparent: USERS });
  for (let n = 0; n < 2; n++) expect(await send(request)).toEqual({ traceparent: USERS });
  const served = (await tracing.ended(4)).filter(each => each.kind === 'SERVER');
  expect(served.map(each => each.traceId)).toEqual([TRACE, TRACE]);
});

test('a command that is sent again carries the context of its second call', async () => {
  const { send } = await caller();
  const request = requestWith({ tenant: 'a' });
  const first = await send(request);
  const second = await send(request);
  const [one, two] = (await tracing.ended(4)).filter(each => each.kind === 'CLIENT');
  expect(first['traceparent']).toContain(one?.spanId);
  expect(second['traceparent']).toContain(two?.spanId);
  // and a traceparent that the user sets on it meanwhile is the user's
  request.extFields = { ...request.extFields, traceparent: USERS };
  expect(await send(request)).toEqual({ tenant: 'a', traceparent: USERS });
});

test('one command on its way to two servers at the same time has a context for each', async () => {
  const [one, two] = [await caller(), await caller()];
  const request = requestWith();
  const arrived = await Promise.all([one.send(request), two.send(request)]);
  const sent = (await tracing.ended(4)).filter(each => each.kind === 'CLIENT').map(each => each.spanId);
  expect(new Set(arrived.map(each => each['traceparent']?.split('-')[2]))).toEqual(new Set(sent));
});

test('baggage travels too and is current in the handler', async () => {
  const { server, send } = await caller();
  let arrived: unknown;
  server.registerProcessor(ECHO, {
    processRequest() {
      arrived = propagation.getActiveBaggage()?.getEntry('tenant')?.value;
      return RemotingCommand.createResponseCommand(0);
    },
  });
  const baggage = propagation.createBaggage({ tenant: { value: 'a' } });
  await context.with(propagation.setBaggage(context.active(), baggage), () => send(requestWith()));
  expect(arrived).toBe('a');
});

test('without an SDK nothing is added and nothing breaks', async () => {
  tracing.end();
  const { send } = await caller();
  const request = requestWith();
  expect(await send(request)).toEqual({});
  expect(request.extFields).toBeUndefined();
  tracing.beginWithoutTracer();
  expect(await send(requestWith({ tenant: 'a' }))).toEqual({ tenant: 'a' });
});

test('an SDK that is started after the first call is found', async () => {
  tracing.end();
  const { send } = await caller();
  expect(await send(requestWith())).toEqual({});
  tracing.restart();
  expect(await send(requestWith())).toHaveProperty('traceparent');
  expect(await tracing.ended(2)).toHaveLength(2);
});

test('without a propagator nothing is added, and the header has no empty extFields', async () => {
  propagation.disable();
  const { send } = await caller();
  const request = requestWith();
  await send(request);
  expect(request.extFields).toBeUndefined();
  expect(await tracing.ended(2)).toHaveLength(2);
});

const samplers: readonly (readonly [string, Sampler])[] = [
  ['AlwaysOff', new AlwaysOffSampler()],
  ['ParentBased of AlwaysOff', new ParentBasedSampler({ root: new AlwaysOffSampler() })],
];

const notSampled = samplers.flatMap(([name, sampler]) => [
  [name, 'asked', sampler] as const,
  [name, 'known', sampler] as const,
]);

test.each(notSampled)('%s, %s: what is not sampled is propagated as such, all the way', async (_name, how, sampler) => {
  if (how === 'known') tracing.restartBare(sampler);
  else tracing.restart(sampler);
  const idsBefore = tracing.ids.spans;
  const inner = await caller();
  const outer = await caller();
  let below: ExtFields = {};
  let active: unknown;
  outer.server.registerProcessor(ECHO, {
    async processRequest(_channel, request) {
      active = trace.getActiveSpan()?.spanContext().traceId;
      below = await inner.send(requestWith());
      return RemotingCommand.createResponseCommand(0, undefined, undefined, request.extFields);
    },
  });
  const arrived = await outer.send(requestWith());
  expect(arrived).toEqual({ traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/) });
  const traceId = arrived['traceparent']?.split('-')[1];
  expect(below).toEqual({ traceparent: expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`)) });
  expect(active).toBe(traceId);
  const again = await outer.send(requestWith());
  expect(again['traceparent']).not.toContain(traceId);
  expect(tracing.spans).toEqual([]);
  // what is known needs no asking
  expect(tracing.ids.spans - idsBefore > 0).toBe(how === 'asked');
});

test('AlwaysOff does not sample below a caller that does', async () => {
  for (const restart of ['restart', 'restartBare'] as const) {
    tracing[restart](new AlwaysOffSampler());
    const { client, server } = await caller();
    server.registerProcessor(ECHO, {
      async processRequest(channel) {
        const { extFields } = await server.invokeSync(channel, requestWith());
        return RemotingCommand.createResponseCommand(0, undefined, undefined, extFields);
      },
    });
    client.registerProcessor(ECHO, echo);
    const { extFields } = await client.invokeSync(server.address, requestWith({ traceparent: USERS }));
    expect(extFields?.['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  }
});

test('a ratio of 0.5 at the root is one: what is known leaves the choice to the SDK', async () => {
  tracing.restartBare(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.5) }));
  const { send } = await caller();
  for (let n = 0; n < 60; n++) await send(requestWith());
  const { spans } = tracing;
  expect(spans.length).toBeGreaterThan(20);
  expect(spans.length).toBeLessThan(100);
  for (const kind of ['CLIENT', 'SERVER']) {
    expect(spans.filter(each => each.kind === kind)).toHaveLength(spans.length / 2);
  }
});

test('a caller that does not sample is followed by default, and not by a sampler that takes everything', async () => {
  const unsampled = `00-${TRACE}-00f067aa0ba902b7-00`;
  for (const [sampler, spans] of [
    [new ParentBasedSampler({ root: new AlwaysOnSampler() }), 0],
    [new AlwaysOnSampler(), 1],
  ] as const) {
    tracing.restart(sampler);
    const server = await loopback.server({}, { [ECHO]: echo });
    tracing.observe({}, { role: 'server', name: 's', remoting: server });
    const client = loopback.client();
    await client.invokeSync(server.address, requestWith({ traceparent: unsampled }));
    expect(tracing.spans.map(each => each.traceId)).toEqual(Array.from({ length: spans }, () => TRACE));
  }
});

test('a traceparent that is none begins a trace', async () => {
  const { server } = await caller();
  const client = loopback.client();
  for (const traceparent of ['', 'x', '00-0-0-01', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`]) {
    await client.invokeSync(server.address, requestWith({ traceparent }));
  }
  const spans = await tracing.ended(4);
  expect(spans.map(each => each.parentSpanId)).toEqual([undefined, undefined, undefined, undefined]);
});

test('calls made where tracing is suppressed have no spans', async () => {
  const { suppressTracing } = await import('@opentelemetry/core');
  const { send } = await caller();
  await insideSpan('exporter', async () => {
    const arrived = await context.with(suppressTracing(context.active()), () => send(requestWith()));
    expect(arrived).toEqual({});
  });
  const kinds = (await tracing.ended(2)).map(each => each.kind);
  expect(kinds).toEqual(['SERVER', 'INTERNAL']);
});
