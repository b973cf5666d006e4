import { expect, test } from '@jest/globals';
import { AbortProcessError } from '../../../src/errors/response-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { ResponseCode } from '../../../src/protocol/response-codes.js';
import type { RemotingClientOptions } from '../../../src/remoting/remoting-client-options.js';
import type { RemotingServerOptions } from '../../../src/remoting/remoting-server-options.js';
import type { AnyRequestProcessor } from '../../../src/remoting/request-processor.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { RecordingLogger } from '../../helpers/recording-logger.js';
import { useLoopback } from '../../helpers/loopback.js';
import { useTracing } from './support/tracing.js';

const loopback = useLoopback();
const tracing = useTracing();
const logger = new RecordingLogger();

const clientOf = (options: Partial<RemotingClientOptions> = {}) => {
  const client = loopback.client({ logger, ...options });
  tracing.observe({}, { role: 'client', name: 'c', remoting: client });
  return client;
};

const serverOf = async (
  processors: Readonly<Record<number, AnyRequestProcessor>>,
  options: Partial<RemotingServerOptions> = {},
) => {
  const server = await loopback.server({ logger, ...options }, processors);
  tracing.observe({}, { role: 'server', name: 's', remoting: server });
  return server;
};

/** The CLIENT span of a call that failed here. */
const failedHere = async (errorType: string) => {
  const span = await tracing.one('CLIENT');
  expect(span.failed).toBe(true);
  expect(span.attributes['error.type']).toBe(errorType);
  expect(span.attributes).not.toHaveProperty(['rpc.status_code']);
  expect(tracing.ends).toEqual([1]);
  return span;
};

test('no answer in time', async () => {
  const raw = await loopback.rawServer();
  await expect(clientOf().invokeSync(raw.address, echoRequest(), 30)).rejects.toThrow('timeout');
  const span = await failedHere('RMQ_REMOTING_TIMEOUT');
  expect(span.message).toContain('wait response on the channel');
  expect(span.attributes['network.peer.port']).toBe(raw.port);
});

test('no connection', async () => {
  const port = await loopback.closedPort();
  await expect(clientOf().invokeSync(`127.0.0.1:${port}`, echoRequest())).rejects.toThrow('connect');
  const span = await failedHere('RMQ_REMOTING_CONNECT');
  expect(span.attributes['server.port']).toBe(port);
  expect(span.attributes).not.toHaveProperty(['network.peer.address']);
});

test('an address that is none', async () => {
  await expect(clientOf().invokeSync('nonsense', echoRequest())).rejects.toThrow('nonsense');
  const span = await failedHere('RMQ_REMOTING_CONNECT');
  expect(span.attributes['server.address']).toBe('nonsense');
});

test('no name server; the one that answers is named at the end', async () => {
  const client = clientOf();
  await expect(client.invokeSync(null, echoRequest())).rejects.toThrow();
  const span = await failedHere('RMQ_REMOTING_CONNECT');
  expect(span.attributes).not.toHaveProperty(['server.address']);
  const server = await loopback.server({}, { [ECHO]: echo });
  client.updateNameServerAddressList([server.address]);
  await client.invokeSync(null, echoRequest());
  expect(tracing.spans[1]?.attributes).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': server.localListenPort(),
  });
});

test('cancelled by its caller, before or while it waits', async () => {
  const raw = await loopback.rawServer();
  const client = clientOf();
  const before = client.invokeSync(raw.address, echoRequest(), 1000, { signal: AbortSignal.abort() });
  await expect(before).rejects.toThrow('aborted');
  await failedHere('RMQ_REMOTING_ABORTED');
  const abort = new AbortController();
  const call = client.invokeSync(raw.address, echoRequest(), 1000, { signal: abort.signal });
  await (await raw.peer()).next();
  abort.abort();
  await expect(call).rejects.toThrow('aborted');
  expect(tracing.ends).toEqual([1, 1]);
});

test('no permit free', async () => {
  const raw = await loopback.rawServer();
  const client = clientOf({ permitsAsync: 1 });
  const first = client.invokeSync(raw.address, echoRequest(), 1000);
  const peer = await raw.peer();
  const request = await peer.next();
  await expect(client.invokeSync(raw.address, echoRequest(), 0)).rejects.toThrow('too fast');
  expect((await tracing.one('CLIENT')).attributes['error.type']).toBe('RMQ_REMOTING_TOO_MUCH_REQUEST');
  peer.answer(request);
  await first;
  expect(tracing.ends).toEqual([1, 1]);
});

test('the connection is gone', async () => {
  const raw = await loopback.rawServer();
  const call = clientOf().invokeSync(raw.address, echoRequest(), 1000);
  const peer = await raw.peer();
  await peer.next();
  peer.reset();
  await expect(call).rejects.toThrow('closed before the answer');
  await failedHere('RMQ_REMOTING_SEND_REQUEST');
});

test('shut down meanwhile', async () => {
  const raw = await loopback.rawServer();
  const client = clientOf();
  const call = client.invokeSync(raw.address, echoRequest(), 1000);
  await (await raw.peer()).next();
  await Promise.all([expect(call).rejects.toThrow('shut down'), client.shutdown()]);
  await failedHere('RMQ_REMOTING_STATE');
});

test('sent once more after GO_AWAY: one CLIENT span, the same context in both frames', async () => {
  const raw = await loopback.rawServer();
  const call = clientOf().invokeSync(raw.address, echoRequest(), 1000);
  const first = await raw.peer();
  const request = await first.next();
  first.answer(request, { code: ResponseCode.GO_AWAY });
  const second = await raw.peer();
  const again = await second.next();
  second.answer(again);
  await call;
  const span = await tracing.one('CLIENT');
  expect([request, again].map(each => each.extFields?.['traceparent'])).toEqual([
    `00-${span.traceId}-${span.spanId}-01`,
    `00-${span.traceId}-${span.spanId}-01`,
  ]);
  expect(span.failed).toBe(false);
  expect(tracing.ends).toEqual([1]);
});

/** Error types of the CLIENT and the SERVER span of one call that is answered with an error. */
const bothFailed = async (processor: AnyRequestProcessor | undefined, options?: Partial<RemotingServerOptions>) => {
  const server = await serverOf(processor === undefined ? {} : { [ECHO]: processor }, options);
  const response = await clientOf().invokeSync(server.address, echoRequest());
  const [sent, served] = [await tracing.one('CLIENT'), await tracing.one('SERVER')];
  expect(served.parentSpanId).toBe(sent.spanId);
  expect([sent.failed, served.failed]).toEqual([true, true]);
  for (const span of [sent, served]) expect(span.attributes['rpc.status_code']).toBe(String(response.code));
  expect(tracing.ends).toEqual([1, 1]);
  return [sent.attributes['error.type'], served.attributes['error.type']];
};

const noSuchOrder = (): RemotingCommand => RemotingCommand.createResponseCommand(20017, 'no such order');

test('answered with an error', async () => {
  expect(await bothFailed({ processRequest: noSuchOrder })).toEqual(['20017', '20017']);
});

test('a processor that throws, at once or later', async () => {
  class OrderError extends Error {}
  const thrown = (): never => {
    throw new OrderError('no such order');
  };
  expect(await bothFailed({ processRequest: thrown })).toEqual(['1', 'OrderError']);
  tracing.restart();
  expect(await bothFailed({ processRequest: () => Promise.reject(new OrderError('later')) })).toEqual([
    '1',
    'OrderError',
  ]);
});

test('a hook that refuses', async () => {
  const server = await serverOf({ [ECHO]: echo });
  server.registerRPCHook({
    doBeforeRequest() {
      throw new AbortProcessError(16, 'no');
    },
  });
  await clientOf().invokeSync(server.address, echoRequest());
  expect((await tracing.one('SERVER')).attributes['error.type']).toBe('16');
});

test('a busy processor', async () => {
  expect(await bothFailed({ ...echo, rejectRequest: () => true })).toEqual(['2', '2']);
});

test('a code that nobody serves: _OTHER for the server, which may be sent any', async () => {
  expect(await bothFailed(undefined)).toEqual(['3', '3']);
  const [sent, served] = [await tracing.one('CLIENT'), await tracing.one('SERVER')];
  expect([sent.name, served.name]).toEqual([String(ECHO), '_OTHER']);
  expect(served.attributes).toMatchObject({ 'rpc.method': '_OTHER', 'rpc.method_original': String(ECHO) });
});

test('a draining server', async () => {
  const server = await serverOf({ [ECHO]: echo });
  server.beginDraining();
  await expect(clientOf().invokeSync(server.address, echoRequest())).rejects.toThrow('GO_AWAY');
  const served = (await tracing.ended(3)).filter(each => each.kind === 'SERVER');
  expect(served.map(each => each.attributes['error.type'])).toEqual(['1500', '1500']);
});

test('a request that waited for a free place has a span from its arrival on, below its own caller', async () => {
  const answers: (() => void)[] = [];
  const server = await loopback.server({ logger });
  const wait = (): Promise<RemotingCommand> =>
    new Promise(resolve => answers.push(() => resolve(RemotingCommand.createResponseCommand(0))));
  server.registerProcessor(ECHO, { processRequest: wait }, { concurrency: 1 });
  tracing.observe({}, { role: 'server', name: 's', remoting: server });
  const client = clientOf();
  const calls = [1, 2].map(() => client.invokeSync(server.address, echoRequest()));
  await loopbackTurns(() => answers.length === 1);
  answers[0]?.();
  await loopbackTurns(() => answers.length === 2);
  answers[1]?.();
  await Promise.all(calls);
  const spans = await tracing.ended(4);
  const served = spans.filter(each => each.kind === 'SERVER').map(each => each.parentSpanId);
  const sent = spans.filter(each => each.kind === 'CLIENT').map(each => each.spanId);
  expect(new Set(served)).toEqual(new Set(sent));
});

const loopbackTurns = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setImmediate(resolve));
};
