import { describe, expect, test } from '@jest/globals';
import { RemotingConnectError, RemotingTimeoutError } from '../../../src/errors/remoting-errors.js';
import type { RemotingServer } from '../../../src/remoting/remoting-server.js';
import { ECHO, echo, echoRequest, silence } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';

const loopback = useLoopback();

type Server = RemotingServer & { readonly address: string };

const servers = (count: number): Promise<Server[]> =>
  Promise.all(Array.from({ length: count }, () => loopback.server({}, { [ECHO]: echo })));
const served = (server: Server): number => server.statistics.requests.of(ECHO).count('sync', 'success');

describe('the address null', () => {
  test('is a name server, the same one as long as it is there', async () => {
    const all = await servers(3);
    const client = loopback.client({ nameServers: all.map(server => server.address) });
    for (let count = 0; count < 6; count++) await client.invokeSync(null, echoRequest());
    await Promise.all([1, 2, 3].map(() => client.invokeSync(null, echoRequest())));
    expect(all.map(served).toSorted((a, b) => a - b)).toEqual([0, 0, 9]);
  });

  test('is a random one to begin with', async () => {
    const all = await servers(2);
    const first = new Set<number>();
    for (let count = 0; first.size < 2 && count < 60; count++) {
      const client = loopback.client({ nameServers: all.map(server => server.address) });
      const { address } = { address: (await client.connect(null)).remoteAddress };
      first.add(all.findIndex(server => server.address === address));
      await client.shutdown();
    }
    expect(first.size).toBe(2);
  });

  test('goes on to the next one that can be reached', async () => {
    const [only] = (await servers(1)) as [Server];
    const down = await Promise.all([1, 2].map(async () => `127.0.0.1:${await loopback.closedPort()}`));
    const client = loopback.client({ nameServers: [...down, only.address] });
    const calls = [1, 2, 3, 4].map(() => client.invokeSync(null, echoRequest()));
    await Promise.all(calls);
    expect(served(only)).toBe(4);
    expect(client.statistics.connectionsOpened).toBe(1);
  });

  test('with whileDisconnected "wait" as well: it does not wait for one that is down while another is there', async () => {
    const [only] = (await servers(1)) as [Server];
    const down = await Promise.all([1, 2].map(async () => `127.0.0.1:${await loopback.closedPort()}`));
    const client = loopback.client({
      nameServers: [...down, only.address],
      whileDisconnected: 'wait',
      reconnectDelayMs: 5000,
    });
    await client.invokeSync(null, echoRequest(), 1000);
    expect(served(only)).toBe(1);
  });

  test('after the one in use went away is another one', async () => {
    const all = await servers(2);
    const client = loopback.client({ nameServers: all.map(server => server.address) });
    await client.invokeSync(null, echoRequest());
    const used = all.find(server => served(server) === 1) as Server;
    await used.shutdown();
    await eventually(() => client.connectedAddresses.length === 0, 'its close is seen');
    await client.invokeSync(null, echoRequest());
    expect(all.map(served)).toEqual([1, 1]);
  });

  test('after a time-out is another one', async () => {
    const silent = await loopback.server({}, { [ECHO]: silence });
    const [talks] = (await servers(1)) as [Server];
    const client = loopback.client({ nameServers: [silent.address, talks.address] });
    const results = await Promise.allSettled([client.invokeSync(null, echoRequest(), 60)]);
    if (results[0]?.status === 'rejected') expect(results[0].reason).toBeInstanceOf(RemotingTimeoutError);
    for (let count = 0; count < 3; count++) await client.invokeSync(null, echoRequest(), 1000);
    expect(served(talks)).toBeGreaterThanOrEqual(3);
  });

  test('is an error that says what to do when none is known or none can be reached', async () => {
    const client = loopback.client();
    await expect(client.invokeSync(null, echoRequest())).rejects.toThrow(
      'no name server address is known: call updateNameServerAddressList() or set the option nameServers',
    );
    const down = await Promise.all([1, 2].map(async () => `127.0.0.1:${await loopback.closedPort()}`));
    client.updateNameServerAddressList(down);
    const failure = client.invokeSync(null, echoRequest());
    await expect(failure).rejects.toThrow(RemotingConnectError);
    await expect(failure).rejects.toThrow(/no name server of \[127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+\] could be reached/);
  });
});

describe('updateNameServerAddressList', () => {
  test('shuffles', () => {
    const addresses = Array.from({ length: 30 }, (_, at) => `10.0.0.${at}:9876`);
    const client = loopback.client();
    client.updateNameServerAddressList(addresses);
    const list = client.getNameServerAddressList();
    expect(list).not.toEqual(addresses);
    expect(new Set(list)).toEqual(new Set(addresses));
  });

  test('changes nothing when the members are the same, whatever their order, nor when there are none', () => {
    const addresses = Array.from({ length: 10 }, (_, at) => `10.0.0.${at}:9876`);
    const client = loopback.client({ nameServers: addresses });
    const before = client.getNameServerAddressList();
    for (const same of [addresses, addresses.toReversed(), [...addresses, ...addresses], []]) {
      client.updateNameServerAddressList(same);
      expect(client.getNameServerAddressList()).toBe(before);
    }
    client.updateNameServerAddressList(addresses.slice(1));
    expect(client.getNameServerAddressList()).toHaveLength(9);
    client.updateNameServerAddressList(addresses);
    expect(client.getNameServerAddressList()).toHaveLength(10);
  });

  test('closes channels to those that are gone; the next call goes to one that is in the list', async () => {
    const [old, next] = (await servers(2)) as [Server, Server];
    const client = loopback.client({ nameServers: [old.address] });
    await client.invokeSync(null, echoRequest());
    client.updateNameServerAddressList([next.address]);
    await eventually(() => old.channels.size === 0, 'the old channel is closed');
    await client.invokeSync(null, echoRequest());
    expect([served(old), served(next)]).toEqual([1, 1]);
    // one that stays keeps its channel
    client.updateNameServerAddressList([next.address, old.address]);
    await client.invokeSync(null, echoRequest());
    expect(next.statistics.connectionsOpened).toBe(1);
  });

  test('while one is being chosen does not bring back one that is gone', async () => {
    const [old, next] = (await servers(2)) as [Server, Server];
    const client = loopback.client({ nameServers: [old.address] });
    const connecting = client.connect(null);
    client.updateNameServerAddressList([next.address]);
    await connecting;
    await client.invokeSync(null, echoRequest());
    expect([served(old), served(next)]).toEqual([0, 1]);
  });
});
