import { describe, expect, test } from '@jest/globals';
import {
  RemotingConnectError,
  RemotingSendRequestError,
  RemotingStateError,
  RemotingTimeoutError,
  RemotingTooMuchRequestError,
} from '../../../src/errors/remoting-errors.js';
import type { RocketMQError } from '../../../src/errors/rocketmq-error.js';
import type { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RemotingClient } from '../../../src/remoting/remoting-client.js';
import type { InvokeCallback } from '../../../src/remoting/response-future.js';
import { type CallKind, type CallOutcome, callOutcomes } from '../../../src/remoting/statistics.js';
import { ECHO, echo, echoRequest, silence } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';

const loopback = useLoopback();
const SILENT = 20002;

/** How often calls of a code ended, by outcome: those that are not 0. */
const outcomes = (client: RemotingClient, code: number, kind: CallKind): Partial<Record<CallOutcome, number>> =>
  Object.fromEntries(
    callOutcomes
      .map(outcome => [outcome, client.statistics.calls.of(code).count(kind, outcome)] as const)
      .filter(([, count]) => count > 0),
  );

const requestFor = (code: number): RemotingCommand => {
  const request = echoRequest();
  request.code = code;
  return request;
};

/** A callback and what it was told. */
function recording(): InvokeCallback & { told: (RemotingCommand | RocketMQError | undefined)[] } {
  const told: (RemotingCommand | RocketMQError | undefined)[] = [];
  return { told, operationSucceed: response => told.push(response), operationFail: error => told.push(error) };
}

describe('no permit', () => {
  test('and a time-out of 0 or less: too much request, at once', async () => {
    const server = await loopback.server({}, { [SILENT]: silence });
    const client = loopback.client({ permitsAsync: 1 });
    const first = client.invokeSync(server.address, requestFor(SILENT), 300).catch((error: unknown) => error);
    await eventually(() => client.core.responseTable.size === 1, 'the first call is out');
    for (const timeoutMs of [0, -5]) {
      const failure = client.invokeSync(server.address, echoRequest(), timeoutMs);
      await expect(failure).rejects.toThrow(RemotingTooMuchRequestError);
      await expect(failure).rejects.toThrow(/^invoke too fast: all 1 permits are taken/);
    }
    expect(outcomes(client, ECHO, 'sync')).toEqual({ too_much_request: 2 });
    expect(await first).toBeInstanceOf(RemotingTimeoutError);
  });

  test('within a time-out: a time-out that names it, how many wait and what is available', async () => {
    const server = await loopback.server({}, { [SILENT]: silence });
    const client = loopback.client({ permitsAsync: 2 });
    const holding = [1, 2].map(() => client.invokeSync(server.address, requestFor(SILENT), 400).catch(() => undefined));
    await eventually(() => client.core.responseTable.size === 2, 'both permits are taken');
    const waiting = [60, 300, 300].map(ms => client.invokeSync(server.address, echoRequest(), ms));
    const [shortest, ...others] = waiting.map(each => each.catch((error: unknown) => error as RocketMQError));
    const error = await shortest;
    expect(error).toBeInstanceOf(RemotingTimeoutError);
    expect((error as RocketMQError).message).toContain(
      'invoke tryAcquire semaphore timeout, 60ms, waiting: 3, available permits: 0 of 2',
    );
    expect(error).toMatchObject({ retryable: true, address: server.address, requestCode: ECHO });
    // never sent: no number on a connection
    expect(error).not.toHaveProperty('opaque');
    await Promise.all([...others, ...holding]);
  });

  test('waiting is first come, first served, and the freed permit serves the next', async () => {
    const served: string[] = [];
    const server = await loopback.server({}, {});
    server.registerProcessor(ECHO, {
      processRequest: async (channel, request) => {
        served.push(request.bodyText);
        await new Promise(resolve => setTimeout(resolve, 3));
        return echo.processRequest(channel, request);
      },
    });
    const client = loopback.client({ permitsAsync: 1 });
    const bodies = Array.from({ length: 20 }, (_, at) => String(at));
    const answers = await Promise.all(bodies.map(body => client.invokeSync(server.address, echoRequest(body))));
    expect(served).toEqual(bodies);
    expect(answers.map(answer => answer.bodyText)).toEqual(bodies);
  });
});

describe('no channel', () => {
  test('the address is named and the cause kept', async () => {
    const address = `127.0.0.1:${await loopback.closedPort()}`;
    const client = loopback.client();
    const failure = client.invokeSync(address, echoRequest());
    await expect(failure).rejects.toThrow(RemotingConnectError);
    await expect(failure).rejects.toMatchObject({
      message: expect.stringContaining(`connect to <${address}> failed: connect ECONNREFUSED`),
      address,
      requestCode: ECHO,
      retryable: true,
    });
    expect(outcomes(client, ECHO, 'sync')).toEqual({ connect_error: 1 });
    expect(client.statistics.connectFailures).toBe(1);
  });

  test.each(['nonsense', 'host:0', 'host:70000', ':80', ''])('an address that is none: %j', async address => {
    const client = loopback.client();
    await expect(client.invokeSync(address, echoRequest())).rejects.toMatchObject({
      code: 'RMQ_REMOTING_CONNECT',
      message: expect.stringContaining('must be host:port'),
    });
  });

  test('an address that is not even a text fails the call, and leaves nothing of it', async () => {
    const client = loopback.client();
    for (const address of [undefined, 5, {}]) {
      await expect(client.invokeSync(address as never, echoRequest(), 60_000)).rejects.toMatchObject({
        code: 'RMQ_REMOTING_CONNECT',
        message: `the address must be host:port, or null for a name server, but is ${typeof address}`,
      });
    }
    expect(outcomes(client, ECHO, 'sync')).toEqual({ connect_error: 3 });
  });

  test('calls that waited for one connect fail each with an error of its own', async () => {
    const address = `127.0.0.1:${await loopback.closedPort()}`;
    const client = loopback.client();
    const errors = await Promise.all(
      [1, 2, 3].map(code =>
        client.invokeSync(address, requestFor(code)).catch((error: unknown) => error as RocketMQError),
      ),
    );
    expect(errors.map(error => (error as RocketMQError).requestCode)).toEqual([1, 2, 3]);
    expect(new Set(errors).size).toBe(3);
    expect(client.statistics.connectFailures).toBe(1);
  });

  test('connecting counts: the time-out ends the call while the connect goes on', async () => {
    // a port that takes connections but, in TLS, no handshake
    const raw = await loopback.rawServer();
    const client = loopback.client({ tls: true, connectTimeoutMs: 400 });
    const begun = performance.now();
    const failure = client.invokeSync(raw.address, echoRequest(), 50);
    await expect(failure).rejects.toThrow(
      `invoke call timeout, 50ms passed before the request to ${raw.address} could be sent`,
    );
    expect(performance.now() - begun).toBeLessThan(300);
    expect(outcomes(client, ECHO, 'sync')).toEqual({ timeout: 1 });
    await expect(client.invokeSync(raw.address, echoRequest(), 2000)).rejects.toThrow(
      /no connection within 400 ms \(connectTimeoutMs\)/,
    );
  });
});

/*
 * A hook that took all the time of a call had its request sent nevertheless, and the answer came before the deadline
 * was looked at: the call succeeded after its time.
 */
test('hooks count: what is begun too late for them is not sent, and costs no connection', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client({ clientCloseSocketIfTimeout: true });
  await client.connect(server.address);
  let blockMs = 40;
  client.registerRPCHook({
    doBeforeRequest: () => {
      const end = performance.now() + blockMs;
      while (performance.now() < end);
    },
  });
  for (const call of [
    client.invokeSync(server.address, echoRequest(), 30),
    client.invokeOneway(server.address, echoRequest(), 30),
  ]) {
    await expect(call).rejects.toThrow(
      `invoke call timeout, 30ms passed before the request to ${server.address} could be sent`,
    );
  }
  blockMs = 0;
  await client.invokeSync(server.address, echoRequest());
  const served = server.statistics.requests.of(ECHO);
  expect([served.count('sync', 'success'), served.count('oneway', 'success')]).toEqual([1, 0]);
  expect(client.statistics.reconnects).toBe(0);
});

describe('no answer', () => {
  test('the message names the channel and the time-out; the connection stays', async () => {
    const server = await loopback.server({}, { [ECHO]: echo, [SILENT]: silence });
    const client = loopback.client();
    const begun = performance.now();
    const failure = client.invokeSync(server.address, requestFor(SILENT), 80);
    await expect(failure).rejects.toThrow(RemotingTimeoutError);
    await expect(failure).rejects.toMatchObject({
      message: expect.stringContaining(`wait response on the channel <${server.address}> timeout, 80(ms)`),
      address: server.address,
      opaque: 1,
    });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(80);
    await client.invokeSync(server.address, echoRequest());
    expect(client.statistics.reconnects).toBe(0);
  });

  test('with clientCloseSocketIfTimeout the connection goes, with the calls on it', async () => {
    const server = await loopback.server({}, { [ECHO]: echo, [SILENT]: silence });
    const client = loopback.client({ clientCloseSocketIfTimeout: true });
    const other = client.invokeSync(server.address, requestFor(SILENT), 5000);
    await Promise.all([
      expect(client.invokeSync(server.address, requestFor(SILENT), 50)).rejects.toThrow(RemotingTimeoutError),
      expect(other).rejects.toThrow(RemotingSendRequestError),
    ]);
    await client.invokeSync(server.address, echoRequest());
    expect(client.statistics.reconnects).toBe(1);
  });

  test('but not for who waited for a permit only', async () => {
    const server = await loopback.server({}, { [SILENT]: silence });
    const client = loopback.client({ clientCloseSocketIfTimeout: true, permitsAsync: 1 });
    const holding = client.invokeSync(server.address, requestFor(SILENT), 300).catch(() => undefined);
    await expect(client.invokeSync(server.address, echoRequest(), 50)).rejects.toThrow(RemotingTimeoutError);
    expect(client.connectedAddresses).toEqual([server.address]);
    await holding;
    expect(client.connectedAddresses).toEqual([]);
  });
});

describe('the connection goes', () => {
  test.each(['reset', 'end'] as const)('by %s: the call fails at once and says so', async how => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const call = client.invokeSync(raw.address, echoRequest(), 5000);
    const peer = await raw.peer();
    await peer.next();
    if (how === 'reset') peer.reset();
    else peer.socket.end();
    await expect(call).rejects.toThrow(RemotingSendRequestError);
    await expect(call).rejects.toMatchObject({
      message: expect.stringContaining(`send request to <${raw.address}> failed`),
      opaque: 1,
      retryable: true,
    });
    expect(outcomes(client, ECHO, 'sync')).toEqual({ send_error: 1 });
  });

  test('in the middle of 1,000 calls: each of those unanswered fails, no other', async () => {
    const raw = await loopback.rawServer();
    const healthy = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    const calls = Array.from({ length: 1000 }, () =>
      client.invokeSync(raw.address, echoRequest('x'.repeat(100)), 5000),
    );
    const others = Array.from({ length: 100 }, () => client.invokeSync(healthy.address, echoRequest('y'), 5000));
    const peer = await raw.peer();
    const requests = await peer.take(400);
    for (const request of requests) peer.answer(request);
    const settled = Promise.allSettled(calls);
    await eventually(() => client.core.responseTable.size <= 600, 'the answers are there');
    peer.reset();
    const results = await settled;
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(400);
    const errors = results.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(errors).toHaveLength(600);
    expect(errors.every(error => error instanceof RemotingSendRequestError)).toBe(true);
    expect(new Set(errors).size).toBe(600);
    expect((await Promise.all(others)).every(answer => answer.bodyText === 'y')).toBe(true);
  });

  test('by closeChannel(): calls on it fail, the next one connects again', async () => {
    const server = await loopback.server({}, { [ECHO]: echo, [SILENT]: silence });
    const client = loopback.client();
    const call = client.invokeSync(server.address, requestFor(SILENT), 5000);
    await eventually(() => client.core.responseTable.size === 1, 'it is out');
    client.closeChannel(server.address);
    await expect(call).rejects.toThrow(RemotingSendRequestError);
    expect((await client.invokeSync(server.address, echoRequest('again'))).bodyText).toBe('again');
  });
});

describe('oneway', () => {
  test('resolves when it is written, gives its permit back, and is not answered', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    await client.invokeOneway(server.address, echoRequest());
    await client.invokeOneway(server.address, requestFor(999));
    expect(client.core.semaphoreOneway.availablePermits).toBe(65_535);
    await client.invokeSync(server.address, echoRequest());
    expect(client.statistics.lateReplies).toBe(0);
    expect(outcomes(client, ECHO, 'oneway')).toEqual({ success: 1 });
    expect(server.statistics.requests.of(ECHO).count('oneway', 'success')).toBe(1);
  });

  test('holds a oneway permit, no async one, until its frame is written', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client({ permitsOneway: 2, permitsAsync: 5 });
    const channel = await client.connect(raw.address);
    const peer = await raw.peer();
    peer.socket.pause();
    const big = Buffer.alloc(8_000_000);
    const written = [1, 2].map(() => client.invokeOneway(raw.address, echoRequest(big), 10_000));
    await eventually(() => channel.unsentBytes > 1_000_000, 'the kernel takes no more');
    expect(client.core.semaphoreOneway.availablePermits).toBe(0);
    expect(client.core.semaphoreAsync.availablePermits).toBe(5);
    await expect(client.invokeOneway(raw.address, echoRequest(), 50)).rejects.toThrow(
      /invoke tryAcquire semaphore timeout, 50ms, waiting: 1, available permits: 0 of 2/,
    );
    peer.socket.resume();
    await Promise.all(written);
    await eventually(() => client.core.semaphoreOneway.availablePermits === 2, 'both permits are back');
  });

  test('that timed out keeps its permit until the frame is written or the connection gone', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client({ permitsOneway: 2 });
    const channel = await client.connect(raw.address);
    (await raw.peer()).socket.pause();
    const big = Buffer.alloc(8_000_000);
    const calls = [1, 2].map(() => client.invokeOneway(raw.address, echoRequest(big), 100));
    for (const call of calls) await expect(call).rejects.toThrow(RemotingTimeoutError);
    expect(client.core.semaphoreOneway.availablePermits).toBe(0);
    client.closeChannel(channel);
    await eventually(() => client.core.semaphoreOneway.availablePermits === 2, 'both permits are back');
  });

  test('fails when the connection goes before its frame is written', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    await client.connect(raw.address);
    const peer = await raw.peer();
    peer.socket.pause();
    const big = Buffer.alloc(16_000_000);
    const calls = [1, 2].map(() => client.invokeOneway(raw.address, echoRequest(big), 10_000));
    setTimeout(() => peer.reset(), 20);
    await expect(calls[1]).rejects.toThrow(RemotingSendRequestError);
    await Promise.allSettled(calls);
  });
});

describe('before start() and after shutdown()', () => {
  test('every way to call says which', async () => {
    const client = new RemotingClient();
    loopback.watch(client);
    for (const hint of ['call start() first', 'it was shut down']) {
      const message = `the client is not running: ${hint}`;
      await expect(client.invokeSync('a:1', echoRequest())).rejects.toThrow(message);
      await expect(client.invokeOneway('a:1', echoRequest())).rejects.toThrow(message);
      await expect(client.connect('a:1')).rejects.toThrow(message);
      expect(() => client.invokeAsync('a:1', echoRequest(), 1, recording())).toThrow(RemotingStateError);
      client.start();
      await client.shutdown();
    }
  });

  test('a client that is started again works again', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    for (const body of ['1', '2', '3']) {
      expect((await client.invokeSync(server.address, echoRequest(body))).bodyText).toBe(body);
      await client.shutdown();
      client.start();
    }
  });
});

test('a callback is told once, and the call says how it ended', async () => {
  const server = await loopback.server({}, { [ECHO]: echo, [SILENT]: silence });
  const client = loopback.client();
  const [good, bad] = [recording(), recording()];
  const answered = client.invokeAsync(server.address, echoRequest('x'), 1000, good);
  const silent = client.invokeAsync(server.address, requestFor(SILENT), 50, bad);
  await eventually(() => answered.isDone && silent.isDone, 'both are over');
  silent.abort();
  answered.abort();
  expect(good.told).toEqual([answered.response]);
  expect([answered.kind, answered.outcome, answered.response?.bodyText]).toEqual(['async', 'success', 'x']);
  expect(bad.told).toEqual([silent.error]);
  expect([silent.outcome, silent.error?.code]).toEqual(['timeout', 'RMQ_REMOTING_TIMEOUT']);
});

test('the stack of a failure leads to who called', async () => {
  const address = `127.0.0.1:${await loopback.closedPort()}`;
  const client = loopback.client();
  const asker = async (): Promise<unknown> => await client.invokeSync(address, echoRequest());
  await expect(asker()).rejects.toMatchObject({ stack: expect.stringMatching(/asker[\s\S]*endings-of-a-call\.spec/) });
  const onewayAsker = async (): Promise<void> => await client.invokeOneway(address, echoRequest());
  await expect(onewayAsker()).rejects.toMatchObject({ stack: expect.stringContaining('onewayAsker') });
});
