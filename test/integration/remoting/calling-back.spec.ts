import { expect, test } from '@jest/globals';
import { RemotingSendRequestError, RemotingTimeoutError } from '../../../src/errors/remoting-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import type { Channel } from '../../../src/remoting/channel.js';
import type { RemotingServer } from '../../../src/remoting/remoting-server.js';
import { ECHO, echo, echoRequest, silence } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';

const loopback = useLoopback();
const SILENT = 20002;
const COUNT = 20006;

async function connected(): Promise<{ server: RemotingServer; channel: Channel; counted: () => number }> {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  let count = 0;
  client.registerProcessor(ECHO, echo);
  client.registerProcessor(SILENT, silence);
  client.registerProcessor(COUNT, { processRequest: () => void count++ });
  await client.connect(`127.0.0.1:${server.localListenPort()}`);
  await eventually(() => server.channels.size === 1, 'the server has the connection');
  const [channel] = server.channels;
  return { server, channel: channel as Channel, counted: () => count };
}

test('a server calls its client: sync, async and oneway', async () => {
  const { server, channel, counted } = await connected();
  expect((await server.invokeSync(channel, echoRequest('sync'))).bodyText).toBe('sync');
  const answer = await new Promise<RemotingCommand | undefined>((resolve, reject) => {
    server.invokeAsync(channel, echoRequest('async'), 1000, { operationSucceed: resolve, operationFail: reject });
  });
  expect(answer?.bodyText).toBe('async');
  await server.invokeOneway(channel, new RemotingCommand({ code: COUNT }));
  await eventually(() => counted() === 1, 'the oneway request is served');
  const { calls } = server.statistics;
  expect([
    calls.of(ECHO).count('sync', 'success'),
    calls.of(ECHO).count('async', 'success'),
    calls.of(COUNT).count('oneway', 'success'),
  ]).toEqual([1, 1, 1]);
});

test('both sides may use the same opaque at the same time', async () => {
  const { server, channel } = await connected();
  const peerCalls = await Promise.all([1, 2, 3].map(at => server.invokeSync(channel, echoRequest(`s${at}`))));
  expect(peerCalls.map(answer => [answer.opaque, answer.bodyText])).toEqual([
    [1, 's1'],
    [2, 's2'],
    [3, 's3'],
  ]);
});

test('its calls end as those of a client do', async () => {
  const { server, channel } = await connected();
  await expect(server.invokeSync(channel, new RemotingCommand({ code: 999 }))).resolves.toMatchObject({ code: 3 });
  await expect(server.invokeSync(channel, new RemotingCommand({ code: SILENT }), 50)).rejects.toThrow(
    RemotingTimeoutError,
  );
  const inFlight = server.invokeSync(channel, new RemotingCommand({ code: SILENT }), 5000);
  channel.destroy();
  await expect(inFlight).rejects.toThrow(RemotingSendRequestError);
  await expect(server.invokeSync(channel, echoRequest())).rejects.toThrow(RemotingSendRequestError);
  await expect(server.invokeOneway(channel, echoRequest())).rejects.toThrow(RemotingSendRequestError);
});

test('its permits are its own: 64 for calls, 256 for oneway', async () => {
  const { server, channel } = await connected();
  expect([server.core.semaphoreAsync.limit, server.core.semaphoreOneway.limit]).toEqual([64, 256]);
  const calls = Array.from({ length: 70 }, () =>
    server.invokeSync(channel, new RemotingCommand({ code: SILENT }), 5000),
  );
  const settled = Promise.allSettled(calls);
  expect([server.core.semaphoreAsync.availablePermits, server.core.semaphoreAsync.queueLength]).toEqual([0, 6]);
  channel.destroy();
  expect((await settled).every(result => result.status === 'rejected')).toBe(true);
  expect(server.core.semaphoreAsync.availablePermits).toBe(64);
});

test('a handler may call its caller back before it answers', async () => {
  const server = await loopback.server();
  server.registerProcessor(ECHO, {
    processRequest: async (channel, request) => {
      const answer = await server.invokeSync(channel, new RemotingCommand({ code: SILENT, body: request.body }));
      return RemotingCommand.createResponseCommand(0, undefined, `re ${answer.bodyText}`);
    },
  });
  const client = loopback.client();
  client.registerProcessor(SILENT, echo);
  expect((await client.invokeSync(server.address, echoRequest('x'))).bodyText).toBe('re x');
});
