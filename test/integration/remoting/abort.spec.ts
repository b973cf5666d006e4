import { expect, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { RemotingAbortedError } from '../../../src/errors/remoting-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import type { RemotingClient } from '../../../src/remoting/remoting-client.js';
import { ECHO, echo, echoRequest, silence } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';

const loopback = useLoopback();
const SILENT = 20002;
const silent = (): RemotingCommand => new RemotingCommand({ code: SILENT });

const aborted = async (call: Promise<unknown>, reason?: unknown): Promise<void> => {
  await expect(call).rejects.toThrow(RemotingAbortedError);
  await expect(call).rejects.toMatchObject({
    message: 'the call was aborted by its caller',
    retryable: false,
    ...(reason === undefined ? {} : { cause: reason }),
  });
};
const nothingHeld = (client: RemotingClient): void => {
  expect(client.core.semaphoreAsync.availablePermits).toBe(client.core.semaphoreAsync.limit);
  expect(client.core.responseTable.size).toBe(0);
};

test('a signal that is aborted already: nothing is sent', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  const reason = new Error('changed my mind');
  await aborted(client.invokeSync(server.address, echoRequest(), 1000, { signal: AbortSignal.abort(reason) }), reason);
  await client.connect(server.address);
  await aborted(client.invokeSync(server.address, echoRequest(), 1000, { signal: AbortSignal.abort(reason) }), reason);
  await aborted(client.invokeOneway(server.address, echoRequest(), 1000, { signal: AbortSignal.abort() }));
  nothingHeld(client);
  expect(server.statistics.requests.of(ECHO).count('sync', 'success')).toBe(0);
});

test('in flight: the permit is back at once, the answer is a late reply', async () => {
  const raw = await loopback.rawServer();
  const client = loopback.client();
  const abort = new AbortController();
  const call = client.invokeSync(raw.address, echoRequest(), 5000, { signal: abort.signal });
  const peer = await raw.peer();
  const request = await peer.next();
  abort.abort('enough');
  await aborted(call, 'enough');
  nothingHeld(client);
  peer.answer(request);
  await eventually(() => client.statistics.lateReplies === 1, 'the answer is late');
});

test('while it waits for a permit: it leaves the queue, the one behind it gets the permit', async () => {
  const raw = await loopback.rawServer();
  const client = loopback.client({ permitsAsync: 1 });
  const first = client.invokeSync(raw.address, echoRequest('1'), 5000);
  const peer = await raw.peer();
  await client.connect(raw.address);
  const abort = new AbortController();
  const second = client.invokeSync(raw.address, echoRequest('2'), 5000, { signal: abort.signal });
  const third = client.invokeSync(raw.address, echoRequest('3'), 5000);
  expect(client.core.semaphoreAsync.queueLength).toBe(2);
  abort.abort();
  await aborted(second);
  expect(client.core.semaphoreAsync.queueLength).toBe(1);
  peer.answer(await peer.next());
  await first;
  const next = await peer.next();
  expect(next.bodyText).toBe('3');
  peer.answer(next);
  await third;
});

test('while it connects: the connection is there for the next call', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  const abort = new AbortController();
  const call = client.invokeSync(server.address, echoRequest(), 5000, { signal: abort.signal });
  abort.abort();
  await aborted(call);
  await client.invokeSync(server.address, echoRequest());
  expect(server.statistics.connectionsOpened).toBe(1);
  expect(server.statistics.requests.of(ECHO).count('sync', 'success')).toBe(1);
});

test('after the end, or twice, it changes nothing', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  const abort = new AbortController();
  await client.invokeSync(server.address, echoRequest(), 5000, { signal: abort.signal });
  abort.abort();
  abort.abort();
  nothingHeld(client);
  expect(client.statistics.calls.of(ECHO).count('sync', 'aborted')).toBe(0);
});

test('one signal for many calls, and abort() of the call itself', async () => {
  const server = await loopback.server({}, { [SILENT]: silence });
  const client = loopback.client();
  await client.connect(server.address);
  const abort = new AbortController();
  const calls = Array.from({ length: 200 }, () =>
    client.invokeSync(server.address, silent(), 5000, { signal: abort.signal }),
  );
  const told: unknown[] = [];
  const call = client.invokeAsync(server.address, silent(), 5000, {
    operationSucceed: response => told.push(response),
    operationFail: error => told.push(error),
  });
  abort.abort();
  await Promise.all(calls.map(each => aborted(each)));
  call.abort('by hand');
  call.abort('again');
  expect(told).toEqual([expect.objectContaining({ code: 'RMQ_REMOTING_ABORTED', cause: 'by hand' })]);
  nothingHeld(client);
});

test('calls that end take their listeners off the signal', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  const { signal } = new AbortController();
  for (let count = 0; count < 5; count++) await client.invokeSync(server.address, echoRequest(), 1000, { signal });
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
