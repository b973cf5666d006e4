import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern } from '@nestjs/microservices';
import { firstValueFrom, lastValueFrom, Observable, race, retry, Subject, takeUntil, timeout, timer } from 'rxjs';
import type { SerializeType } from '../../../src/protocol/remoting-command.js';
import { RemotingClient } from '../../../src/remoting/remoting-client.js';
import { RemotingServer } from '../../../src/remoting/remoting-server.js';
import type { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RemotingContext } from '../../../src/transport/remoting.context.js';
import { RemotingRecordBuilder } from '../../../src/transport/remoting.record-builder.js';
import { eventually } from '../../helpers/eventually.js';
import { addressOf, type Served, useNest } from './support/nest-loopback.js';
import { observe } from './support/observe.js';

const nest = useNest();
const events = new Map<unknown, number>();
let pending = 0;

@Controller()
class Handlers {
  @MessagePattern(20_001) where(@Ctx() context: RemotingContext): string {
    return context.channel.localAddress;
  }
  @EventPattern([20_002]) event(@Ctx() { channel }: RemotingContext): void {
    events.set(channel.localAddress, (events.get(channel.localAddress) ?? 0) + 1);
  }
  @MessagePattern(20_003) never(): Observable<never> {
    return new Observable(() => {
      pending++;
      return () => void pending--;
    });
  }
  @MessagePattern(20_004) request(@Ctx() { command }: RemotingContext): unknown {
    const { code, serializeType, remark, extFields, language } = command;
    return { code, serializeType, remark, extFields, language };
  }
  @MessagePattern(20_005) silent(): Promise<void> {
    return new Promise(() => undefined);
  }
}

const where = (client: ClientRemoting): Promise<string> => firstValueFrom(client.send<string>(20_001, 'x'));
const servers = (count: number): Promise<Served[]> =>
  Promise.all(Array.from({ length: count }, () => nest.serve([Handlers])));

/** How many of the calls each server got. */
async function spread(client: ClientRemoting, calls: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let call = 0; call < calls; call++) {
    const address = await where(client);
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return counts;
}

/** Nothing of the client waits or holds a permit. */
function expectIdle(client: ClientRemoting): void {
  const { responseTable, semaphoreAsync } = client.unwrap().core;
  expect(responseTable.size).toBe(0);
  expect(semaphoreAsync.availablePermits).toBe(semaphoreAsync.limit);
}

test('a fixed address', async () => {
  const [served] = await servers(1);
  const client = nest.client({ address: served?.address ?? '' });
  expect(await where(client)).toBe(served?.address);
  expect(client.unwrap()).toBeInstanceOf(RemotingClient);
  expect(served?.app.unwrap()).toBeInstanceOf(RemotingServer);
});

test('a list takes calls in turn, and events as well', async () => {
  const all = (await servers(3)).map(served => served.address);
  const client = nest.client({ addresses: all });
  expect(await spread(client, 30)).toEqual(new Map(all.map(address => [address, 10])));
  const [even, ...rest] = all;
  const two = nest.client({ addresses: [even ?? '', rest[0] ?? ''] });
  events.clear();
  for (let event = 0; event < 20; event++) await lastValueFrom(two.emit(20_002, event));
  await eventually(() => [...events.values()].reduce((left, right) => left + right, 0) === 20, 'all events');
  expect(events).toEqual(
    new Map([
      [even, 10],
      [rest[0], 10],
    ]),
  );
});

test('a list passes over a server that is down, and comes back to it when it is up again', async () => {
  const [first, second] = await servers(2);
  const addresses = [first?.address ?? '', second?.address ?? ''];
  const client = nest.client({ addresses, reconnectDelayMs: 5, reconnectMaxDelayMs: 20 });
  expect((await spread(client, 4)).size).toBe(2);
  await second?.strategy.unwrap().shutdown();
  await eventually(() => client.unwrap().connectedAddresses.length === 1, 'the connection is gone');
  expect(await spread(client, 20)).toEqual(new Map([[first?.address, 20]]));
  expect(client.unwrap().failingAddresses).toEqual([second?.address]);
  const again = await nest.serve([Handlers], { server: { port: Number(second?.address.split(':')[1]) } });
  expect(addressOf(again.strategy)).toBe(second?.address);
  for (let tries = 0; client.unwrap().failingAddresses.length > 0 && tries < 500; tries++) await where(client);
  expect(await spread(client, 10)).toEqual(new Map(addresses.map(address => [address, 5])));
});

test('a list of which nobody can be reached is one clear error', async () => {
  const ports = [await nest.loopback.closedPort(), await nest.loopback.closedPort()];
  const addresses = ports.map(port => `127.0.0.1:${port}`);
  const client = nest.client({ addresses });
  expect(await observe(client.send(20_001, 'x'))).toMatchObject({
    error: {
      error: {
        code: 'RMQ_REMOTING_CONNECT',
        message: expect.stringContaining('could be reached'),
        requestCode: 20_001,
      },
    },
  });
  expectIdle(client);
});

test('a name server list: one is chosen and kept, the next one when it is gone', async () => {
  const all = await servers(2);
  const client = nest.client({ nameServers: all.map(served => served.address) });
  const counts = await spread(client, 10);
  expect([...counts.values()]).toEqual([10]);
  const [used] = counts.keys();
  await all
    .find(served => served.address === used)
    ?.strategy.unwrap()
    .shutdown();
  await eventually(() => client.unwrap().connectedAddresses.length === 0, 'the connection is gone');
  const other = all.find(served => served.address !== used)?.address;
  expect(await spread(client, 5)).toEqual(new Map([[other, 5]]));
});

test.each<[how: string, leave: (call: Observable<unknown>) => Promise<unknown>]>([
  [
    'unsubscribe',
    call =>
      new Promise<void>(resolve => {
        const subscription = call.subscribe();
        setTimeout(() => {
          subscription.unsubscribe();
          resolve();
        }, 30);
      }),
  ],
  ['timeout()', call => lastValueFrom(call.pipe(timeout(30))).catch((error: unknown) => error)],
  ['takeUntil()', call => lastValueFrom(call.pipe(takeUntil(timer(30))), { defaultValue: 0 })],
  ['race()', call => lastValueFrom(race(call, timer(30)))],
])('a call that is left by %s gives its permit back and its stream ends', async (_how, leave) => {
  const [served] = await servers(1);
  const client = nest.client({ address: served?.address ?? '', permitsAsync: 1 });
  // the client learns from a stream that the server understands its end
  const first = client.send(20_003, 'x').subscribe({ error: () => undefined });
  await eventually(() => pending === 1, 'subscribed');
  first.unsubscribe();
  await client.close();
  await eventually(() => pending === 0, 'unsubscribed with the connection');
  for (const code of [20_003, 20_005]) {
    await leave(client.send(code, 'x'));
    expectIdle(client);
    expect(await where(client)).toBe(served?.address);
  }
  await client.close();
  await eventually(() => pending === 0, 'unsubscribed');
});

test('a call that is left while it waits for a permit, or for its connection', async () => {
  const [served] = await servers(1);
  const client = nest.client({ address: served?.address ?? '', permitsAsync: 1 });
  const connecting = client.send(20_001, 'x').subscribe();
  connecting.unsubscribe();
  const holder = client.send(20_005, 'x').subscribe();
  await eventually(() => client.unwrap().core.semaphoreAsync.availablePermits === 0, 'the permit is taken');
  const waiter = client.send(20_001, 'x').subscribe();
  await eventually(() => client.unwrap().core.semaphoreAsync.queueLength === 1, 'one waits');
  waiter.unsubscribe();
  expect(client.unwrap().core.semaphoreAsync.queueLength).toBe(0);
  holder.unsubscribe();
  expectIdle(client);
  expect(await where(client)).toBe(served?.address);
});

test('1,000 calls left at once', async () => {
  const [served] = await servers(1);
  const client = nest.client({ address: served?.address ?? '' });
  const left = new Subject<void>();
  const calls = Array.from({ length: 1000 }, () => observe(client.send(20_005, 'x').pipe(takeUntil(left))));
  await eventually(() => client.unwrap().core.responseTable.size === 1000, 'all are sent');
  left.next();
  await Promise.all(calls);
  expectIdle(client);
});

test('a failed call can be retried by subscribing again', async () => {
  const port = await nest.loopback.closedPort();
  const client = nest.client({ address: `127.0.0.1:${port}`, reconnectDelayMs: 0 });
  const call = where(client).catch(() => undefined);
  expect(await call).toBeUndefined();
  const retried = firstValueFrom(client.send<string>(20_001, 'x').pipe(retry({ count: 200, delay: 10 })));
  const again = await nest.serve([Handlers], { server: { port } });
  expect(await retried).toBe(again.address);
});

test.each<SerializeType>(['JSON', 'ROCKETMQ'])('a record says what goes beside its data, %s headers', async type => {
  const [served] = await servers(1);
  const client = nest.client({ address: served?.address ?? '' });
  const record = new RemotingRecordBuilder('x')
    .setExtFields({ a: '1' })
    .setExtFields({ b: 'ä' })
    .setSerializeType(type)
    .setRemark('noted')
    .build();
  expect(await firstValueFrom(client.send(20_004, record))).toMatchObject({
    code: 20_004,
    serializeType: type,
    remark: 'noted',
    extFields: { a: '1', b: 'ä' },
  });
});

test('the time-out of a record wins over that of the client', async () => {
  const [served] = await servers(1);
  const client = nest.client({ address: served?.address ?? '', timeoutMs: 60_000 });
  const begun = performance.now();
  const record = new RemotingRecordBuilder('x').setTimeoutMs(50).build();
  expect(await observe(client.send(20_005, record))).toMatchObject({
    error: { error: { code: 'RMQ_REMOTING_TIMEOUT' } },
  });
  expect(performance.now() - begun).toBeLessThan(2000);
  expectIdle(client);
});

test('on() and the listener of the options hear of connections, whatever each of them throws', async () => {
  const [served] = await servers(1);
  const heard: string[] = [];
  const client = nest.client({
    address: served?.address ?? '',
    channelEventListener: {
      onChannelConnect: () => {
        heard.push('option');
        throw new Error('listener broke');
      },
    },
  });
  client.on('connect', address => {
    heard.push(`first ${address}`);
    throw new Error('listener broke');
  });
  client.on('connect', async address => {
    await Promise.resolve();
    heard.push(`second ${address}`);
  });
  client.on('close', address => void heard.push(`closed ${address}`));
  served?.strategy.on('connect', () => void heard.push('server'));
  await client.connect();
  await eventually(() => heard.length === 4, 'all heard');
  expect(heard.toSorted()).toEqual(
    ['option', 'server', `first ${served?.address}`, `second ${served?.address}`].toSorted(),
  );
  await client.close();
  await eventually(() => heard.includes(`closed ${served?.address}`), 'closed');
});

test('connect() again and again makes one connection, and a failed attempt is not kept', async () => {
  const port = await nest.loopback.closedPort();
  const client = nest.client({ address: `127.0.0.1:${port}` });
  await expect(client.connect()).rejects.toMatchObject({ error: { code: 'RMQ_REMOTING_CONNECT' } });
  await nest.serve([Handlers], { server: { port } });
  await Promise.all([client.connect(), client.connect(), client.connect()]);
  await client.connect();
  expect(client.unwrap().statistics.connectionsOpened).toBe(1);
});

test('publish, as operators and subclasses of Nest use it', async () => {
  const [served] = await servers(1);
  const client = nest.client({ address: served?.address ?? '' });
  const packets: unknown[] = [];
  type Publish = (packet: { pattern: unknown; data: unknown }, callback: (packet: object) => void) => () => void;
  const publish = (client as unknown as { publish: Publish }).publish.bind(client);
  await new Promise<void>(resolve => {
    publish({ pattern: 20_001, data: 'x' }, packet => {
      packets.push(packet);
      if ('isDisposed' in packet) resolve();
    });
  });
  expect(packets).toEqual([{ response: served?.address }, { isDisposed: true }]);
  publish({ pattern: 20_005, data: 'x' }, () => undefined)();
  expectIdle(client);
});

test('a call without subscriber connects nowhere', async () => {
  const [served] = await servers(1);
  const client = nest.client({ address: served?.address ?? '' });
  client.send(20_001, 'x');
  await new Promise(setImmediate);
  expect(client.unwrap().isStarted).toBe(false);
  expect(served?.strategy.unwrap().statistics.connectionsOpened).toBe(0);
});
