import { expect, test } from '@jest/globals';
import {
  type BeforeApplicationShutdown,
  Controller,
  Inject,
  type INestApplication,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { setTimeout as delay } from 'node:timers/promises';
import { InjectClientRemoting } from '../../../src/transport/rocketmq.module-options.js';
import type { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RocketMQModule } from '../../../src/transport/rocketmq.module.js';
import type { ServerRemotingOptions } from '../../../src/transport/server-remoting-options.js';
import type { ServerRemoting } from '../../../src/transport/server-remoting.js';
import { eventually } from '../../helpers/eventually.js';
import { addressOf, type Served, useNest } from './support/nest-loopback.js';
import { Deferred, observe } from './support/observe.js';

const nest = useNest();
let steps: string[] = [];
let gate: Deferred;

/** A dependency of handlers that takes its time to come and to go. */
@Injectable()
class Database
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  open = false;
  async onModuleInit(): Promise<void> {
    await delay(20);
    this.open = true;
  }
  async onApplicationBootstrap(): Promise<void> {
    await delay(20);
    steps.push('bootstrapped');
  }
  onModuleDestroy(): void {
    this.open = false;
    steps.push('closed');
  }
  beforeApplicationShutdown(): void {
    steps.push('before shutdown');
  }
  onApplicationShutdown(): void {
    steps.push('shut down');
  }
}

@Module({ providers: [Database], exports: [Database] })
class DatabaseModule {}

@Controller()
class Handlers {
  constructor(@Inject(Database) private readonly database: Database) {}
  @MessagePattern('now') now(): boolean {
    steps.push(`handled open=${String(this.database.open)}`);
    return this.database.open;
  }
  @MessagePattern('slow') async slow(): Promise<boolean> {
    steps.push('begun');
    await gate.promise;
    await delay(10);
    steps.push(`done open=${String(this.database.open)}`);
    return this.database.open;
  }
  @MessagePattern('never') never(): Promise<void> {
    return new Promise(() => undefined);
  }
}

@Module({ imports: [DatabaseModule, RocketMQModule.forRoot()], controllers: [Handlers] })
class WithModule {}

@Module({ imports: [DatabaseModule], controllers: [Handlers] })
class WithoutModule {}

async function microservice(module: Type<unknown>, options?: ServerRemotingOptions): Promise<Served> {
  steps = [];
  gate = new Deferred();
  const strategy = nest.strategy({ drainTimeoutMs: 3000, ...options });
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  nest.loopback.atEnd(() => app.close());
  await app.listen();
  return { app, strategy, address: addressOf(strategy) };
}

/** A hybrid application whose servers listen before it is initialized, as Nest's documentation has it. */
async function hybrid(module: Type<unknown>): Promise<{ app: INestApplication; strategy: ServerRemoting }> {
  steps = [];
  gate = new Deferred();
  const strategy = nest.strategy({ drainTimeoutMs: 3000 });
  const app = await NestFactory.create(module, { logger: false });
  nest.loopback.atEnd(() => app.close());
  app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  return { app, strategy };
}

test('a hybrid application with the module: no request is handled before its modules are bootstrapped', async () => {
  const { app, strategy } = await hybrid(WithModule);
  const client = nest.client({ address: addressOf(strategy) });
  const answer = firstValueFrom(client.send('now', 1));
  await client.connect();
  await delay(20);
  expect(steps).toEqual([]);
  await app.init();
  expect(await answer).toBe(true);
  expect(steps).toEqual(['bootstrapped', 'handled open=true']);
});

test('a hybrid application with the module: handlers in flight finish while their dependencies are there', async () => {
  const { app, strategy } = await hybrid(WithModule);
  await app.init();
  const client = nest.client({ address: addressOf(strategy) });
  const answer = firstValueFrom(client.send('slow', 1));
  await eventually(() => steps.includes('begun'), 'the handler runs');
  const closed = app.close();
  await eventually(() => strategy.unwrap().isDraining, 'it drains');
  gate.resolve();
  expect(await answer).toBe(true);
  await closed;
  expect(steps).toEqual(['bootstrapped', 'begun', 'done open=true', 'closed', 'before shutdown', 'shut down']);
});

test('a microservice: its server closes first, with or without the module', async () => {
  for (const module of [WithModule, WithoutModule]) {
    const { app, address, strategy } = await microservice(module);
    const client = nest.client({ address });
    const answer = firstValueFrom(client.send('slow', 1));
    await eventually(() => steps.includes('begun'), 'the handler runs');
    const closed = app.close();
    await eventually(() => strategy.unwrap().isDraining, 'it drains');
    gate.resolve();
    expect(await answer).toBe(true);
    await closed;
    expect(steps).toEqual(['bootstrapped', 'begun', 'done open=true', 'closed', 'before shutdown', 'shut down']);
  }
});

test('a call that comes while the server drains is sent away, and goes to another server', async () => {
  const { app, address, strategy } = await microservice(WithoutModule);
  const other = await nest.serve([Handlers], { providers: [Database] });
  const client = nest.client({ addresses: [address, other.address] });
  const slow = [1, 2].map(() => firstValueFrom(client.send('slow', 1)));
  await eventually(() => steps.filter(step => step === 'begun').length === 2, 'both run');
  const closed = app.close();
  await eventually(() => strategy.unwrap().isDraining, 'it drains');
  for (let call = 0; call < 4; call++) expect(await firstValueFrom(client.send('now', 1))).toBe(true);
  gate.resolve();
  expect(await Promise.all(slow)).toEqual([true, true]);
  await closed;
});

test('the drain has a deadline: what is not done then fails at its caller', async () => {
  const { app, address, strategy } = await microservice(WithoutModule, { drainTimeoutMs: 60 });
  const client = nest.client({ address });
  const seen = observe(client.send('never', 1));
  await eventually(() => strategy.unwrap().dispatcher.pending === 1, 'the handler runs');
  const begun = performance.now();
  await app.close();
  expect(performance.now() - begun).toBeGreaterThanOrEqual(59);
  expect(performance.now() - begun).toBeLessThan(2000);
  expect(await seen).toMatchObject({ error: { error: { code: 'RMQ_REMOTING_SEND_REQUEST', address } } });
});

test('close() of the server is idempotent, also at the same time and before it listens', async () => {
  const { strategy, app } = await microservice(WithModule);
  await Promise.all([strategy.close(), strategy.close()]);
  await strategy.close();
  await app.close();
  await nest.strategy().close();
});

test('clients of the module stay open for handlers that drain', async () => {
  const upstream = await nest.serve([Handlers], { providers: [Database] });
  @Controller()
  class Calling {
    constructor(@InjectClientRemoting() private readonly client: ClientRemoting) {}
    @MessagePattern('ask') async ask(): Promise<unknown> {
      steps.push('begun');
      await gate.promise;
      return firstValueFrom(this.client.send('now', 1));
    }
  }
  const imports = [RocketMQModule.forRoot({ clients: [{ address: upstream.address }] })];
  steps = [];
  gate = new Deferred();
  const strategy = nest.strategy({ drainTimeoutMs: 3000 });
  @Module({ imports, controllers: [Calling] })
  class App {}
  const app = await NestFactory.create(App, { logger: false });
  nest.loopback.atEnd(() => app.close());
  app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  await app.init();
  const answer = firstValueFrom(nest.client({ address: addressOf(strategy) }).send('ask', 1));
  await eventually(() => steps.includes('begun'), 'the handler runs');
  const closed = app.close();
  await eventually(() => strategy.unwrap().isDraining, 'it drains');
  gate.resolve();
  expect(await answer).toBe(true);
  await closed;
});
