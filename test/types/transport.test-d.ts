// Compiled by `npm run check:types`, never run: what a user writes must compile in strict mode, what is wrong must not.
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ClientProxy, ClientsModule, Ctx, Payload } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import {
  ClientRemoting,
  type ClientRemotingOptions,
  ExtFields,
  InjectClientRemoting,
  RemotingClient,
  RemotingCommand,
  RemotingContext,
  RemotingHealthIndicator,
  type RemotingHealthResult,
  RemotingRecordBuilder,
  type RemotingRpcError,
  RemotingServer,
  RemotingStatus,
  RequestCode,
  RocketMQModule,
  type RocketMQModuleOptions,
  ServerRemoting,
} from '../../src/index.js';

interface Order {
  id: string;
}

@Controller()
export class Handlers {
  constructor(
    @InjectClientRemoting() readonly first: ClientRemoting,
    @InjectClientRemoting('stock') readonly stock: ClientProxy,
    @Inject(RemotingHealthIndicator) readonly health: RemotingHealthIndicator,
  ) {}

  // a typed context, which Nest 12's own @EventPattern('topic') refuses
  @RequestCode(RequestCode.PULL_MESSAGE, { concurrency: 64 })
  pull(@Payload() _body: Buffer, @Ctx() _context: RemotingContext): void {}

  @RequestCode(20_001, { event: true })
  event(@Payload() _order: Order, @Ctx() _context: RemotingContext): void {}

  @RequestCode(20_002, { event: true })
  nothing(): void {}

  @RequestCode([20_003, RequestCode.GET_BROKER_CLUSTER_INFO], { body: 'json', queue: 0, timeoutMs: 100 })
  async several(@Ctx() { command, channel }: RemotingContext): Promise<RemotingCommand> {
    await channel.attributes.get('x');
    return command;
  }

  @RequestCode(20_004)
  fields(@ExtFields() all: Record<string, string>, @ExtFields('tenant') tenant: string | undefined): string {
    return tenant ?? all['other'] ?? '';
  }

  call(): Observable<Order> {
    const record = new RemotingRecordBuilder<Order>({ id: 'a' }).setTimeoutMs(5).setSerializeType('ROCKETMQ').build();
    return this.first.send<Order>(RequestCode.PULL_MESSAGE, record);
  }

  healthy(): RemotingHealthResult<'orders'> {
    return this.health.isHealthy('orders', this.first);
  }

  wrongOptions(): void {
    // @ts-expect-error no such option
    RequestCode(20_005, { bodyMode: 'json' });
    // @ts-expect-error no such mode
    RequestCode(20_005, { body: 'xml' });
    // @ts-expect-error a code is a number
    RequestCode('20005');
    // @ts-expect-error no such code
    void RequestCode.NO_SUCH_CODE;
    // @ts-expect-error ext fields are strings
    new RemotingRecordBuilder().setExtFields({ a: 1 });
  }
}

const server = new ServerRemoting({ port: 0, name: 'shop', acl: { accounts: { a: 'b' } }, drainTimeoutMs: 1 });
const client = new ClientRemoting({ addresses: ['a:1'], acl: { accessKey: 'a', secretKey: 'b' }, tls: true });
const core: RemotingServer = server.unwrap();
const clientCore: RemotingClient = client.unwrap();
const proxy: ClientProxy = client;
server.on('connect', (remoteAddress: string, channel) => void [remoteAddress, channel.isWritable]);
client.on('exception', () => Promise.resolve());
client.status.subscribe((status: string) => status === RemotingStatus.CONNECTED);
// @ts-expect-error no such event
client.on('message', () => undefined);
// @ts-expect-error no such option
export const misspelt = new ClientRemoting({ adress: 'a:1' });
// @ts-expect-error the port is a number
export const wrongType = new ServerRemoting({ port: '8888' });

const options: ClientRemotingOptions = { address: 'a:1' };
const told = (error: RemotingRpcError): string =>
  `${error.code} ${error.message} ${error.address} ${error.requestCode}`;

@Module({
  imports: [
    ClientsModule.register([{ name: 'A', customClass: ClientRemoting, options: { address: 'a:1' } }]),
    ClientsModule.registerAsync([
      { name: 'B', useFactory: () => ({ customClass: ClientRemoting, options: { address: 'a:1' } }) },
    ]),
    RocketMQModule.forRoot({ clients: [options], server: { port: 8888 } }),
    RocketMQModule.forRootAsync({
      inject: ['CONFIG'],
      clients: ['a'],
      server: true,
      useFactory: async (config: RocketMQModuleOptions) => config,
    }),
  ],
})
export class AppModule {}

export async function main(): Promise<unknown> {
  const app = await NestFactory.createMicroservice(AppModule, { strategy: server });
  app.on('connect', (remoteAddress: string) => remoteAddress);
  const hybrid = await NestFactory.create(AppModule);
  hybrid.connectMicroservice({ strategy: hybrid.get(ServerRemoting) }, { inheritAppConfig: true });
  return [app.unwrap<RemotingServer>(), core, clientCore, proxy, told];
}
