// Nest 12, ESM, strict, with the optional peers: a handler of a request code with a typed context.
import 'reflect-metadata';
import { deepStrictEqual } from 'node:assert';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { ClientRemoting, RemotingContext, RequestCode, ServerRemoting } from 'nestjs-rocketmq';
import { firstValueFrom } from 'rxjs';

const ORDER_TOTAL = 20002;

interface Total {
  code: number;
  total: number;
}

@Controller()
class OrderController {
  @RequestCode(ORDER_TOTAL)
  total(@Payload() prices: number[], @Ctx() context: RemotingContext): Total {
    return { code: context.command.code, total: prices.reduce((sum, price) => sum + price, 0) };
  }
}

@Module({ controllers: [OrderController] })
class AppModule {}

const strategy = new ServerRemoting({ host: '127.0.0.1', port: 0 });
const app = await NestFactory.createMicroservice(AppModule, { strategy });
await app.listen();

const client = new ClientRemoting({ address: `127.0.0.1:${strategy.unwrap().localListenPort()}` });
const answer = await firstValueFrom(client.send<Total>(ORDER_TOTAL, [1, 2, 39]));
deepStrictEqual(answer, { code: ORDER_TOTAL, total: 42 });

await client.close();
await app.close();
