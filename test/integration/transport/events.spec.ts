import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { EMPTY, firstValueFrom, lastValueFrom, map, type Observable, of, throwError, timer } from 'rxjs';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { eventually } from '../../helpers/eventually.js';
import { useNest } from './support/nest-loopback.js';
import { observe } from './support/observe.js';
import { RecordingNestLogger } from './support/recording-nest-logger.js';

const nest = useNest();
let seen: unknown[] = [];

@Controller()
class Handlers {
  @EventPattern(['created']) created(@Payload() value: unknown): void {
    seen.push(['created', value]);
  }
  @EventPattern(['created']) createdToo(@Payload() value: unknown): void {
    seen.push(['too', value]);
  }
  @RequestCode(20_006, { event: true }) code(@Payload() value: unknown): string {
    seen.push(['code', value]);
    return 'dropped';
  }
  @RequestCode(20_006, { event: true }) codeToo(): void {
    seen.push(['code too']);
  }
  @EventPattern(['observable']) observable(): Observable<unknown> {
    return timer(5).pipe(map(() => seen.push('observable done')));
  }
  @EventPattern(['empty']) empty(): Observable<never> {
    return EMPTY;
  }
  @EventPattern(['throws']) throws(): never {
    throw new Error('event went wrong');
  }
  @EventPattern(['rejects']) async rejects(): Promise<never> {
    await Promise.resolve();
    throw new RpcException({ code: 20_017, message: 'told' });
  }
  @EventPattern(['errors']) errors(): Observable<never> {
    return throwError(() => new RpcException('from a stream'));
  }
  @EventPattern(['hostile']) hostile(): never {
    const circular: Record<string, unknown> = { big: 1n };
    circular['self'] = circular;
    throw new RpcException(circular);
  }
  @RequestCode(20_009, { event: true, timeoutMs: 20 }) never(): Promise<void> {
    return new Promise(resolve => setTimeout(resolve, 100));
  }
  @MessagePattern('message') message(@Payload() value: unknown): Observable<unknown> {
    seen.push(['message', value]);
    return of('dropped');
  }
  @MessagePattern('failing message') failing(): never {
    throw new RpcException('nobody hears it');
  }
}

async function start(): Promise<Awaited<ReturnType<typeof nest.pair>> & { logger: RecordingNestLogger }> {
  seen = [];
  const logger = new RecordingNestLogger();
  return { ...(await nest.pair([Handlers], { logger })), logger };
}

test('an event reaches all handlers of its pattern or code, and its emitter hears that it was sent', async () => {
  const { client } = await start();
  expect(await observe(client.emit('created', { id: 1 }))).toEqual({ values: [undefined] });
  client.emit(20_006, { id: 2 });
  await eventually(() => seen.length === 4, 'four handlers');
  expect(seen).toEqual([['created', { id: 1 }], ['too', { id: 1 }], ['code', { id: 2 }], ['code too']]);
});

test('an event called two-way is answered with nothing once it is done', async () => {
  const { client, address } = await start();
  expect(await observe(client.send('observable', 1))).toEqual({ values: [] });
  expect(seen).toEqual(['observable done']);
  expect(await observe(client.send('empty', 1))).toEqual({ values: [] });
  const answer = await nest.loopback.client().invokeSync(address, new RemotingCommand({ code: 20_006, body: '1' }));
  expect(answer).toMatchObject({ code: 0, body: undefined });
  expect(seen).toEqual(['observable done', ['code', 1], ['code too']]);
});

test('an event called two-way that fails is answered with its error', async () => {
  const { client } = await start();
  expect(await observe(client.send('rejects', 1))).toMatchObject({
    error: { error: { code: 20_017, message: 'told' } },
  });
  expect(await observe(client.send('throws', 1))).toMatchObject({ error: { message: 'Internal server error' } });
});

test.each([
  ['throws', /event went wrong/],
  ['rejects', /event rejects failed: .*told/],
  ['errors', /event errors failed: .*from a stream/],
  ['hostile', /event hostile failed: .*Circular/],
])('an event handler that fails (%s) is logged and disturbs nothing', async (pattern, line) => {
  const { client, logger, strategy } = await start();
  await lastValueFrom(client.emit(pattern, 1));
  await eventually(() => logger.of('error').some(each => line.test(each.replaceAll('\n', ' '))), String(line));
  await eventually(() => strategy.unwrap().dispatcher.pending === 0, 'done');
  await lastValueFrom(client.emit('created', 1));
  await eventually(() => seen.length === 2, 'the next event');
});

test('an event handler that takes longer than it may is logged', async () => {
  const { client, logger, strategy } = await start();
  await lastValueFrom(client.emit(20_009, 1));
  await eventually(() => logger.of('error').length > 0, 'a line');
  expect(logger.of('error')).toEqual([expect.stringContaining('request type 20009 not done within 20 ms')]);
  await eventually(() => strategy.unwrap().dispatcher.pending === 0, 'done');
});

test('a message handler called oneway runs and its result is dropped', async () => {
  const { client, logger, strategy } = await start();
  await lastValueFrom(client.emit('message', 5));
  await eventually(() => seen.length === 1, 'the handler');
  expect(seen).toEqual([['message', 5]]);
  await lastValueFrom(client.emit('failing message', 5));
  await eventually(() => logger.of('error').length === 1, 'the failure is logged');
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
  expect(client.unwrap().statistics.lateReplies).toBe(0);
});

test('an event that nobody serves is dropped', async () => {
  const { client } = await start();
  await lastValueFrom(client.emit('nobody', 1));
  await lastValueFrom(client.emit(29_999, 1));
  expect(await firstValueFrom(client.send('message', 1))).toBe('dropped');
});

test('emit is hot: it happens without a subscriber, and its failure then is nobody’s rejection', async () => {
  const { client } = await start();
  client.emit('created', 'hot');
  await eventually(() => seen.length === 2, 'both handlers');
  const port = await nest.loopback.closedPort();
  const lost = nest.client({ address: `127.0.0.1:${port}` });
  const event = lost.emit('created', 'lost');
  // a rejection that nobody handles would fail this test
  expect(await observe(event)).toMatchObject({ error: { error: { code: 'RMQ_REMOTING_CONNECT' } } });
  lost.emit('created', 'lost again');
  await eventually(
    () => lost.unwrap().statistics.calls.of(30_001).count('oneway', 'connect_error') === 2,
    'both have failed',
  );
});

test('send is cold: nothing is sent without a subscriber, and again for each one', async () => {
  const { client } = await start();
  const call = client.send('message', 'cold');
  await lastValueFrom(client.send('message', 'first'));
  expect(seen).toEqual([['message', 'first']]);
  await lastValueFrom(call);
  await lastValueFrom(call);
  expect(seen).toEqual([
    ['message', 'first'],
    ['message', 'cold'],
    ['message', 'cold'],
  ]);
});
