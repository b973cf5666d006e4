import { describe, expect, test } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import type { RemotingLogger } from '../../../src/remoting/logger.js';
import { AbortProcessError } from '../../../src/errors/response-errors.js';
import { RemotingAbortedError } from '../../../src/errors/remoting-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { RecordingLogger } from '../../helpers/recording-logger.js';

const loopback = useLoopback();

const boom = (): never => {
  throw new Error('boom of the user');
};

describe('on a client', () => {
  test('hooks that throw change nothing for the call; each is counted and logged', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const logger = new RecordingLogger();
    const client = loopback.client({ logger });
    client.registerRPCHook({ doBeforeRequest: boom, doAfterResponse: boom });
    client.registerCallHook({ onCallBegun: boom, onCallFinished: boom });
    expect((await client.invokeSync(server.address, echoRequest('x'))).bodyText).toBe('x');
    expect(client.statistics.callbackErrors).toBe(4);
    expect(logger.lines).toEqual([
      'error onCallBegun threw',
      'error doBeforeRequest threw',
      'error doAfterResponse threw',
      'error onCallFinished threw',
    ]);
  });

  test('later hooks run after one that threw', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    const seen: string[] = [];
    client.registerRPCHook({ doBeforeRequest: boom });
    client.registerRPCHook({ doBeforeRequest: () => seen.push('before'), doAfterResponse: () => seen.push('after') });
    await client.invokeSync(server.address, echoRequest());
    expect(seen).toEqual(['before', 'after']);
  });

  test.each([
    ['throw', boom],
    ['reject', () => Promise.reject(new Error('later'))],
  ])('callbacks that %s cost no permit', async (_how, fail) => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    const callback = { operationSucceed: fail, operationFail: fail };
    client.invokeAsync(server.address, echoRequest(), 1000, callback);
    client.invokeAsync('127.0.0.1:1', echoRequest(), 1000, callback);
    await eventually(() => client.statistics.callbackErrors === 2, 'both callbacks threw');
    expect(client.core.semaphoreAsync.availablePermits).toBe(65_535);
  });

  test('listeners of channels and of channel events that throw or reject harm nothing', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client({
      channelEventListener: { onChannelConnect: boom, onChannelClose: () => Promise.reject(new Error('later')) },
    });
    const channel = await client.connect(server.address);
    channel.onClose(boom);
    let told = 0;
    channel.onClose(() => told++);
    const inFlight = client.invokeSync(server.address, new RemotingCommand({ code: 999 }));
    client.closeChannel(channel);
    await expect(inFlight).rejects.toMatchObject({ code: 'RMQ_REMOTING_SEND_REQUEST' });
    expect(told).toBe(1);
    expect(client.group.channels.size).toBe(0);
    channel.onClose(boom);
    await eventually(() => client.statistics.callbackErrors === 4, 'all four are counted');
    expect((await client.invokeSync(server.address, echoRequest('x'))).bodyText).toBe('x');
  });

  test('a hook that aborts the call it sees gets it aborted', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    await client.connect(server.address);
    const abort = new AbortController();
    client.registerRPCHook({ doBeforeRequest: () => abort.abort() });
    const call = client.invokeSync(server.address, echoRequest(), 1000, { signal: abort.signal });
    await expect(call).rejects.toThrow(RemotingAbortedError);
    expect(client.core.semaphoreAsync.availablePermits).toBe(65_535);
    expect(client.core.responseTable.size).toBe(0);
  });

  test('a callback that calls again and again is served again and again', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client({ permitsAsync: 1 });
    let left = 50;
    await new Promise<void>((resolve, reject) => {
      const again = (): void => {
        if (left-- === 0) resolve();
        else
          client.invokeAsync(server.address, echoRequest(), 1000, { operationSucceed: again, operationFail: reject });
      };
      again();
    });
  });
});

describe('on a server', () => {
  test('doBeforeRequest that throws answers SYSTEM_ERROR and keeps its words to itself', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    server.registerRPCHook({ doBeforeRequest: boom });
    const client = loopback.client();
    await expect(client.invokeSync(server.address, echoRequest())).resolves.toMatchObject({
      code: 1,
      remark: 'Internal server error',
    });
  });

  test('an AbortProcessError of a hook answers its own code and remark', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    server.registerRPCHook({
      doBeforeRequest: () => {
        throw new AbortProcessError(20_123, 'not on Sundays');
      },
    });
    const client = loopback.client();
    await expect(client.invokeSync(server.address, echoRequest())).resolves.toMatchObject({
      code: 20_123,
      remark: 'not on Sundays',
    });
  });

  test('all other hooks that throw change nothing for the request', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    server.registerRPCHook({ doAfterResponse: boom });
    server.registerRequestHook({ onRequestReceived: boom, aroundRequest: boom, onRequestFinished: boom });
    server.registerRequestHook({
      aroundRequest: (_task, next) => {
        next();
        next();
        boom();
      },
    });
    server.registerRequestHook({ aroundRequest: () => undefined });
    const client = loopback.client();
    expect((await client.invokeSync(server.address, echoRequest('x'))).bodyText).toBe('x');
    expect(server.statistics.callbackErrors).toBe(5);
  });

  test('rejectRequest that throws rejects nothing', async () => {
    const server = await loopback.server({}, { [ECHO]: { ...echo, rejectRequest: boom } });
    const client = loopback.client();
    expect((await client.invokeSync(server.address, echoRequest('x'))).bodyText).toBe('x');
  });

  const unprintable: unknown = Object.create(null);
  test.each([
    ['throws', boom, 'Error: boom of the user'],
    ['rejects', () => Promise.reject(new Error('later')), 'Error: later'],
    [
      'throws what cannot be printed',
      () => {
        throw unprintable;
      },
      'something that cannot be printed was thrown',
    ],
    [
      'rejects with what cannot be printed',
      () => Promise.reject(unprintable),
      'something that cannot be printed was thrown',
    ],
    ['answers what is no command', () => 'text' as never, expect.stringContaining('TypeError')],
    ['resolves to what is no command', () => Promise.resolve('text' as never), 'Internal server error'],
    [
      'resolves to an object that is no command',
      () => Promise.resolve({} as never),
      'the response cannot be sent: it breaks the frame limits',
    ],
  ])('a processor that %s answers SYSTEM_ERROR', async (_what, processRequest, remark) => {
    const server = await loopback.server({ exposeErrors: true }, { [ECHO]: { processRequest } });
    const client = loopback.client();
    await expect(client.invokeSync(server.address, echoRequest())).resolves.toMatchObject({ code: 1, remark });
    expect(server.dispatcher.pending).toBe(0);
  });

  test('a Promise of another realm is awaited', async () => {
    // those of node:timers/promises are such, in a test of Jest
    const promiseOf = runInNewContext('value => Promise.resolve(value)') as <T>(value: T) => Promise<T>;
    const processRequest = (): Promise<RemotingCommand> => promiseOf(RemotingCommand.createResponseCommand(0, 'then'));
    const server = await loopback.server({}, { [ECHO]: { processRequest } });
    const client = loopback.client();
    expect((await client.invokeSync(server.address, echoRequest())).remark).toBe('then');
  });
});

test('a logger that throws costs its line, nothing else', async () => {
  const logger: RemotingLogger = { error: boom, warn: boom, log: boom, debug: boom };
  const server = await loopback.server({ logger }, { [ECHO]: { processRequest: boom } });
  const client = loopback.client({ logger, channelEventListener: { onChannelConnect: boom } });
  client.registerRPCHook({ doBeforeRequest: boom, doAfterResponse: boom });
  await expect(client.invokeSync(server.address, echoRequest())).resolves.toMatchObject({ code: 1 });
});
