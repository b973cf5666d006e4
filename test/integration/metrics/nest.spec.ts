import { afterEach, expect, test } from '@jest/globals';
import { Controller, type DynamicModule, Inject, Injectable, Module, Scope, type Type } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { type ClientProxy, ClientsModule, EventPattern, Payload } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type OpenMetricsContentType, register, Registry } from 'prom-client';
import { firstValueFrom } from 'rxjs';
import { RocketMQMetricsModule } from '../../../src/metrics/rocketmq-metrics.module.js';
import { type HoldsRemoting, OBSERVED_REMOTING, type ObservedRemoting } from '../../../src/remoting/observed.js';
import { RemotingClient } from '../../../src/remoting/remoting-client.js';
import { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { ServerRemoting } from '../../../src/transport/server-remoting.js';
import { hasPromtool, promtoolFindings } from './promtool.js';

class Holder implements HoldsRemoting {
  private readonly observed: readonly ObservedRemoting[];

  constructor(name: string) {
    this.observed = [{ role: 'client', name, remoting: new RemotingClient() }];
  }

  [OBSERVED_REMOTING](): readonly ObservedRemoting[] {
    return this.observed;
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest extends Holder {
  constructor() {
    super('request');
  }
}

@Injectable({ scope: Scope.TRANSIENT })
class PerInquirer extends Holder {
  constructor() {
    super('transient');
  }
}

@Injectable()
class Inquirer {
  constructor(
    @Inject(PerInquirer) readonly one: PerInquirer,
    @Inject('PROXY') readonly proxy: unknown,
  ) {}
}

@Module({ providers: [{ provide: 'LAZY', useFactory: () => new Holder('lazy') }] })
class LazyModule {}

@Controller()
class Handlers {
  @RequestCode(20001)
  echo(@Payload() body: unknown): unknown {
    return body;
  }

  @EventPattern(['seen'])
  seen(): void {}
}

const stranger = new Proxy(
  {},
  {
    has: () => {
      throw new Error('outside of its context');
    },
  },
);

/** Closed after the test. */
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  expect(register.getMetricsAsArray().filter(({ name }) => name.startsWith('rocketmq'))).toEqual([]);
  register.clear();
});

interface Running {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly client: ClientProxy;
}

/** A hybrid application with a server, a client of it, and what a test adds. */
async function run(imports: (DynamicModule | Type)[], name = 'shop', providers: Type[] = []): Promise<Running> {
  const strategy = new ServerRemoting({ name, port: 0 });
  const clients = ClientsModule.registerAsync([
    {
      name: 'SHOP',
      useFactory: () => ({ customClass: ClientRemoting, options: { name, address: '127.0.0.1:1' } }),
    },
  ]);
  @Module({
    imports: [clients, ...imports],
    controllers: [Handlers],
    providers: [{ provide: 'PROXY', useValue: stranger }, Inquirer, PerInquirer, PerRequest, ...providers],
  })
  class AppModule {}
  const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = testing.createNestApplication<NestExpressApplication>({ logger: false });
  open.push(app);
  app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  const address = `127.0.0.1:${strategy.unwrap().localListenPort()}`;
  const client = new ClientRemoting({ name, address });
  open.push(client);
  return { app, url: await app.getUrl(), client };
}

const scrape = async (url: string): Promise<{ text: string; type: string | null }> => {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return { text: await response.text(), type: response.headers.get('content-type') };
};

test('servers and clients of an application are found, those of lazy modules at the next scrape', async () => {
  const registry = new Registry();
  const { app, url, client } = await run([
    RocketMQMetricsModule.forRoot({ registry, controller: true, requestCodes: { 20001: 'ECHO' } }),
  ]);
  await firstValueFrom(client.send(20001, { a: 1 }));
  await firstValueFrom(client.emit('seen', {}), { defaultValue: undefined });
  await firstValueFrom(client.send(20001, { a: 1 }));

  const { text, type } = await scrape(`${url}/metrics`);
  expect(type).toMatch(/^text\/plain; ?version=0\.0\.4/);
  expect(text).toContain('rocketmq_server_requests_total{server="shop",code="ECHO",outcome="success"} 2\n');
  expect(text).toContain('rocketmq_server_requests_total{server="shop",code="NEST_PATTERN",outcome="success"} 1\n');
  expect(text).toContain('rocketmq_server_connections{server="shop"} 1\n');
  expect(text).toContain('rocketmq_client_connections{client="shop"} 0\n');
  expect(text).toContain('rocketmq_client_connections{client="transient"} 0\n');
  expect(text).not.toContain('client="request"');
  expect(text).not.toContain('client="lazy"');
  expect(text).toContain('rocketmq_client_scrape_errors_total 0\n');
  expect(text).toContain('rocketmq_server_scrape_errors_total 0\n');
  if (hasPromtool()) expect(promtoolFindings(text)).toBe('');

  await app.get(LazyModuleLoader).load(() => LazyModule);
  expect((await scrape(`${url}/metrics`)).text).toContain('rocketmq_client_connections{client="lazy"} 0\n');
});

test('an OpenMetrics registry at a path of its own, with options of a factory', async () => {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const { url, client } = await run([
    RocketMQMetricsModule.forRootAsync({
      imports: [LazyModule],
      useFactory: async () => ({ registry, requestCodes: { 20001: 'ECHO' } }),
      controller: { path: 'internal/metrics' },
    }),
  ]);
  await firstValueFrom(client.send(20001, 'x'));
  const { text, type } = await scrape(`${url}/internal/metrics`);
  expect(type).toMatch(/^application\/openmetrics-text; ?version=1\.0\.0/);
  expect(text).toContain('# TYPE rocketmq_server_requests counter\n');
  expect(text).toContain('rocketmq_server_requests_total{server="shop",code="ECHO",outcome="success"} 1\n');
  expect(text.endsWith('# EOF\n')).toBe(true);
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
});

test('wrong options are told when the application boots', async () => {
  const options: object = { registri: 1 };
  expect(() => RocketMQMetricsModule.forRoot(options)).toThrow('unknown option "registri"');
  const imports = [RocketMQMetricsModule.forRootAsync({ useFactory: () => options })];
  await expect(Test.createTestingModule({ imports }).compile()).rejects.toThrow('unknown option "registri"');
});

test('@willsoto/nestjs-prometheus serves our metrics as it is', async () => {
  // it is CommonJS and requires Nest, which is ESM: plain Node can do that, Jest cannot
  const hooks = import.meta.resolve('./typescript-hooks.mjs');
  const application = fileURLToPath(import.meta.resolve('./prometheus-application.ts'));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', hooks, application]);
  const [status, ...lines] = stdout.split('\n');
  const text = lines.join('\n');
  expect(status).toMatch(/^200 text\/plain; ?version=0\.0\.4/);
  expect(text).toContain('orders_total 0');
  expect(text).toContain('rocketmq_server_requests_total{server="shop",code="20001",outcome="success"} 1\n');
  if (hasPromtool()) expect(promtoolFindings(text)).toBe('');
}, 30_000);

test('two applications share a registry; one that closes leaves those of the other', async () => {
  const registry = new Registry();
  const metrics = (): DynamicModule => RocketMQMetricsModule.forRoot({ registry, controller: true });
  const one = await run([metrics()], 'one');
  const two = await run([metrics()], 'two');
  for (const { url } of [one, two]) {
    const { text } = await scrape(`${url}/metrics`);
    expect(text).toContain('rocketmq_server_connections{server="one"} 0\n');
    expect(text).toContain('rocketmq_server_connections{server="two"} 0\n');
  }
  await one.app.close();
  const { text } = await scrape(`${two.url}/metrics`);
  expect(text).not.toContain('"one"');
  expect(text).toContain('rocketmq_server_connections{server="two"} 0\n');
  await two.app.close();
  expect(registry.getMetricsAsArray()).toEqual([]);
});

test.each([1, 2])('an application boots again in the same process (%i)', async () => {
  const { url } = await run([RocketMQMetricsModule.forRoot({ controller: true })]);
  expect((await scrape(`${url}/metrics`)).text).toContain('rocketmq_server_connections{server="shop"} 0\n');
});
