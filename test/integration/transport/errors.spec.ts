import { expect, test } from '@jest/globals';
import { BadRequestException, Catch, Controller, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { firstValueFrom, type Observable, throwError } from 'rxjs';
import { MQBrokerError } from '../../../src/errors/response-errors.js';
import {
  RemotingConnectError,
  RemotingStateError,
  RemotingTimeoutError,
  RemotingTooMuchRequestError,
} from '../../../src/errors/remoting-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import type { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RemotingRecordBuilder } from '../../../src/transport/remoting.record-builder.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { useNest } from './support/nest-loopback.js';
import { RecordingNestLogger } from './support/recording-nest-logger.js';

const nest = useNest();

class OrderError extends Error {}

@Catch(OrderError)
class OrderFilter implements RpcExceptionFilter<never> {
  catch(error: OrderError): Observable<never> {
    return throwError(() => ({ code: 20_018, message: `filtered ${error.message}` }));
  }
}

const circular: Record<string, unknown> = { code: 20_017, message: 'circular' };
circular['self'] = circular;

/** What each pattern throws. */
const thrown: Readonly<Record<string, () => unknown>> = {
  object: () => new RpcException({ code: 20_017, message: 'no such order' }),
  extra: () => new RpcException({ code: 20_017, message: 'invalid', fields: ['a'], status: 'error' }),
  text: () => new RpcException('told as text'),
  error: () => new RpcException(new Error('secret in an RpcException')),
  'text code': () => new RpcException({ code: 'ORDER_GONE', message: 'gone' }),
  'no message': () => new RpcException({ code: 20_017, reason: 'because' }),
  list: () => new RpcException({ statusCode: 400, message: ['a is missing', 'b too'] }),
  zero: () => new RpcException({ code: 0, message: 'zero is success' }),
  fraction: () => new RpcException({ code: 1.5, message: 'no code' }),
  circular: () => new RpcException(circular),
  big: () => new RpcException({ code: 20_017, message: 'big', big: 1n }),
  huge: () => new RpcException('x'.repeat(2_000_000)),
  http: () => new BadRequestException('http'),
  unknown: () => new Error('secret of the handler'),
  string: () => 'a bare string',
  nothing: () => undefined,
  downstream: () => new RpcException({ code: 20_017, message: 'below', address: '10.0.0.1:1', requestCode: 5 }),
};

@Controller()
class Handlers {
  @MessagePattern('throw') throw(@Payload() name: string): never {
    throw thrown[name]?.();
  }
  @RequestCode(20_003) code(): never {
    throw thrown['object']?.();
  }
  @UseFilters(OrderFilter) @MessagePattern('filtered') filtered(): never {
    throw new OrderError('order');
  }
  @RequestCode(20_004, { timeoutMs: 20 }) slow(): Promise<void> {
    return new Promise(resolve => setTimeout(resolve, 60));
  }
  @RequestCode(20_005) never(): Promise<void> {
    return new Promise(() => undefined);
  }
}

/** The error of a call, and what it says as an object without what is not set. */
async function failure(
  client: ClientRemoting,
  pattern: unknown,
  data: unknown,
): Promise<{ exception: RpcException; told: object }> {
  const error: unknown = await firstValueFrom(client.send(pattern, data)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RpcException);
  const exception = error as RpcException;
  return { exception, told: JSON.parse(JSON.stringify(exception.getError())) as object };
}

const ORIGIN = { address: expect.stringMatching(/^127\.0\.0\.1:\d+$/), requestCode: 30_001 };
const MASKED = { code: 1, message: 'Internal server error', ...ORIGIN };

test.each<[name: string, told: object]>([
  ['object', { code: 20_017, message: 'no such order', ...ORIGIN }],
  ['extra', { code: 20_017, message: 'invalid', fields: ['a'], status: 'error', ...ORIGIN }],
  ['text', { code: 1, message: 'told as text', ...ORIGIN }],
  ['error', MASKED],
  ['text code', { code: 'ORDER_GONE', message: 'gone', ...ORIGIN }],
  ['no message', { code: 20_017, message: '{"code":20017,"reason":"because"}', reason: 'because', ...ORIGIN }],
  ['list', { code: 1, message: '{"statusCode":400,"message":["a is missing","b too"]}', statusCode: 400, ...ORIGIN }],
  ['zero', { code: 1, message: 'zero is success', ...ORIGIN }],
  ['fraction', { code: 1, message: 'no code', ...ORIGIN }],
  ['circular', { code: 20_017, message: 'circular', ...ORIGIN }],
  ['big', { code: 20_017, message: 'big', ...ORIGIN }],
  ['http', MASKED],
  ['unknown', MASKED],
  ['string', MASKED],
  ['nothing', MASKED],
  ['downstream', { code: 20_017, message: 'below', ...ORIGIN }],
])('what a handler throws (%s) reaches the caller as told', async (name, told) => {
  const { client } = await nest.pair([Handlers]);
  const { exception, told: actual } = await failure(client, 'throw', name);
  expect(actual).toEqual(told);
  expect(exception.message).toBe((actual as { message: string }).message);
  expect(exception.cause).toBeInstanceOf(MQBrokerError);
});

test('an error too long for a frame is a clear error', async () => {
  const { client } = await nest.pair([Handlers]);
  const { told } = await failure(client, 'throw', 'huge');
  expect(told).toMatchObject({ code: 1, message: expect.stringContaining('breaks the frame limits') });
});

test('code and remark are what a foreign caller sees', async () => {
  const { address } = await nest.serve([Handlers]);
  const foreign = nest.loopback.client();
  const answer = await foreign.invokeSync(address, new RemotingCommand({ code: 20_003 }));
  expect(answer).toMatchObject({ code: 20_017, remark: 'no such order', body: undefined });
});

test('filters decide', async () => {
  const { client } = await nest.pair([Handlers]);
  expect((await failure(client, 'filtered', 1)).told).toMatchObject({ code: 20_018, message: 'filtered order' });
});

test('what is masked is in the log', async () => {
  const logger = new RecordingNestLogger();
  const { client } = await nest.pair([Handlers], { logger });
  for (const name of ['unknown', 'error']) await failure(client, 'throw', name);
  expect(logger.of('error')).toEqual([
    expect.stringContaining('secret of the handler'),
    expect.stringContaining('secret in an RpcException'),
  ]);
});

test('exposeErrors tells what is otherwise masked', async () => {
  const { client } = await nest.pair([Handlers], { server: { exposeErrors: true } });
  expect((await failure(client, 'throw', 'error')).told).toMatchObject({ message: 'Error: secret in an RpcException' });
});

test('a handler that is not done in time', async () => {
  const { client, strategy } = await nest.pair([Handlers]);
  const { told } = await failure(client, 20_004, 1);
  expect(told).toMatchObject({
    code: 1,
    message: 'request type 20004 not done within 20 ms (timeoutMs of its handler)',
    requestCode: 20_004,
  });
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
});

test('a call that gets no answer', async () => {
  const { client, address } = await nest.pair([Handlers]);
  const { exception, told } = await failure(client, 20_005, new RemotingRecordBuilder('x').setTimeoutMs(40).build());
  expect(told).toEqual({
    code: 'RMQ_REMOTING_TIMEOUT',
    message: expect.stringContaining('40(ms)'),
    address,
    requestCode: 20_005,
  });
  expect(exception.cause).toBeInstanceOf(RemotingTimeoutError);
});

test('a server that cannot be reached: the chain of causes leads to the system’s error', async () => {
  const address = `127.0.0.1:${await nest.loopback.closedPort()}`;
  const client = nest.client({ address });
  const { exception, told } = await failure(client, 20_005, 'x');
  expect(told).toMatchObject({ code: 'RMQ_REMOTING_CONNECT', address, requestCode: 20_005 });
  expect(exception.cause).toBeInstanceOf(RemotingConnectError);
  const codes: unknown[] = [];
  for (let each: unknown = exception; each !== undefined; each = (each as { cause?: unknown }).cause) {
    codes.push((each as { code?: unknown }).code);
  }
  expect(codes).toContain('ECONNREFUSED');
  await expect(client.connect()).rejects.toMatchObject({ error: { code: 'RMQ_REMOTING_CONNECT', address } });
});

test('close() fails what is in flight, and the next call connects again', async () => {
  const { client } = await nest.pair([Handlers]);
  const lost = failure(client, 20_005, 'x');
  await client.connect();
  await client.close();
  const { exception, told } = await lost;
  expect(told).toMatchObject({ code: 'RMQ_REMOTING_STATE', message: expect.stringContaining('shut down') });
  expect(exception.cause).toBeInstanceOf(RemotingStateError);
  expect((await failure(client, 'throw', 'object')).told).toMatchObject({ code: 20_017 });
  await client.close();
  await client.close();
});

test('close() that nobody waits for, and a call right behind it', async () => {
  const { client } = await nest.pair([Handlers]);
  expect((await failure(client, 'throw', 'object')).told).toMatchObject({ code: 20_017 });
  const closing = client.close();
  expect((await failure(client, 'throw', 'object')).told).toMatchObject({ code: 20_017 });
  await closing;
});

test('no permit and no time to wait for one', async () => {
  const { address } = await nest.serve([Handlers]);
  const client = nest.client({ address, permitsAsync: 1, timeoutMs: 60 });
  const first = failure(client, 20_005, 'x');
  const second = await failure(client, 20_005, 'x');
  expect(second.told).toMatchObject({ code: 'RMQ_REMOTING_TIMEOUT', message: expect.stringContaining('semaphore') });
  expect(second.exception.cause).not.toBeInstanceOf(RemotingTooMuchRequestError);
  await first;
});

test.each<[what: string, data: () => unknown]>([
  ['circular', () => circular],
  ['a BigInt', () => 1n],
])('data of which no body can be made (%s) is an error of its call', async (_what, data) => {
  const { client } = await nest.pair([Handlers]);
  const { exception, told } = await failure(client, 'throw', data());
  expect(told).toMatchObject({ code: 'RMQ_CLIENT', message: expect.stringMatching(/circular|BigInt/) });
  expect(exception.cause).toBeInstanceOf(TypeError);
  await expect(firstValueFrom(client.emit('throw', data()))).rejects.toBeInstanceOf(RpcException);
});
