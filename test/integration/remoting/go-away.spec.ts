import { describe, expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { ResponseCode } from '../../../src/protocol/response-codes.js';
import { MQVersion } from '../../../src/protocol/mq-version.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { useLoopback } from '../../helpers/loopback.js';

const loopback = useLoopback();
const GO_AWAY = { code: ResponseCode.GO_AWAY };

describe('a draining server', () => {
  test.each([
    [MQVersion.V5_3_1, 0],
    [MQVersion.V5_3_1 + 1, ResponseCode.GO_AWAY],
    [MQVersion.V5_5_0, ResponseCode.GO_AWAY],
  ])('answers a client of version %i with code %i', async (version, code) => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const peer = await loopback.rawClient(server.localListenPort());
    server.beginDraining();
    peer.request({ code: ECHO, version, opaque: 4 });
    expect(await peer.next()).toMatchObject({ code, opaque: 4 });
  });

  test('serves what came before, and oneway requests', async () => {
    const server = await loopback.server();
    let served = 0;
    const gate = new EventEmitter();
    server.registerProcessor(ECHO, {
      processRequest: async (channel, request) => {
        served++;
        await once(gate, 'open');
        return echo.processRequest(channel, request);
      },
    });
    const peer = await loopback.rawClient(server.localListenPort());
    peer.request({ code: ECHO, opaque: 1 });
    peer.request({ code: 999, opaque: 2 });
    expect((await peer.next()).opaque).toBe(2);
    server.beginDraining();
    peer.request({ code: ECHO, opaque: 3, flag: 2 });
    peer.request({ code: ECHO, opaque: 4 });
    expect(await peer.next()).toMatchObject({ opaque: 4, code: ResponseCode.GO_AWAY });
    gate.emit('open');
    expect(await peer.next()).toMatchObject({ opaque: 1, code: 0 });
    expect(served).toBe(2);
  });
});

describe('a client', () => {
  test('resends the call once over a new connection; answers in flight on the old one still come', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const other = client.invokeSync(raw.address, echoRequest('other'));
    const call = client.invokeSync(raw.address, echoRequest('again'));
    const old = await raw.peer();
    const [first, second] = await old.take(2);
    old.answer(second as never, GO_AWAY);
    const fresh = await raw.peer();
    const resent = await fresh.next();
    expect([resent.bodyText, resent.opaque]).toEqual(['again', 3]);
    old.answer(first as never, { body: 'old' });
    expect((await other).bodyText).toBe('old');
    fresh.answer(resent, { body: 'new' });
    expect((await call).bodyText).toBe('new');
    expect(client.statistics.goAwayResends).toBe(1);
    const later = client.invokeSync(raw.address, echoRequest('later'));
    fresh.answer(await fresh.next(), { body: 'later' });
    expect((await later).bodyText).toBe('later');
    expect(client.connectedAddresses).toEqual([raw.address]);
  });

  test('takes a second GO_AWAY for an error that says so', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const call = client.invokeSync(raw.address, echoRequest());
    const failed = expect(call).rejects.toMatchObject({
      code: 'RMQ_REMOTING_SEND_REQUEST',
      message: expect.stringContaining('answered GO_AWAY to the second try as well'),
    });
    for (let tries = 0; tries < 2; tries++) {
      const peer = await raw.peer();
      peer.answer(await peer.next(), GO_AWAY);
    }
    await failed;
  });

  test('sends many calls away over one new connection', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const calls = Array.from({ length: 30 }, (_, at) => client.invokeSync(raw.address, echoRequest(String(at))));
    const old = await raw.peer();
    for (const request of await old.take(30)) old.answer(request, GO_AWAY);
    const fresh = await raw.peer();
    for (const request of await fresh.take(30)) fresh.answer(request, { body: request.bodyText });
    expect((await Promise.all(calls)).map(answer => answer.bodyText)).toEqual(calls.map((_, at) => String(at)));
    expect(client.statistics.connectionsOpened).toBe(2);
  });

  test('fails the call when there is nowhere to go', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const call = client.invokeSync(raw.address, echoRequest());
    const failed = expect(call).rejects.toMatchObject({ code: 'RMQ_REMOTING_CONNECT' });
    const peer = await raw.peer();
    const request = await peer.next();
    await raw.stop(peer);
    peer.answer(request, GO_AWAY);
    await failed;
  });

  test('within the time-out of the call, which goes on', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const call = client.invokeSync(raw.address, echoRequest(), 100);
    const failed = expect(call).rejects.toMatchObject({ code: 'RMQ_REMOTING_TIMEOUT' });
    const old = await raw.peer();
    old.answer(await old.next(), GO_AWAY);
    await (await raw.peer()).next();
    await failed;
  });

  test('goes to the next name server when that was the address', async () => {
    const [raw, server] = [await loopback.rawServer(), await loopback.server({}, { [ECHO]: echo })];
    const client = loopback.client({ nameServers: [raw.address] });
    const call = client.invokeSync(null, echoRequest('x'));
    const peer = await raw.peer();
    const request = await peer.next();
    client.updateNameServerAddressList([raw.address, server.address]);
    await raw.stop(peer);
    peer.answer(request, GO_AWAY);
    expect((await call).bodyText).toBe('x');
  });

  test('with enableReconnectForGoAway off gets it as an answer', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client({ enableReconnectForGoAway: false });
    const call = client.invokeSync(raw.address, echoRequest());
    const peer = await raw.peer();
    peer.answer(await peer.next(), GO_AWAY);
    expect(await call).toMatchObject(GO_AWAY);
  });

  test('shut down or aborted while it goes elsewhere is over', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const abort = new AbortController();
    const call = client.invokeSync(raw.address, echoRequest(), 5000, { signal: abort.signal });
    const failed = expect(call).rejects.toMatchObject({ code: 'RMQ_REMOTING_ABORTED' });
    const peer = await raw.peer();
    const request = await peer.next();
    peer.answer(request, GO_AWAY);
    await raw.peer();
    abort.abort();
    await failed;
  });
});
