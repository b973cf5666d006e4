// Nest 11, CommonJS, the compiler options of a new Nest 11 project, none of the optional peers.
import 'reflect-metadata';
import { deepStrictEqual } from 'node:assert';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ClientRemoting, ServerRemoting } from 'nestjs-rocketmq';
import { firstValueFrom } from 'rxjs';

@Controller()
class OrderController {
  @MessagePattern('orders.total')
  total(@Payload() prices: number[]) {
    return { total: prices.reduce((sum, price) => sum + price, 0) };
  }
}

@Module({ controllers: [OrderController] })
class AppModule {}

async function main() {
  const strategy = new ServerRemoting({ host: '127.0.0.1', port: 0 });
  const app = await NestFactory.createMicroservice(AppModule, { strategy });
  await app.listen();

  const client = new ClientRemoting({ address: `127.0.0.1:${strategy.unwrap().localListenPort()}` });
  const answer = await firstValueFrom(client.send('orders.total', [1, 2, 39]));
  deepStrictEqual(answer, { total: 42 });

  await client.close();
  await app.close();
}

void main();
