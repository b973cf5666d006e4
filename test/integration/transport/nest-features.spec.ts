import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  type INestApplication,
  type NestInterceptor,
  type PipeTransform,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory, REQUEST } from '@nestjs/core';
import { Ctx, MessagePattern, Payload, type RequestContext, RpcException } from '@nestjs/microservices';
import { IsInt, IsString, Min } from 'class-validator';
import type { AddressInfo, Server } from 'node:net';
import { firstValueFrom, lastValueFrom, map, type Observable, range, throwError, toArray } from 'rxjs';
import { InjectClientRemoting } from '../../../src/transport/rocketmq.module-options.js';
import type { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RemotingContext } from '../../../src/transport/remoting.context.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { RocketMQModule } from '../../../src/transport/rocketmq.module.js';
import type { ServerRemoting } from '../../../src/transport/server-remoting.js';
import { addressOf, moduleOf, useNest } from './support/nest-loopback.js';
import { observe } from './support/observe.js';

const nest = useNest();
let steps: string[] = [];

class OrderDto {
  @IsString() id!: string;
  @IsInt() @Min(1) count!: number;
}

class Guard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    steps.push(`guard ${context.getType()} ${String(context.switchToRpc().getContext() instanceof RemotingContext)}`);
    return context.switchToRpc().getData() !== 'forbidden';
  }
}

class Interceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    steps.push('interceptor');
    return next.handle().pipe(map((value: unknown) => ({ wrapped: value })));
  }
}

class Trim implements PipeTransform {
  transform(value: unknown): unknown {
    steps.push('pipe');
    return typeof value === 'string' ? value.trim() : value;
  }
}

@Catch()
class Filter implements ExceptionFilter {
  catch(error: Error, host: ArgumentsHost): Observable<never> {
    steps.push(`filter ${host.getType()}`);
    return throwError(() => ({ code: 20_018, message: `filtered: ${error.message}` }));
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestScoped {
  static made = 0;
  readonly number = ++RequestScoped.made;
  constructor(@Inject(REQUEST) readonly request: RequestContext<unknown, RemotingContext>) {}
}

@Controller()
class Plain {
  @MessagePattern('echo') echo(@Payload() value: unknown): unknown {
    steps.push('handler');
    return value;
  }
  @MessagePattern('stream') stream(): Observable<number> {
    return range(1, 2);
  }
  @MessagePattern('fails') fails(): never {
    throw new Error('broken');
  }
  @MessagePattern('order') order(@Payload() order: OrderDto): unknown {
    return { order, isDto: order instanceof OrderDto };
  }
}

@UseGuards(Guard)
@UseInterceptors(Interceptor)
@UsePipes(Trim)
@UseFilters(Filter)
@Controller()
class Decorated extends Plain {
  @MessagePattern('echo') override echo(@Payload() value: unknown): unknown {
    return super.echo(value);
  }
  @MessagePattern('stream') override stream(): Observable<number> {
    return super.stream();
  }
  @MessagePattern('fails') override fails(): never {
    return super.fails();
  }
}

@Controller({ scope: Scope.REQUEST })
class PerRequest {
  constructor(@Inject(RequestScoped) private readonly scoped: RequestScoped) {}
  @RequestCode(20_001) number(@Payload() value: unknown, @Ctx() context: RemotingContext): unknown {
    const { request, number } = this.scoped;
    return { number, value, same: request.getContext() === context, data: request.getData() };
  }
  @MessagePattern('stream') stream(): Observable<number> {
    return range(this.scoped.number, 1);
  }
  @MessagePattern('fails') fails(): never {
    throw new RpcException({ code: 20_017, message: 'scoped' });
  }
}

@Controller()
class Http {
  constructor(@InjectClientRemoting() private readonly client: ClientRemoting) {}
  @Get('ask') ask(): Observable<unknown> {
    return this.client.send('echo', 'over http');
  }
}

const GLOBALS_APPLIED = ['guard rpc true', 'interceptor', 'pipe', 'handler'];

async function expectEnhanced(client: ClientRemoting): Promise<void> {
  steps = [];
  expect(await firstValueFrom(client.send('echo', ' x '))).toEqual({ wrapped: 'x' });
  expect(steps).toEqual(GLOBALS_APPLIED);
  expect(await lastValueFrom(client.send('stream', 1).pipe(toArray()))).toEqual([{ wrapped: 1 }, { wrapped: 2 }]);
  steps = [];
  expect(await observe(client.send('fails', 1))).toMatchObject({
    error: { error: { code: 20_018, message: 'filtered: broken' } },
  });
  expect(steps.at(-1)).toBe('filter rpc');
  expect(await observe(client.send('echo', 'forbidden'))).toMatchObject({
    error: { error: { code: 20_018, message: 'filtered: Forbidden resource' } },
  });
}

test('guards, interceptors, pipes and filters of a controller', async () => {
  const { client } = await nest.pair([Decorated]);
  await expectEnhanced(client);
});

test('global guards, interceptors, pipes and filters of a microservice', async () => {
  const { client } = await nest.pair([Plain], {
    before: app =>
      app
        .useGlobalGuards(new Guard())
        .useGlobalInterceptors(new Interceptor())
        .useGlobalPipes(new Trim())
        .useGlobalFilters(new Filter()),
  });
  await expectEnhanced(client);
});

async function hybrid(inheritAppConfig: boolean): Promise<{ app: INestApplication; strategy: ServerRemoting }> {
  const strategy = nest.strategy();
  const app = await NestFactory.create(moduleOf({ controllers: [Plain] }), { logger: false });
  nest.loopback.atEnd(() => app.close());
  app.useGlobalGuards(new Guard());
  app.useGlobalInterceptors(new Interceptor());
  app.useGlobalPipes(new Trim());
  app.useGlobalFilters(new Filter());
  app.connectMicroservice({ strategy }, { inheritAppConfig });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  return { app, strategy };
}

test('a hybrid application that inherits the configuration', async () => {
  const { strategy } = await hybrid(true);
  await expectEnhanced(nest.client({ address: addressOf(strategy) }));
});

test('a hybrid application that does not', async () => {
  const { strategy } = await hybrid(false);
  const client = nest.client({ address: addressOf(strategy) });
  steps = [];
  expect(await firstValueFrom(client.send('echo', ' x '))).toBe(' x ');
  expect(steps).toEqual(['handler']);
});

test('a hybrid application with two servers and HTTP that calls one of them', async () => {
  const port = await nest.loopback.closedPort();
  const second = nest.strategy({ name: 'second' });
  const fixed = nest.strategy({ port });
  const imports = [RocketMQModule.forRoot({ clients: [{ address: `127.0.0.1:${port}` }] })];
  const app = await NestFactory.create(moduleOf({ imports, controllers: [Plain, Http] }), { logger: false });
  nest.loopback.atEnd(() => app.close());
  app.connectMicroservice({ strategy: fixed });
  app.connectMicroservice({ strategy: second });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  const { port: http } = (app.getHttpServer() as Server).address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${http}/ask`, { headers: { connection: 'close' } });
  expect(await response.text()).toBe('over http');
  expect(await firstValueFrom(nest.client({ address: addressOf(second) }).send('echo', 1))).toBe(1);
});

test('ValidationPipe with a DTO class', async () => {
  const { client } = await nest.pair([Plain], {
    before: app =>
      app.useGlobalPipes(
        new ValidationPipe({
          transform: true,
          exceptionFactory: errors =>
            new RpcException({ code: 20_400, message: 'invalid', fields: errors.map(error => error.property) }),
        }),
      ),
  });
  expect(await firstValueFrom(client.send('order', { id: 'a', count: 1 }))).toEqual({
    order: { id: 'a', count: 1 },
    isDto: true,
  });
  for (const [order, fields] of [
    [{ id: 1, count: 0 }, ['id', 'count']],
    [{ id: 'a' }, ['count']],
    ['text', ['id', 'count']],
  ] as const) {
    const { error } = await observe(client.send('order', order));
    expect(error).toMatchObject({ error: { code: expect.any(Number) } });
    if (typeof order === 'object') expect(error).toMatchObject({ error: { code: 20_400, message: 'invalid', fields } });
  }
});

test('ValidationPipe as it is masks what it found, as over TCP', async () => {
  const { client } = await nest.pair([Plain], { before: app => app.useGlobalPipes(new ValidationPipe()) });
  expect(await observe(client.send('order', { id: 1 }))).toMatchObject({
    error: { error: { code: 1, message: 'Internal server error' } },
  });
});

test('request-scoped controllers and providers: one instance a request, which knows it', async () => {
  const { client } = await nest.pair([PerRequest], { providers: [RequestScoped] });
  RequestScoped.made = 0;
  const answers = await Promise.all(
    [1, 2, 3].map(value => firstValueFrom(client.send<{ number: number }>(20_001, value))),
  );
  expect(answers).toEqual([1, 2, 3].map(value => ({ number: expect.any(Number), value, same: true, data: value })));
  expect(new Set(answers.map(each => each.number)).size).toBe(3);
  expect(await observe(client.send('stream', 1))).toEqual({ values: [4] });
  expect(await observe(client.send('fails', 1))).toMatchObject({
    error: { error: { code: 20_017, message: 'scoped' } },
  });
});
