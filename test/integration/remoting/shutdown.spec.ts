import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { RemotingSendRequestError, RemotingStateError } from '../../../src/errors/remoting-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RemotingServer } from '../../../src/remoting/remoting-server.js';
import type { RequestProcessor } from '../../../src/remoting/request-processor.js';
import { ECHO, echo, echoRequest, silence } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { RawPeer } from '../../helpers/raw-peer.js';

const loopback = useLoopback();
const SILENT = 20002;
const SLOW = 20003;

const slow = (ms: number): RequestProcessor => ({
  processRequest: async (channel, request) => {
    await new Promise(resolve => setTimeout(resolve, ms));
    return echo.processRequest(channel, request);
  },
});
const requestFor = (code: number): RemotingCommand => new RemotingCommand({ code });

describe('shutdown of a client', () => {
  test('ends calls in flight, waiting and connecting, each with its own error, and all resources', async () => {
    const server = await loopback.server({}, { [SILENT]: silence });
    const raw = await loopback.rawServer();
    const client = loopback.client({ permitsAsync: 10, tls: undefined });
    await client.connect(server.address);
    const calls = [
      ...Array.from({ length: 10 }, () => client.invokeSync(server.address, requestFor(SILENT), 60_000)),
      ...Array.from({ length: 5 }, () => client.invokeSync(server.address, requestFor(SILENT), 60_000)),
      client.invokeSync(raw.address, requestFor(SILENT), 60_000),
    ];
    expect([client.core.responseTable.size, client.core.semaphoreAsync.queueLength]).toEqual([10, 5]);
    const results = Promise.allSettled(calls);
    await client.shutdown();
    const errors = (await results).map(result => (result.status === 'rejected' ? (result.reason as Error) : undefined));
    expect(errors.every(error => error instanceof RemotingStateError)).toBe(true);
    expect(errors[0]?.message).toBe('the client was shut down before the answer came');
    expect(new Set(errors).size).toBe(16);
    expect(client.statistics.calls.of(SILENT).count('sync', 'shutdown')).toBe(16);
  });

  test('sends what is written', async () => {
    const bodies: string[] = [];
    const server = await loopback.server();
    server.registerProcessor(ECHO, { processRequest: (_channel, request) => void bodies.push(request.bodyText) });
    const client = loopback.client();
    await client.connect(server.address);
    const written = Array.from({ length: 40 }, (_, at) => client.invokeOneway(server.address, echoRequest(String(at))));
    void Promise.allSettled(written);
    await client.shutdown();
    await eventually(() => bodies.length === 40, 'all frames arrive');
  });

  test('while a connect is under way closes the connection that comes of it', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const call = client.invokeSync(raw.address, echoRequest());
    await client.shutdown();
    await expect(call).rejects.toThrow(RemotingStateError);
    expect(client.group.channels.size).toBe(0);
  });

  test('does not wait for a peer that neither reads nor closes', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    await client.connect(raw.address);
    const peer = await raw.peer();
    peer.socket.pause();
    const call = client.invokeOneway(raw.address, echoRequest(Buffer.alloc(16_000_000)), 60_000);
    const failed = expect(call).rejects.toThrow(RemotingStateError);
    const begun = performance.now();
    await client.shutdown();
    expect(performance.now() - begun).toBeLessThan(2000);
    await failed;
  });

  test('twice, and at the same time, is one', async () => {
    const client = loopback.client();
    await Promise.all([client.shutdown(), client.shutdown()]);
    await client.shutdown();
  });
});

describe('shutdown of a server', () => {
  test('takes no more connections, lets what runs finish, then closes', async () => {
    const server = await loopback.server({ drainTimeoutMs: 5000 }, { [SLOW]: slow(100) });
    const client = loopback.client();
    const calls = Array.from({ length: 5 }, () => client.invokeSync(server.address, requestFor(SLOW)));
    await eventually(() => server.dispatcher.pending === 5, 'all run');
    const stopped = server.shutdown();
    await expect(loopback.client().invokeSync(server.address, echoRequest())).rejects.toMatchObject({
      code: 'RMQ_REMOTING_CONNECT',
    });
    expect((await Promise.all(calls)).map(answer => answer.code)).toEqual([0, 0, 0, 0, 0]);
    await stopped;
    expect(server.channels.size).toBe(0);
  });

  test('waits drainTimeoutMs for what does not finish', async () => {
    const never: RequestProcessor = { processRequest: () => new Promise(() => undefined) };
    const server = await loopback.server({ drainTimeoutMs: 80 }, { [SLOW]: never });
    const client = loopback.client();
    const call = client.invokeSync(server.address, requestFor(SLOW), 5000);
    const failed = expect(call).rejects.toThrow(RemotingSendRequestError);
    await eventually(() => server.dispatcher.pending === 1, 'it runs');
    const begun = performance.now();
    await server.shutdown();
    expect(performance.now() - begun).toBeGreaterThanOrEqual(75);
    await failed;
  });

  /*
   * A client that went on sending while the server waited for it to close had its answer written behind the end of the
   * connection: Node destroyed it at once for that, what was still on its way included, and told of an EXCEPTION.
   */
  test('a client that goes on sending behind its end costs nothing of what was answered before', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const socket = connect({ port: server.localListenPort(), host: '127.0.0.1', allowHalfOpen: true });
    const peer = new RawPeer(socket);
    peer.request({ code: ECHO, opaque: 1, version: 401 });
    await peer.next();
    const stopped = server.shutdown();
    await once(socket, 'end');
    peer.request({ code: ECHO, opaque: 2, version: 401 });
    await eventually(
      () => server.statistics.requests.of(ECHO).count('sync', 'success') === 2,
      'the late request was served',
    );
    expect(server.channels.size).toBe(1);
    socket.end();
    await stopped;
    expect([peer.commands.length, server.statistics.channelEvents.EXCEPTION]).toEqual([0, 0]);
  });

  test('what runs while it drains may call its client back', async () => {
    const server = await loopback.server({ drainTimeoutMs: 5000 });
    server.registerProcessor(SLOW, {
      processRequest: async channel => {
        await eventually(() => server.isDraining, 'it drains');
        return server.invokeSync(channel, echoRequest('from the server'));
      },
    });
    const client = loopback.client();
    client.registerProcessor(ECHO, echo);
    const call = client.invokeSync(server.address, requestFor(SLOW));
    await eventually(() => server.dispatcher.pending === 1, 'it runs');
    const stopped = server.shutdown();
    expect((await call).bodyText).toBe('from the server');
    await stopped;
    await expect(server.invokeSync({} as never, echoRequest())).rejects.toThrow(RemotingStateError);
  });

  test('fails its own calls to clients', async () => {
    const server = await loopback.server();
    const client = loopback.client();
    client.registerProcessor(SILENT, silence);
    await client.connect(server.address);
    await eventually(() => server.channels.size === 1, 'it is connected');
    const [channel] = server.channels;
    const call = server.invokeSync(channel as never, requestFor(SILENT), 60_000);
    const failed = expect(call).rejects.toThrow('the server was shut down before the answer came');
    await server.shutdown();
    await failed;
  });

  test('that never started, twice, and at the same time', async () => {
    const server = new RemotingServer({ port: 0 });
    await Promise.all([server.shutdown(), server.shutdown()]);
    expect(server.localListenPort()).toBe(0);
  });
});
