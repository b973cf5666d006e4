// An application with the module of @willsoto/nestjs-prometheus beside ours. Prints what its /metrics says.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { makeCounterProvider, PrometheusModule } from '@willsoto/nestjs-prometheus';
import { firstValueFrom } from 'rxjs';
import { RocketMQMetricsModule } from '../../../src/metrics/rocketmq-metrics.module.js';
import { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { ServerRemoting } from '../../../src/transport/server-remoting.js';

@Controller()
class Handlers {
  @RequestCode(20001)
  echo(): string {
    return 'done';
  }
}

@Module({
  imports: [PrometheusModule.register({ defaultMetrics: { enabled: false } }), RocketMQMetricsModule.forRoot()],
  controllers: [Handlers],
  providers: [makeCounterProvider({ name: 'orders_total', help: 'Orders.' })],
})
class AppModule {}

const strategy = new ServerRemoting({ name: 'shop', port: 0 });
const app = await NestFactory.create(AppModule, { logger: false });
app.connectMicroservice({ strategy });
await app.startAllMicroservices();
await app.listen(0, '127.0.0.1');
const client = new ClientRemoting({ address: `127.0.0.1:${strategy.unwrap().localListenPort()}` });
await firstValueFrom(client.send(20001, 'x'));
const response = await fetch(`${await app.getUrl()}/metrics`);
process.stdout.write(`${response.status} ${response.headers.get('content-type')}\n${await response.text()}`);
await client.close();
await app.close();
