import { expect, test } from '@jest/globals';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  type OnModuleInit,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { type ClientProxy, EventPattern, MessagePattern, RpcException } from '@nestjs/microservices';
import { trace } from '@opentelemetry/api';
import { concatMap, defer, firstValueFrom, from, interval, lastValueFrom, map, type Observable, toArray } from 'rxjs';
import { RocketMQTracing } from '../../../src/tracing/rocketmq-tracing.js';
import { RocketMQTracingModule } from '../../../src/tracing/rocketmq-tracing.module.js';
import { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { eventually } from '../../helpers/eventually.js';
import { useNest } from '../transport/support/nest-loopback.js';
import { insideSpan, useTracing } from './support/tracing.js';

const nest = useNest();
const tracing = useTracing();

let active: Record<string, string | undefined> = {};
const note = (who: string): void => {
  active[who] = trace.getActiveSpan()?.spanContext().spanId;
};

@Injectable()
class NotingGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    await Promise.resolve();
    note('guard');
    return true;
  }
}

@Injectable()
class NotingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    note('interceptor');
    return next.handle().pipe(
      map(value => {
        note('after');
        return value as unknown;
      }),
    );
  }
}

const CLIENT = 'INNER';
const releases: (() => void)[] = [];

@Controller()
class Handlers {
  constructor(@Inject(CLIENT) private readonly client: ClientProxy) {}

  @UseGuards(NotingGuard)
  @UseInterceptors(NotingInterceptor)
  @RequestCode(20001)
  async ask(): Promise<unknown> {
    note('handler');
    return firstValueFrom(this.client.send(20002, {}));
  }

  @RequestCode(20002)
  answer(): string {
    return 'answer';
  }

  @MessagePattern('orders.find')
  find(): Observable<unknown> {
    // the second call begins in the callback of the first
    return this.client.send(20002, {}).pipe(concatMap(() => this.client.send(20002, {})));
  }

  @MessagePattern({ cmd: 'count' })
  count(): Observable<number> {
    return from([1, 2, 3]);
  }

  @MessagePattern({ cmd: 'endless' })
  endless(): Observable<number> {
    return interval(1);
  }

  @EventPattern(20006)
  event(): void {
    note('event');
  }

  @RequestCode(20003)
  fail(): never {
    throw new RpcException({ code: 20017, message: 'no such order' });
  }

  @RequestCode(20004)
  wait(): Promise<string> {
    return new Promise(resolve => {
      releases.push(() => resolve('late'));
    });
  }
}

/** Calls before the application is up. */
@Injectable()
class Early implements OnModuleInit {
  failed: unknown = undefined;
  constructor(@Inject(CLIENT) private readonly client: ClientProxy) {}

  async onModuleInit(): Promise<void> {
    await lastValueFrom(this.client.send(20002, {})).catch((error: unknown) => {
      this.failed = error;
    });
  }
}

/** A microservice that is called by a client outside of it and calls itself by the client inside. */
const application = async (...providers: (typeof Early)[]) => {
  active = {};
  const port = await nest.loopback.closedPort();
  const address = `127.0.0.1:${port}`;
  const served = await nest.serve([Handlers], {
    server: { port, name: 'shop' },
    imports: [RocketMQTracingModule.forRoot({ requestCodes: { 20001: 'ASK', 20002: 'ANSWER' } })],
    providers: [
      { provide: CLIENT, useFactory: () => nest.watch(new ClientRemoting({ address, name: 'inner' })) },
      ...providers,
    ],
  });
  const client = nest.client({ address, name: 'outer' });
  served.app.get(RocketMQTracing).observe({ role: 'client', name: 'outer', remoting: client.unwrap() });
  return { ...served, client };
};

test('guards, interceptors and the handler run inside of the SERVER span, what the handler calls is below it', async () => {
  const { client } = await application();
  await insideSpan('work', () => firstValueFrom(client.send(20001, {})));
  const spans = await tracing.ended(5);
  const work = spans.find(each => each.name === 'work');
  const asked = spans.filter(each => each.name === 'ASK');
  const answered = spans.filter(each => each.name === 'ANSWER');
  const server = asked.find(each => each.kind === 'SERVER');
  expect(new Set(spans.map(each => each.traceId)).size).toBe(1);
  expect(asked.find(each => each.kind === 'CLIENT')?.parentSpanId).toBe(work?.spanId);
  expect(active).toEqual({
    guard: server?.spanId,
    interceptor: server?.spanId,
    handler: server?.spanId,
    after: server?.spanId,
  });
  expect(answered.find(each => each.kind === 'CLIENT')).toMatchObject({
    parentSpanId: server?.spanId,
    attributes: { 'rocketmq.remoting.name': 'inner' },
  });
  expect(server?.attributes['rocketmq.remoting.name']).toBe('shop');
});

test('an Observable that calls again in the callback of a call stays in the trace', async () => {
  const { client } = await application();
  await firstValueFrom(client.send('orders.find', {}));
  const spans = await tracing.ended(6);
  const server = spans.find(each => each.kind === 'SERVER' && each.name === 'NEST_PATTERN');
  expect(server?.attributes['rocketmq.remoting.pattern']).toBe('orders.find');
  const below = spans.filter(each => each.parentSpanId === server?.spanId);
  expect(below.map(each => [each.kind, each.name])).toEqual([
    ['CLIENT', 'ANSWER'],
    ['CLIENT', 'ANSWER'],
  ]);
});

test('a stream is one span on either side', async () => {
  const { client } = await application();
  expect(await lastValueFrom(client.send({ cmd: 'count' }, {}).pipe(toArray()))).toEqual([1, 2, 3]);
  const spans = await tracing.ended(2);
  expect(spans.map(each => each.attributes['rocketmq.remoting.pattern'])).toEqual([
    '{"cmd":"count"}',
    '{"cmd":"count"}',
  ]);
  expect(spans.some(each => each.failed)).toBe(false);
  expect(tracing.ends).toEqual([1, 1]);
});

test('a stream that its caller leaves is no error of the server', async () => {
  const { client } = await application();
  expect(await firstValueFrom(client.send({ cmd: 'endless' }, {}))).toBe(0);
  const served = await tracing.one('SERVER');
  expect(served.failed).toBe(false);
  expect(served.attributes).not.toHaveProperty(['rpc.status_code']);
});

test('an event runs inside of its span', async () => {
  const { client } = await application();
  await insideSpan('work', () =>
    lastValueFrom(
      defer(() => client.emit(20006, {})),
      { defaultValue: undefined },
    ),
  );
  const served = await tracing.one('SERVER');
  expect(active).toEqual({ event: served.spanId });
  expect(served.attributes).not.toHaveProperty(['rpc.status_code']);
  expect(served.traceId).toBe((await tracing.one('INTERNAL')).traceId);
});

test('a handler that refuses', async () => {
  const { client } = await application();
  await expect(firstValueFrom(client.send(20003, {}))).rejects.toThrow();
  const spans = await tracing.ended(2);
  expect(spans.map(each => [each.name, each.failed, each.attributes['error.type']])).toEqual([
    ['20003', true, '20017'],
    ['20003', true, '20017'],
  ]);
  expect(JSON.stringify(spans)).not.toContain('no such order');
});

test('an Observable that its subscriber leaves', async () => {
  const { client } = await application();
  releases.length = 0;
  const subscription = client.send(20004, {}).subscribe();
  await eventually(() => releases.length > 0, 'the handler runs');
  subscription.unsubscribe();
  expect((await tracing.one('CLIENT')).attributes['error.type']).toBe('RMQ_REMOTING_ABORTED');
  releases[0]?.();
  await tracing.one('SERVER');
  expect(tracing.ends).toEqual([1, 1]);
});

test('calls made while modules start are traced, and what is drained when they stop', async () => {
  const { app, client } = await application(Early);
  expect(app.get(Early).failed).toBeDefined();
  expect(await tracing.one('CLIENT', 'ANSWER')).toMatchObject({ failed: true });
  releases.length = 0;
  const waiting = firstValueFrom(client.send(20004, {}));
  await eventually(() => releases.length > 0, 'the handler runs');
  const closed = app.close();
  releases[0]?.();
  expect(await waiting).toBe('late');
  await closed;
  expect((await tracing.one('SERVER')).failed).toBe(false);
  expect(tracing.ends).toEqual([1, 1, 1]);
});
