import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { firstValueFrom, lastValueFrom, Observable, range, Subject, take, toArray } from 'rxjs';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { eventually } from '../../helpers/eventually.js';
import { useNest } from './support/nest-loopback.js';
import { Deferred, observe } from './support/observe.js';

const nest = useNest();
const STREAM = 20_004;

let source: Subject<unknown>;
let gate: Deferred;
let running = 0;

/** Values of `source`, counted while somebody follows. */
const followed = (): Observable<unknown> =>
  new Observable(subscriber => {
    running++;
    const subscription = source.subscribe(subscriber);
    return () => {
      running--;
      subscription.unsubscribe();
    };
  });

@Controller()
class Handlers {
  @RequestCode(STREAM) stream(): Observable<unknown> {
    return followed();
  }
  @MessagePattern('by pattern') pattern(): Observable<unknown> {
    return followed();
  }
  @RequestCode(20_005) async late(): Promise<Observable<unknown>> {
    await gate.promise;
    return followed();
  }
  @RequestCode(20_006, { timeoutMs: 30 }) async tooLate(): Promise<Observable<unknown>> {
    await gate.promise;
    return followed();
  }
  @RequestCode(20_007) count(@Payload() count: number): Observable<number> {
    return range(1, count);
  }
  @RequestCode(20_008, { timeoutMs: 30 }) limited(): Observable<unknown> {
    return followed();
  }
}

const start = (): ReturnType<typeof nest.pair> => {
  source = new Subject();
  gate = new Deferred();
  running = 0;
  return nest.pair([Handlers]);
};

test.each([STREAM, 'by pattern'])('each value arrives when it is emitted, before the next one: %s', async pattern => {
  const { client } = await start();
  const values: unknown[] = [];
  const end = new Deferred();
  client.send(pattern, 'x').subscribe({ next: value => values.push(value), complete: () => end.resolve() });
  await eventually(() => running === 1, 'subscribed');
  for (const value of [1, 'two', { three: 3 }, false, null]) {
    source.next(value);
    await eventually(() => values.at(-1) === value || JSON.stringify(values.at(-1)) === JSON.stringify(value), 'value');
  }
  source.complete();
  await end.promise;
  expect(values).toEqual([1, 'two', { three: 3 }, false, null]);
  expect(running).toBe(0);
});

test('an error in the middle comes after the values before it', async () => {
  const { client } = await start();
  const seen = observe(client.send(STREAM, 'x'));
  await eventually(() => running === 1, 'subscribed');
  source.next(1);
  source.next(2);
  source.error(new RpcException({ code: 20_017, message: 'broken' }));
  expect(await seen).toMatchObject({ values: [1, 2], error: { error: { code: 20_017, message: 'broken' } } });
});

test('a long burst keeps its order', async () => {
  const { client } = await start();
  const values = await lastValueFrom(client.send(20_007, 20_000).pipe(toArray()));
  expect(values).toEqual(Array.from({ length: 20_000 }, (_, at) => at + 1));
});

test('streams of one connection do not mix', async () => {
  const { client } = await start();
  const counts = Array.from({ length: 50 }, (_, at) => at + 1);
  const all = await Promise.all(counts.map(count => lastValueFrom(client.send(20_007, count).pipe(toArray()))));
  expect(all.map(values => values.length)).toEqual(counts);
});

test('a stream that its client leaves is unsubscribed while the connection stays', async () => {
  const { client, strategy } = await start();
  const first = firstValueFrom(client.send(STREAM, 'x'));
  await eventually(() => running === 1, 'subscribed');
  source.next('first');
  expect(await first).toBe('first');
  await eventually(() => running === 0, 'unsubscribed');
  expect(strategy.unwrap().channels.size).toBe(1);
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
});

test('a stream of a handler that was slower than its client is not begun for nobody', async () => {
  const { client, strategy } = await start();
  await lastValueFrom(client.send(20_007, 2));
  const subscription = client.send(20_005, 'x').subscribe();
  await eventually(() => strategy.unwrap().dispatcher.pending === 1, 'the handler runs');
  subscription.unsubscribe();
  await lastValueFrom(client.send(20_007, 1));
  gate.resolve();
  await eventually(() => strategy.unwrap().dispatcher.pending === 0, 'the request is done');
  expect(running).toBe(0);
});

test('a stream of a handler that was slower than its connection is not begun for nobody', async () => {
  const { client, strategy } = await start();
  const seen = observe(client.send(20_005, 'x'));
  await eventually(() => strategy.unwrap().dispatcher.pending === 1, 'the handler runs');
  await client.close();
  await eventually(() => strategy.unwrap().channels.size === 0, 'the connection is gone');
  gate.resolve();
  await eventually(() => strategy.unwrap().dispatcher.pending === 0, 'the request is done');
  expect(running).toBe(0);
  expect(await seen).toMatchObject({ error: { error: { code: 'RMQ_REMOTING_STATE' } } });
});

test('a stream that begins after the deadline of its handler is dropped', async () => {
  const { client, strategy } = await start();
  expect(await observe(client.send(20_006, 'x'))).toMatchObject({ values: [], error: { error: { code: 1 } } });
  gate.resolve();
  await lastValueFrom(client.send(20_007, 1));
  expect(running).toBe(0);
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
});

test('a stream that outlives the deadline of its handler ends in an error and is unsubscribed', async () => {
  const { client } = await start();
  const seen = observe(client.send(20_008, 'x'));
  await eventually(() => running === 1, 'subscribed');
  source.next(1);
  const message = 'request type 20008 not done within 30 ms (timeoutMs of its handler)';
  expect(await seen).toMatchObject({ values: [1], error: { error: { code: 1, message } } });
  expect(running).toBe(0);
});

test('streams of a connection that breaks are unsubscribed, others are not', async () => {
  const { client, address } = await start();
  const other = nest.client({ address });
  const kept: unknown[] = [];
  other.send(STREAM, 'x').subscribe({ next: value => kept.push(value), error: () => undefined });
  const seen = observe(client.send(STREAM, 'x'));
  await eventually(() => running === 2, 'both subscribed');
  client.unwrap().closeChannel(address);
  expect(await seen).toMatchObject({ error: { error: { code: 'RMQ_REMOTING_SEND_REQUEST' } } });
  await eventually(() => running === 1, 'one unsubscribed');
  source.next('still');
  await eventually(() => kept.length === 1, 'the other goes on');
});

test('streams are unsubscribed when the application closes', async () => {
  const { client, app } = await start();
  const seen = observe(client.send(STREAM, 'x'));
  await eventually(() => running === 1, 'subscribed');
  await app.close();
  await eventually(() => running === 0, 'unsubscribed');
  expect(await seen).toMatchObject({ error: { error: { code: 'RMQ_REMOTING_SEND_REQUEST' } } });
});

test('the time-out of a stream is its longest silence', async () => {
  const { address } = await start();
  const client = nest.client({ address, timeoutMs: 300 });
  const seen = observe(client.send(STREAM, 'x'));
  await eventually(() => running === 1, 'subscribed');
  const begun = performance.now();
  for (let count = 0; performance.now() - begun < 600; count++) {
    source.next(count);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  const { values, error } = await seen;
  expect(values.length).toBeGreaterThan(5);
  expect(error).toMatchObject({ error: { code: 'RMQ_REMOTING_TIMEOUT' } });
  await eventually(() => running === 0, 'unsubscribed');
});

test('a caller that takes no streams gets the last value alone, in one plain answer', async () => {
  const { address } = await start();
  const foreign = nest.loopback.client();
  const answer = await foreign.invokeSync(address, new RemotingCommand({ code: 20_007, body: '5' }));
  expect(answer).toMatchObject({ code: 0, bodyText: '5', extFields: undefined });
  const nothing = await foreign.invokeSync(address, new RemotingCommand({ code: 20_007, body: '0' }));
  expect(nothing).toMatchObject({ code: 0, body: undefined });
});

test('a single value takes one plain frame, also to a caller that takes streams', async () => {
  const { client, strategy } = await start();
  const before = client.unwrap().statistics.bytesReceived;
  expect(await lastValueFrom(client.send(20_007, 1))).toBe(1);
  const single = client.unwrap().statistics.bytesReceived - before;
  expect(await lastValueFrom(client.send(20_007, 2))).toBe(2);
  expect(client.unwrap().statistics.bytesReceived - before - single).toBeGreaterThan(single * 1.5);
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
});

test('operators end a stream early', async () => {
  const { client, strategy } = await start();
  const taken = lastValueFrom(client.send(STREAM, 'x').pipe(take(3), toArray()));
  await eventually(() => running === 1, 'subscribed');
  for (const value of [1, 2, 3, 4]) source.next(value);
  expect(await taken).toEqual([1, 2, 3]);
  await eventually(() => running === 0, 'unsubscribed');
  const requests = strategy.unwrap().statistics.requests.of(STREAM);
  expect([requests.count('sync', 'aborted'), requests.count('sync', 'success')]).toEqual([1, 0]);
});

test('a first stream that says nothing is unsubscribed when its caller leaves', async () => {
  const { client } = await start();
  const left = client.send('by pattern', 'x').subscribe();
  await eventually(() => running === 1, 'subscribed');
  left.unsubscribe();
  await eventually(() => running === 0, 'unsubscribed');
});

test('a connection that answered a caller of streams once cancels a silent one', async () => {
  const { client } = await start();
  expect(await lastValueFrom(client.send(20_007, 1))).toBe(1);
  const left = client.send(STREAM, 'x').subscribe();
  await eventually(() => running === 1, 'subscribed');
  left.unsubscribe();
  await eventually(() => running === 0, 'unsubscribed');
});

test('a value that no frame can hold ends the stream on both sides', async () => {
  const { client } = await start();
  const seen = observe(client.send(STREAM, 'x'));
  await eventually(() => running === 1, 'subscribed');
  source.next('small');
  source.next('x'.repeat(17_000_000));
  source.next('small again');
  const { values, error } = await seen;
  expect(values).toEqual(['small']);
  expect(error).toMatchObject({ error: { code: 1, message: expect.stringContaining('frame limits') } });
  await eventually(() => running === 0, 'unsubscribed');
});
