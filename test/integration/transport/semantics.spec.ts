import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Module,
  type NestInterceptor,
  ParseIntPipe,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import {
  concat,
  firstValueFrom,
  interval,
  lastValueFrom,
  map,
  NEVER,
  Observable,
  of,
  take,
  tap,
  throwError,
  timeout,
  toArray,
} from 'rxjs';
import { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RemotingContext } from '../../../src/transport/remoting.context.js';
import { ServerRemoting } from '../../../src/transport/server-remoting.js';

const als = new AsyncLocalStorage<number>();
const events: unknown[] = [];
let forever = 0;
let starts = 0;
let ends = 0;

class No implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    expect(context.getType()).toBe('rpc');
    expect(context.switchToRpc().getContext()).toBeInstanceOf(RemotingContext);
    return false;
  }
}
class Twice implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value: unknown) => [value, value]));
  }
}

@Controller()
class Handlers {
  @MessagePattern(1) sum(@Payload() numbers: number[]): number {
    return numbers.reduce((left, right) => left + right, 0);
  }
  @MessagePattern(2) stream(@Payload() count: number): Observable<number> {
    return interval(1).pipe(take(count));
  }
  @MessagePattern(3) rpcError(): never {
    throw new RpcException({ code: 17, message: 'no such order', detail: 'x' });
  }
  @MessagePattern(4) boom(): never {
    throw new Error('secret');
  }
  @UseGuards(No) @MessagePattern(5) guarded(): number {
    return 1;
  }
  @UseInterceptors(Twice) @MessagePattern(6) twice(@Payload() value: unknown): unknown {
    return value;
  }
  @MessagePattern(7) piped(@Payload(ParseIntPipe) value: number): number {
    return value + 1;
  }
  @MessagePattern(9) endless(): Observable<never> {
    return new Observable(() => {
      forever++;
      return () => void forever--;
    });
  }
  @MessagePattern(10) half(): Observable<number> {
    return concat(
      of(1, 2),
      throwError(() => new RpcException('late')),
    );
  }
  @MessagePattern(11) async context(@Ctx() context: RemotingContext): Promise<unknown> {
    await Promise.resolve();
    return { code: context.command.code, als: als.getStore() };
  }
  @MessagePattern({ cmd: 'object' }) object(@Payload() value: unknown): unknown {
    return value;
  }
  @MessagePattern('1e3') topic(): string {
    return 'found';
  }
  @MessagePattern(12) bytes(@Payload() value: Buffer): Buffer {
    return Buffer.concat([value, value]);
  }
  @EventPattern(13) event(@Payload() value: unknown): void {
    events.push(value);
  }
  @MessagePattern(14) nothing(): void {}
  @MessagePattern(15) never(): Observable<never> {
    return NEVER;
  }
}
@Module({ controllers: [Handlers] })
class AppModule {}

const server = new ServerRemoting({ port: 0 });
let client: ClientRemoting;
let close: () => Promise<void>;
const call = (pattern: unknown, data: unknown): Promise<unknown> => firstValueFrom(client.send(pattern, data));

beforeAll(async () => {
  const app = await NestFactory.createMicroservice(AppModule, { strategy: server, logger: false });
  server.setOnProcessingStartHook((_transport, _context, done) => void als.run(++starts, done));
  server.setOnProcessingEndHook(() => void ends++);
  await app.listen();
  client = new ClientRemoting({ address: `127.0.0.1:${server.unwrap().localListenPort()}` });
  close = () => app.close();
});
afterAll(async () => {
  await client.close();
  await close();
  expect(ends).toBe(starts);
});

test('answers values, bytes, objects and nothing', async () => {
  expect(await call(1, [1, 2, 3])).toBe(6);
  expect(await call('1', [1, 2])).toBe(3);
  expect(await call({ cmd: 'object' }, { a: 1 })).toEqual({ a: 1 });
  expect(await call('1e3', 1)).toBe('found');
  expect(await call(12, Buffer.from([255, 0]))).toEqual(Buffer.from([255, 0, 255, 0]));
  expect(await lastValueFrom(client.send(14, 'x'), { defaultValue: 'empty' })).toBe('empty');
});

test('streams', async () => {
  expect(await lastValueFrom(client.send(2, 4).pipe(toArray()))).toEqual([0, 1, 2, 3]);
  const half: unknown[] = [];
  await expect(lastValueFrom(client.send(10, 'x').pipe(tap(value => half.push(value))))).rejects.toMatchObject({
    message: 'late',
  });
  expect(half).toEqual([1, 2]);
});

test('errors', async () => {
  await expect(call(3, 'x')).rejects.toMatchObject({
    error: { code: 17, message: 'no such order', detail: 'x', requestCode: 3 },
  });
  await expect(call(4, 'x')).rejects.toMatchObject({ error: { code: 1, message: 'Internal server error' } });
  await expect(call(5, 'x')).rejects.toMatchObject({ message: 'Forbidden resource' });
  await expect(call(7, 'zz')).rejects.toBeInstanceOf(RpcException);
  await expect(call(99, 'x')).rejects.toMatchObject({ error: { code: 3 } });
  await expect(call('none', 'x')).rejects.toMatchObject({ error: { code: 3 } });
  await expect(call(1, null)).rejects.toThrow();
});

test('interceptors, pipes and contexts', async () => {
  expect(await call(6, 'a')).toEqual(['a', 'a']);
  expect(await call(7, '41')).toBe(42);
  const many = (await Promise.all([1, 2, 3, 4].map(() => call(11, 'x')))) as { als: number }[];
  expect(new Set(many.map(each => each.als)).size).toBe(4);
});

test('events', async () => {
  await lastValueFrom(client.emit(13, { e: 1 }), { defaultValue: 0 });
  expect(await lastValueFrom(client.send(13, { e: 2 }), { defaultValue: 'done' })).toBe('done');
  expect(events).toEqual([{ e: 1 }, { e: 2 }]);
});

test('a call that its caller leaves gives its permit back and ends its stream', async () => {
  await lastValueFrom(client.send(2, 2));
  await expect(lastValueFrom(client.send(9, 'x').pipe(timeout(30)))).rejects.toMatchObject({ name: 'TimeoutError' });
  const { core } = client.unwrap();
  expect(core.responseTable.size).toBe(0);
  expect(core.semaphoreAsync.availablePermits).toBe(65_535);
  await call(1, [1]);
  expect(forever).toBe(0);
});
