import { describe, expect, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { RemotingConnectError, RemotingStateError, RemotingTimeoutError } from '../../../src/errors/remoting-errors.js';
import { AddressRing } from '../../../src/remoting/address-ring.js';
import { RemotingServer } from '../../../src/remoting/remoting-server.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';

const loopback = useLoopback();

describe('one channel an address', () => {
  test('concurrent connects are merged', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    const calls = Array.from({ length: 50 }, () => client.invokeSync(server.address, echoRequest()));
    const channels = await Promise.all([client.connect(server.address), client.connect(server.address)]);
    await Promise.all(calls);
    expect(channels[0]).toBe(channels[1]);
    expect(server.statistics.connectionsOpened).toBe(1);
    expect(client.connectedAddresses).toEqual([server.address]);
  });

  test('a call whose connect the others wait for may give up; they are served', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    const abort = new AbortController();
    const first = client.invokeSync(server.address, echoRequest(), 1000, { signal: abort.signal });
    const second = client.invokeSync(server.address, echoRequest('x'));
    abort.abort();
    await expect(first).rejects.toMatchObject({ code: 'RMQ_REMOTING_ABORTED' });
    expect((await second).bodyText).toBe('x');
  });

  test('a failed connect is not kept: the next call tries again', async () => {
    const port = await loopback.closedPort();
    const client = loopback.client();
    await expect(client.invokeSync(`127.0.0.1:${port}`, echoRequest())).rejects.toThrow(RemotingConnectError);
    expect(client.failingAddresses).toEqual([`127.0.0.1:${port}`]);
    await loopback.server({ port }, { [ECHO]: echo });
    expect((await client.invokeSync(`127.0.0.1:${port}`, echoRequest('x'))).bodyText).toBe('x');
    expect(client.failingAddresses).toEqual([]);
    expect(client.statistics.reconnects).toBe(0);
  });
});

describe('a server that restarts', () => {
  test('is found again by the next call', async () => {
    const first = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    await client.invokeSync(first.address, echoRequest());
    await first.shutdown();
    await eventually(() => client.connectedAddresses.length === 0, 'the close is seen');
    await loopback.server({ port: Number(first.address.split(':')[1]) }, { [ECHO]: echo });
    expect((await client.invokeSync(first.address, echoRequest('back'))).bodyText).toBe('back');
    expect(client.statistics.reconnects).toBe(1);
  });

  test('may be the same instance, started again', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    for (let round = 0; round < 3; round++) {
      const address = `127.0.0.1:${server.localListenPort()}`;
      expect((await client.invokeSync(address, echoRequest('x'))).bodyText).toBe('x');
      void server.shutdown();
      await server.start();
      expect(server.isStarted).toBe(true);
    }
  });
});

describe('while an address is down', () => {
  test('after three failures calls fail at once until its next try, and say when', async () => {
    const address = `127.0.0.1:${await loopback.closedPort()}`;
    const client = loopback.client({ reconnectDelayMs: 200, reconnectMaxDelayMs: 200 });
    for (let failures = 0; failures < 3; failures++) {
      await expect(client.invokeSync(address, echoRequest())).rejects.toThrow(/ECONNREFUSED/);
    }
    await expect(client.invokeSync(address, echoRequest())).rejects.toThrow(
      /failed before, next try in \d+ ms \(reconnectDelayMs\)/,
    );
    expect(client.statistics.connectFailures).toBe(3);
    await eventually(() => client.failingAddresses.length === 1, 'it is known as failing');
    await new Promise(resolve => setTimeout(resolve, 210));
    await expect(client.invokeSync(address, echoRequest())).rejects.toThrow(/ECONNREFUSED/);
    expect(client.statistics.connectFailures).toBe(4);
  });

  test('with whileDisconnected "wait" calls wait for the server up to their time-out', async () => {
    const port = await loopback.closedPort();
    const client = loopback.client({ whileDisconnected: 'wait', reconnectDelayMs: 20 });
    const patient = [1, 2, 3].map(at => client.invokeSync(`127.0.0.1:${port}`, echoRequest(String(at)), 5000));
    await expect(client.invokeSync(`127.0.0.1:${port}`, echoRequest(), 150)).rejects.toThrow(RemotingTimeoutError);
    const server = await loopback.server({ port }, { [ECHO]: echo });
    expect((await Promise.all(patient)).map(answer => answer.bodyText)).toEqual(['1', '2', '3']);
    expect(server.statistics.connectionsOpened).toBe(1);
  });

  test('shutdown ends the waiting at once', async () => {
    const address = `127.0.0.1:${await loopback.closedPort()}`;
    const client = loopback.client({ whileDisconnected: 'wait', reconnectDelayMs: 10_000 });
    const calls = Array.from({ length: 30 }, () => client.invokeSync(address, echoRequest(), 60_000));
    const connecting = client.connect(address);
    await eventually(() => client.statistics.connectFailures > 0, 'one try has failed');
    void client.shutdown();
    for (const call of calls) await expect(call).rejects.toThrow(RemotingStateError);
    await expect(connecting).rejects.toThrow(RemotingConnectError);
  });
});

/** How many listeners Node takes for a leak; 0: any number is fine. `events.getMaxListeners` of Node 20 throws on 0. */
const warnsAbove = (signal: AbortSignal): unknown => {
  const symbol = Object.getOwnPropertySymbols(signal).find(
    each => each.description === 'events.maxEventTargetListeners',
  );
  return (signal as unknown as Record<symbol, unknown>)[symbol ?? Symbol('none')];
};

test('many calls that wait, or share a signal, are no leak that Node should warn of', async () => {
  const address = `127.0.0.1:${await loopback.closedPort()}`;
  const client = loopback.client({ whileDisconnected: 'wait', reconnectDelayMs: 10 });
  const { signal } = new AbortController();
  const calls = Array.from({ length: 50 }, () => client.invokeSync(address, echoRequest(), 60, { signal }));
  const { stop } = (client as unknown as { table: { stop: AbortController } }).table;
  expect([warnsAbove(signal), warnsAbove(stop.signal)]).toEqual([0, 0]);
  await Promise.allSettled(calls);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  await eventually(() => getEventListeners(stop.signal, 'abort').length === 0, 'the pause is over');
});

describe('a ring of addresses', () => {
  test('takes them in turn', async () => {
    const servers = [await loopback.server({}, { [ECHO]: echo }), await loopback.server({}, { [ECHO]: echo })];
    const client = loopback.client();
    const ring = new AddressRing(servers.map(server => server.address));
    for (let count = 0; count < 10; count++) await client.invokeSync(ring, echoRequest());
    expect(servers.map(server => server.statistics.requests.of(ECHO).count('sync', 'success'))).toEqual([5, 5]);
  });

  test('passes over one that is down, and says so when all are', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const down = `127.0.0.1:${await loopback.closedPort()}`;
    const client = loopback.client();
    const ring = new AddressRing([down, server.address, down]);
    for (let count = 0; count < 10; count++) {
      expect((await client.invokeSync(ring, echoRequest('x'))).bodyText).toBe('x');
    }
    const hopeless = new AddressRing([down, down]);
    await expect(client.invokeSync(hopeless, echoRequest())).rejects.toThrow(
      `none of [${down}, ${down}] could be reached`,
    );
  });
});

describe('listening', () => {
  test('on a port that is taken is a clear error, and can be tried again', async () => {
    const taken = await loopback.server();
    const port = taken.localListenPort();
    const late = new RemotingServer({ port });
    loopback.watch(late);
    await expect(late.start()).rejects.toThrow(
      new RegExp(`cannot listen on 127.0.0.1:${port}: listen EADDRINUSE.*Set another "port" or "host"`),
    );
    expect(late.isStarted).toBe(false);
    await taken.shutdown();
    await late.start();
    expect([late.localListenPort(), late.isStarted]).toEqual([port, true]);
  });

  test('twice, and at the same time, is one', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const port = server.localListenPort();
    await server.start();
    expect([server.localListenPort(), server.isStarted]).toEqual([port, true]);
    await server.shutdown();
    await Promise.all([server.start(), server.start()]);
    expect(server.isStarted).toBe(true);
  });

  test('ends as it was asked for last', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    await Promise.all([server.shutdown(), server.start(), server.shutdown()]);
    expect([server.localListenPort(), server.isStarted]).toEqual([0, false]);
    await Promise.all([server.start(), server.shutdown(), server.start()]);
    expect([server.localListenPort() > 0, server.isStarted]).toEqual([true, true]);
  });

  test('and shutting down before it listens leaves nothing behind', async () => {
    const server = new RemotingServer({ port: 0, host: 'localhost' });
    loopback.watch(server);
    const starting = server.start();
    await server.shutdown();
    await starting;
    expect([server.localListenPort(), server.isStarted]).toEqual([0, false]);
  });

  test('over maxConnections the newest is closed and counted', async () => {
    const server = await loopback.server({ maxConnections: 2 }, { [ECHO]: echo });
    const clients = [loopback.client(), loopback.client()];
    for (const client of clients) await client.invokeSync(server.address, echoRequest());
    await expect(loopback.client().invokeSync(server.address, echoRequest())).rejects.toMatchObject({
      code: expect.stringMatching(/SEND_REQUEST|CONNECT/),
    });
    expect(server.statistics.connectionsRefused).toBe(1);
    for (const client of clients) await client.invokeSync(server.address, echoRequest());
    await clients[0]?.shutdown();
    await eventually(() => server.channels.size === 1, 'there is room');
    await loopback.client().invokeSync(server.address, echoRequest());
  });
});
