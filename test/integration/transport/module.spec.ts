import { expect, test } from '@jest/globals';
import { Controller, Inject, Injectable, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ClientProxy, ClientsModule, MessagePattern, Payload } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RemotingHealthIndicator } from '../../../src/transport/health.js';
import {
  clientRemotingToken,
  InjectClientRemoting,
  type RocketMQModuleOptions,
} from '../../../src/transport/rocketmq.module-options.js';
import { RocketMQModule } from '../../../src/transport/rocketmq.module.js';
import { ServerRemoting } from '../../../src/transport/server-remoting.js';
import { addressOf, moduleOf, useNest } from './support/nest-loopback.js';

const nest = useNest();

@Controller()
class Handlers {
  @MessagePattern('echo') echo(@Payload() value: unknown): unknown {
    return value;
  }
}

@Injectable()
class Orders {
  constructor(
    @InjectClientRemoting() readonly main: ClientRemoting,
    @InjectClientRemoting('stock') readonly stock: ClientRemoting,
  ) {}
}

const ask = (client: Pick<ClientProxy, 'send'>): Promise<unknown> => firstValueFrom(client.send('echo', 'hi'));

/** An application context, closed after the test; its clients are searched for leaks. */
async function context(metadata: Parameters<typeof moduleOf>[0], tokens: unknown[]): Promise<INestApplicationContext> {
  const app = await NestFactory.createApplicationContext(moduleOf(metadata), { logger: false });
  nest.loopback.atEnd(() => app.close());
  for (const token of tokens) nest.watch(app.get<ClientRemoting>(token as string));
  return app;
}

test('forRoot: named clients are injected, work, and close with the application', async () => {
  const { address } = await nest.serve([Handlers]);
  const other = await nest.serve([Handlers]);
  const imports = [RocketMQModule.forRoot({ clients: [{ address }, { name: 'stock', addresses: [other.address] }] })];
  const app = await context({ imports, providers: [Orders] }, [clientRemotingToken(), clientRemotingToken('stock')]);
  const { main, stock } = app.get(Orders);
  expect(await ask(main)).toBe('hi');
  expect(await ask(stock)).toBe('hi');
  expect([main.name, stock.name]).toEqual(['default', 'stock']);
  expect(other.strategy.unwrap().statistics.requests.of(30_001).count('sync', 'success')).toBe(1);
  await app.close();
  expect([main.unwrap().isShutdown, stock.unwrap().isShutdown]).toEqual([true, true]);
  expect(main.unwrap().group.channels.size).toBe(0);
});

test('forRootAsync: options come from other providers', async () => {
  const { address } = await nest.serve([Handlers]);
  @Module({ providers: [{ provide: 'ADDRESS', useFactory: () => Promise.resolve(address) }], exports: ['ADDRESS'] })
  class ConfigModule {}
  const imports = [
    RocketMQModule.forRootAsync({
      imports: [ConfigModule],
      inject: ['ADDRESS'],
      clients: ['default', 'stock'],
      useFactory: async (from: string): Promise<RocketMQModuleOptions> => {
        await Promise.resolve();
        return { clients: [{ address: from }, { name: 'stock', address: from }] };
      },
    }),
  ];
  const app = await context({ imports, providers: [Orders] }, [clientRemotingToken(), clientRemotingToken('stock')]);
  expect(await ask(app.get(Orders).main)).toBe('hi');
  expect(await ask(app.get(Orders).stock)).toBe('hi');
});

test('the server of the module is the strategy of the application', async () => {
  const imports = [
    RocketMQModule.forRootAsync({
      clients: [],
      server: true,
      useFactory: () => ({ server: { port: 0, name: 'shop', drainTimeoutMs: 300 } }),
    }),
  ];
  const app = await NestFactory.create(moduleOf({ imports, controllers: [Handlers] }), { logger: false });
  nest.loopback.atEnd(() => app.close());
  const strategy = app.get(ServerRemoting);
  nest.loopback.watch(strategy.unwrap());
  app.connectMicroservice({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.init();
  expect(strategy.name).toBe('shop');
  expect(await ask(nest.client({ address: addressOf(strategy) }))).toBe('hi');
});

test('a strategy made by a factory of createMicroservice', async () => {
  const imports = [RocketMQModule.forRoot({ server: { port: 0, drainTimeoutMs: 300 } })];
  const app = await NestFactory.createMicroservice(moduleOf({ imports, controllers: [Handlers] }), {
    useFactory: (strategy: ServerRemoting) => ({ strategy }),
    inject: [ServerRemoting],
    logger: false,
  } as never);
  nest.loopback.atEnd(() => app.close());
  const strategy = app.get(ServerRemoting);
  nest.loopback.watch(strategy.unwrap());
  await app.listen();
  expect(await ask(nest.client({ address: addressOf(strategy) }))).toBe('hi');
});

test('ClientsModule.register and registerAsync take the client as their class', async () => {
  const { address } = await nest.serve([Handlers]);
  @Injectable()
  class Service {
    constructor(
      @Inject('NOW') readonly now: ClientProxy,
      @Inject('LATER') readonly later: ClientProxy,
    ) {}
  }
  const imports = [
    ClientsModule.register([{ name: 'NOW', customClass: ClientRemoting, options: { address } }]),
    ClientsModule.registerAsync([
      {
        name: 'LATER',
        useFactory: async () => {
          await Promise.resolve();
          return { customClass: ClientRemoting, options: { address, name: 'later' } };
        },
      },
    ]),
  ];
  const app = await context({ imports, providers: [Service] }, ['NOW', 'LATER']);
  const { now, later } = app.get(Service);
  expect(await ask(now)).toBe('hi');
  expect(await ask(later)).toBe('hi');
  expect((later as ClientRemoting).name).toBe('later');
  await app.close();
  expect((now as ClientRemoting).unwrap().isShutdown).toBe(true);
});

test('the indicator is there to be injected', async () => {
  const app = await context({ imports: [RocketMQModule.forRoot()] }, []);
  expect(app.get(RemotingHealthIndicator)).toBeInstanceOf(RemotingHealthIndicator);
});

test.each<[options: object, faults: string[]]>([
  [{ client: [] }, ['unknown option "client", did you mean "clients"?']],
  [{ clients: {} }, ['"clients" must be an array']],
  [{ clients: [{ address: 'a:1' }, { address: 'b:1' }] }, ['two clients are named "default"']],
  [{ server: 8888 }, ['"server" must be an object']],
  [
    { clients: [{ name: 'stock', address: 'a' }, {}], server: { port: -1 } },
    [
      'client "stock": "address" must be host:port, for example 127.0.0.1:9876',
      'client "default": set exactly one of "address", "addresses" and "nameServers"',
      'server: "port" must be a whole number from 0 to 65535',
    ],
  ],
])('forRoot refuses %j', (options, faults) => {
  expect(() => RocketMQModule.forRoot(options)).toThrow(expect.objectContaining({ code: 'RMQ_OPTIONS', faults }));
});

test.each<[options: object, given: RocketMQModuleOptions, fault: string]>([
  [{ clients: ['stock'] }, {}, 'the factory gives no client "stock"'],
  [{ clients: [], server: true }, {}, 'the factory gives no "server"'],
  [
    { clients: [] },
    { clients: [{ name: 'stock', address: 'a:1' }] },
    'the client "stock" of the factory is not named in "clients"',
  ],
  [
    { clients: [] },
    { server: { port: 0 } },
    'the "server" of the factory is not announced: say "server: true" beside it',
  ],
  [{ clients: [] }, { clients: [{ address: 'a:1' }, { address: 'a:1' }] }, 'two clients are named "default"'],
  [
    {},
    { clients: [{ timeoutMs: 0, address: 'a:1' }] },
    'client "default": "timeoutMs" must be a whole number from 1 to 2147483647',
  ],
])('forRootAsync with %j whose factory gives %j', async (options, given, fault) => {
  const imports = [RocketMQModule.forRootAsync({ ...options, useFactory: () => given })];
  await expect(
    NestFactory.createApplicationContext(moduleOf({ imports }), { logger: false, abortOnError: false }),
  ).rejects.toMatchObject({ code: 'RMQ_OPTIONS', faults: [fault] });
});
