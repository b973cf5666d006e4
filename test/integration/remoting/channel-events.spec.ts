import { describe, expect, test } from '@jest/globals';
import type { Channel } from '../../../src/remoting/channel.js';
import type { ChannelEventListener } from '../../../src/remoting/channel-events.js';
import { ECHO, echo, echoRequest, silence } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';

const loopback = useLoopback();

/** Keeps the events as `CONNECT host:port`. */
function recording(): ChannelEventListener & { readonly events: string[] } {
  const events: string[] = [];
  const note =
    (type: string) =>
    (address: string, channel: Channel): void => {
      events.push(`${type} ${address}${channel.remoteAddress === address ? '' : ' of another'}`);
    };
  return {
    events,
    onChannelConnect: note('CONNECT'),
    onChannelClose: note('CLOSE'),
    onChannelIdle: note('IDLE'),
    onChannelException: note('EXCEPTION'),
  };
}

describe('channel events', () => {
  test('come in order on both sides: CONNECT, then CLOSE', async () => {
    const [atServer, atClient] = [recording(), recording()];
    const server = await loopback.server({ channelEventListener: atServer }, { [ECHO]: echo });
    const client = loopback.client({ channelEventListener: atClient });
    const channel = await client.connect(server.address);
    await client.invokeSync(server.address, echoRequest());
    await client.shutdown();
    await eventually(() => atServer.events.length === 2 && atClient.events.length === 2, 'both sides are told');
    expect(atClient.events).toEqual([`CONNECT ${server.address}`, `CLOSE ${server.address}`]);
    expect(atServer.events).toEqual([`CONNECT ${channel.localAddress}`, `CLOSE ${channel.localAddress}`]);
  });

  test('a connection that breaks is an EXCEPTION first', async () => {
    const listener = recording();
    const raw = await loopback.rawServer();
    const client = loopback.client({ channelEventListener: listener });
    await client.connect(raw.address);
    (await raw.peer()).reset();
    await eventually(() => listener.events.length === 3, 'all are told');
    expect(listener.events).toEqual(['CONNECT', 'EXCEPTION', 'CLOSE'].map(type => `${type} ${raw.address}`));
    expect(client.statistics.channelEvents).toEqual({ CONNECT: 1, CLOSE: 1, IDLE: 0, EXCEPTION: 1 });
  });

  test('are told outside of the call that caused them', async () => {
    const raw = await loopback.rawServer();
    const listener = recording();
    const client = loopback.client({ channelEventListener: listener });
    const channel = await client.connect(raw.address);
    await eventually(() => listener.events.length === 1, 'the connect is told');
    client.closeChannel(channel);
    expect(listener.events).toHaveLength(1);
    await eventually(() => listener.events.length === 2, 'the close is told');
  });
});

describe('an idle connection', () => {
  test('is closed by the sweep: IDLE, then CLOSE; the next call connects again', async () => {
    const listener = recording();
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client({ idleTimeoutMs: 100, channelEventListener: listener });
    await client.invokeSync(server.address, echoRequest());
    await eventually(() => listener.events.length === 3, 'it is closed');
    expect(listener.events).toEqual(['CONNECT', 'IDLE', 'CLOSE'].map(type => `${type} ${server.address}`));
    await client.invokeSync(server.address, echoRequest());
    expect(client.statistics.reconnects).toBe(1);
  });

  test('on a server as well, and a call in flight on it fails', async () => {
    const listener = recording();
    const server = await loopback.server({ idleTimeoutMs: 100, channelEventListener: listener }, { [ECHO]: silence });
    const client = loopback.client();
    await expect(client.invokeSync(server.address, echoRequest(), 10_000)).rejects.toMatchObject({
      code: 'RMQ_REMOTING_SEND_REQUEST',
    });
    await eventually(() => listener.events.length === 3, 'all are told');
    expect(listener.events.map(each => each.split(' ')[0])).toEqual(['CONNECT', 'IDLE', 'CLOSE']);
  });

  test('that is used stays', async () => {
    const server = await loopback.server({ idleTimeoutMs: 500 }, { [ECHO]: echo });
    const client = loopback.client({ idleTimeoutMs: 500 });
    for (let count = 0; count < 12; count++) {
      await client.invokeSync(server.address, echoRequest());
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    expect(client.statistics.connectionsOpened).toBe(1);
  });
});
