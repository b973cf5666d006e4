import { expect, test } from '@jest/globals';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { setImmediate as turn } from 'node:timers/promises';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import type { RemotingClient } from '../../../src/remoting/remoting-client.js';
import type { RemotingServer } from '../../../src/remoting/remoting-server.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { useLoopback } from '../../helpers/loopback.js';
import { insideSpan, useTracing } from './support/tracing.js';

const loopback = useLoopback();
const tracing = useTracing();

const asClient = (remoting: RemotingClient, name = 'c') => ({ role: 'client', name, remoting }) as const;
const asServer = (remoting: RemotingServer, name = 's') => ({ role: 'server', name, remoting }) as const;
const ok = (body?: string): RemotingCommand => RemotingCommand.createResponseCommand(0, undefined, body);

test('a call is a CLIENT span and its request a SERVER span below it', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  tracing.observe({ requestCodes: { [ECHO]: 'ECHO' } }, asClient(client, 'orders'), asServer(server, 'shop'));
  const response = await client.invokeSync(server.address, echoRequest('hello'));
  const [sent, served] = [await tracing.one('CLIENT'), await tracing.one('SERVER')];
  const port = server.localListenPort();
  const [channel] = server.channels;
  const clientPort = Number(channel?.remoteAddress.split(':')[1]);
  expect(sent).toMatchObject({ name: 'ECHO', failed: false, message: undefined, parentSpanId: undefined });
  expect(sent.attributes).toEqual({
    'rpc.system.name': 'rocketmq',
    'rpc.method': 'ECHO',
    'rpc.status_code': '0',
    'server.address': '127.0.0.1',
    'server.port': port,
    'network.peer.address': '127.0.0.1',
    'network.peer.port': port,
    'rocketmq.remoting.name': 'orders',
  });
  expect(served).toMatchObject({ name: 'ECHO', failed: false, traceId: sent.traceId, parentSpanId: sent.spanId });
  expect(served.attributes).toEqual({
    'rpc.system.name': 'rocketmq',
    'rpc.method': 'ECHO',
    'rpc.status_code': '0',
    'server.address': '127.0.0.1',
    'server.port': port,
    'client.address': '127.0.0.1',
    'client.port': clientPort,
    'network.peer.address': '127.0.0.1',
    'network.peer.port': clientPort,
    'rocketmq.remoting.name': 'shop',
  });
  // the header that the server saw, which echo sent back
  expect(response.extFields?.['traceparent']).toBe(`00-${sent.traceId}-${sent.spanId}-01`);
});

test('one trace through caller, handler and the calls that it makes, whatever it awaits', async () => {
  const inner = await loopback.server({}, { 20002: { processRequest: () => ok() } });
  const client = loopback.client();
  const outer = await loopback.server(
    {},
    {
      [ECHO]: {
        async processRequest() {
          await turn();
          await client.invokeSync(inner.address, new RemotingCommand({ code: 20002 }));
          await turn();
          await client.invokeOneway(inner.address, new RemotingCommand({ code: 20002 }));
          return ok();
        },
      },
    },
  );
  tracing.observe({}, asClient(client), asServer(inner, 'inner'), asServer(outer, 'outer'));
  await insideSpan('work', () => client.invokeSync(outer.address, echoRequest()));
  const spans = await tracing.ended(7);
  const work = spans.find(each => each.name === 'work');
  const called = spans.find(each => each.parentSpanId === work?.spanId);
  const handled = spans.find(each => each.parentSpanId === called?.spanId);
  const below = spans.filter(each => each.parentSpanId === handled?.spanId);
  const innermost = spans.filter(each => below.some(({ spanId }) => spanId === each.parentSpanId));
  expect(new Set(spans.map(each => each.traceId)).size).toBe(1);
  expect([called?.kind, handled?.kind, handled?.attributes['rocketmq.remoting.name']]).toEqual([
    'CLIENT',
    'SERVER',
    'outer',
  ]);
  expect(below.map(each => [each.kind, each.name])).toEqual([
    ['CLIENT', '20002'],
    ['CLIENT', '20002'],
  ]);
  expect(innermost.map(each => each.attributes['rocketmq.remoting.name'])).toEqual(['inner', 'inner']);
});

test('requests of one chunk keep each its own context while they take turns', async () => {
  const inner = await loopback.server({}, { 20002: { processRequest: () => ok() } });
  const client = loopback.client();
  const server = await loopback.server(
    {},
    {
      [ECHO]: {
        async processRequest(_channel, request) {
          for (let n = 0; n < 3; n++) await turn();
          await client.invokeSync(inner.address, new RemotingCommand({ code: 20002 }));
          return ok(request.bodyText);
        },
      },
    },
  );
  server.dispatcher.registerProcessor(ECHO, server.getProcessorPair(ECHO)?.processor ?? echo, { concurrency: 3 });
  tracing.observe({}, asClient(client), asServer(server));
  const peer = await loopback.rawClient(server.localListenPort());
  const traceIds = Array.from({ length: 20 }, (_, n) => (n + 1).toString(16).padStart(32, 'a'));
  const { frameOf } = await import('../../helpers/raw-peer.js');
  const frames = traceIds.map((traceId, n) =>
    frameOf({ code: ECHO, opaque: n + 1, extFields: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } }),
  );
  peer.send(Buffer.concat(frames));
  await peer.take(20);
  const spans = await tracing.ended(40);
  const served = spans.filter(each => each.kind === 'SERVER');
  expect(served.map(each => each.traceId).toSorted()).toEqual(traceIds.toSorted());
  for (const each of served) {
    expect(each.parentSpanId).toBe('00f067aa0ba902b7');
    const below = spans.filter(span => span.parentSpanId === each.spanId);
    expect(below.map(span => span.traceId)).toEqual([each.traceId]);
  }
});

test('a oneway call has both spans', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  tracing.observe({}, asClient(client), asServer(server));
  await client.invokeOneway(server.address, echoRequest());
  const [sent, served] = [await tracing.one('CLIENT'), await tracing.one('SERVER')];
  expect(served.parentSpanId).toBe(sent.spanId);
  expect(sent.failed).toBe(false);
  expect(sent.attributes).not.toHaveProperty(['rpc.status_code']);
});

test('a server that calls its client back goes on with the trace', async () => {
  const client = loopback.client();
  client.registerProcessor(20002, { processRequest: () => ok() });
  const server = await loopback.server();
  server.registerProcessor(ECHO, {
    async processRequest(channel) {
      await server.invokeSync(channel, new RemotingCommand({ code: 20002 }));
      return ok();
    },
  });
  tracing.observe({}, asClient(client), asServer(server));
  await client.invokeSync(server.address, echoRequest());
  const spans = await tracing.ended(4);
  const back = spans.filter(each => each.name === '20002');
  const handled = spans.find(each => each.kind === 'SERVER' && each.name === String(ECHO));
  expect(back.map(each => each.kind)).toEqual(['SERVER', 'CLIENT']);
  expect(back[1]?.parentSpanId).toBe(handled?.spanId);
  expect(back[0]?.parentSpanId).toBe(back[1]?.spanId);
  expect(new Set(spans.map(each => each.traceId)).size).toBe(1);
});

test('a connection carries nothing of the call that opened it', async () => {
  const currents: unknown[] = [];
  const seeContext = {
    processRequest() {
      currents.push(context.active() === ROOT_CONTEXT ? 'root' : trace.getActiveSpan()?.spanContext().spanId);
      return ok();
    },
  };
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  client.registerProcessor(20002, seeContext);
  client.registerProcessor(40, seeContext);
  tracing.observe({}, asClient(client));
  await insideSpan('opener', () => client.invokeSync(server.address, echoRequest()));
  const [channel] = server.channels;
  if (channel === undefined) throw new Error('no channel');
  await server.invokeSync(channel, new RemotingCommand({ code: 20002 }));
  await server.invokeSync(channel, new RemotingCommand({ code: 40 }));
  const asked = await tracing.one('SERVER');
  const opener = await tracing.one('INTERNAL');
  expect(asked.traceId).not.toBe(opener.traceId);
  expect(asked.parentSpanId).toBeUndefined();
  // an internal request has no span and runs in none
  expect(currents).toEqual([asked.spanId, 'root']);
});

test('a callback outside of any span does not run in the span whose call opened the connection', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  tracing.observe({}, asClient(client));
  await insideSpan('opener', () => client.invokeSync(server.address, echoRequest()));
  const current = await new Promise(resolve => {
    const answer = (): void => resolve(trace.getActiveSpan());
    client.invokeAsync(server.address, echoRequest(), 1000, { operationSucceed: answer, operationFail: answer });
  });
  expect(current).toBeUndefined();
});

test('the callback of a call runs where the call was made', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  tracing.observe({}, asClient(client));
  await client.invokeSync(server.address, echoRequest());
  await insideSpan('work', async () => {
    await new Promise<void>((resolve, reject) => {
      client.invokeAsync(server.address, echoRequest(), 1000, {
        operationFail: reject,
        operationSucceed: () => {
          client.invokeAsync('127.0.0.1:1', echoRequest(), 1000, {
            operationSucceed: reject,
            operationFail: () => {
              client.invokeSync(server.address, echoRequest()).then(() => resolve(), reject);
            },
          });
        },
      });
    });
  });
  const work = await tracing.one('INTERNAL');
  const below = tracing.spans.filter(each => each.parentSpanId === work.spanId);
  expect(below.map(each => each.failed)).toEqual([false, true, false]);
});

test('internal calls and ignored ones have no spans and carry no context', async () => {
  const fields: unknown[] = [];
  const keep = {
    processRequest(_channel: unknown, request: RemotingCommand) {
      fields.push(request.extFields);
      return ok();
    },
  };
  const server = await loopback.server({}, { 34: keep, 20009: keep, [ECHO]: keep });
  const client = loopback.client();
  tracing.observe({ ignore: request => request.code === 20009 }, asClient(client), asServer(server));
  for (const code of [34, 20009, ECHO]) await client.invokeSync(server.address, new RemotingCommand({ code }));
  const spans = await tracing.ended(2);
  expect(spans.map(each => each.name)).toEqual([String(ECHO), String(ECHO)]);
  expect(fields).toEqual([undefined, undefined, { traceparent: expect.any(String) }]);
});

test('internal calls have spans when they are asked for', async () => {
  const server = await loopback.server({}, { 34: { processRequest: () => ok() } });
  const client = loopback.client();
  tracing.observe({ traceInternalCalls: true }, asClient(client), asServer(server));
  await client.invokeSync(server.address, new RemotingCommand({ code: 34 }));
  expect((await tracing.ended(2)).map(each => each.name)).toEqual(['HEART_BEAT', 'HEART_BEAT']);
});

test('ext fields, bodies and remarks are on no span', async () => {
  const server = await loopback.server(
    {},
    {
      [ECHO]: {
        processRequest: () => RemotingCommand.createResponseCommand(16, 'remark s3cret', 's3cret', { k: 's3cret' }),
      },
      20002: {
        processRequest: () => {
          throw new Error('thrown s3cret');
        },
      },
    },
  );
  const client = loopback.client();
  tracing.observe({}, asClient(client), asServer(server));
  for (const code of [ECHO, 20002, 999]) {
    const extFields = { AccessKey: 's3cret', Signature: 's3cret', pattern: 's3cret' };
    await client.invokeSync(server.address, new RemotingCommand({ code, extFields, body: 's3cret', remark: 's3cret' }));
  }
  const spans = await tracing.ended(6);
  expect(spans).toHaveLength(6);
  expect(JSON.stringify(spans)).not.toContain('s3cret');
});

test('what is observed twice is traced once; after the stop what is under way still ends', async () => {
  let answer: (() => void) | undefined;
  const server = await loopback.server(
    {},
    {
      [ECHO]: {
        processRequest: () =>
          new Promise(resolve => {
            answer = () => resolve(ok());
          }),
      },
      20002: { processRequest: () => ok() },
    },
  );
  const client = loopback.client();
  const first = tracing.observe({}, asClient(client), asClient(client), asServer(server));
  tracing.observe({}, asClient(client), asServer(server));
  const call = client.invokeSync(server.address, echoRequest());
  await new Promise<void>(resolve => {
    const look = (): void => void (answer === undefined ? setImmediate(look) : resolve());
    look();
  });
  first.stop();
  await client.invokeSync(server.address, new RemotingCommand({ code: 20002 }));
  expect(tracing.spans).toEqual([]);
  answer?.();
  await call;
  expect((await tracing.ended(2)).map(each => each.kind)).toEqual(['SERVER', 'CLIENT']);
  expect(tracing.ends).toEqual([1, 1]);
  for (const { core } of [client, server]) {
    expect([core.hooks.rpcHooks, core.hooks.callHooks, core.hooks.requestHooks]).toEqual([[], [], []]);
  }
});
