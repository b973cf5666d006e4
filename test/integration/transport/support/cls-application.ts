// nestjs-cls with handlers: it is a CommonJS package that requires ESM ones, which Jest cannot load on Node 20.
import 'reflect-metadata';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Inject,
  Module,
  type NestInterceptor,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { ClsGuard, ClsInterceptor, ClsModule, ClsService } from 'nestjs-cls';
import { firstValueFrom, interval, lastValueFrom, map, type Observable, take, tap, toArray } from 'rxjs';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientRemoting } from '../../../../src/transport/client-remoting.js';
import { ServerRemoting } from '../../../../src/transport/server-remoting.js';

const events: unknown[] = [];

/** Puts the payload into the store, for the handler to find. */
class Remember implements CanActivate {
  constructor(@Inject(ClsService) private readonly store: ClsService) {}
  canActivate(context: ExecutionContext): boolean {
    this.store.set('who', context.switchToRpc().getData());
    return true;
  }
}

class RememberLater implements NestInterceptor {
  constructor(@Inject(ClsService) private readonly store: ClsService) {}
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    this.store.set('who', context.switchToRpc().getData());
    return next.handle();
  }
}

@Controller()
class Handlers {
  constructor(@Inject(ClsService) private readonly store: ClsService) {}
  @UseGuards(ClsGuard, Remember) @MessagePattern('guard') async guard(@Payload() who: string): Promise<unknown> {
    await delay(who === 'a' ? 20 : 5);
    return this.store.get('who');
  }
  @UseInterceptors(ClsInterceptor, RememberLater) @MessagePattern('interceptor') async interceptor(): Promise<unknown> {
    await delay(5);
    return this.store.get('who');
  }
  @UseInterceptors(ClsInterceptor, RememberLater) @MessagePattern('stream') stream(): Observable<unknown> {
    return interval(3).pipe(
      take(2),
      map(() => this.store.get<unknown>('who')),
    );
  }
  @UseGuards(ClsGuard, Remember) @EventPattern(['event']) async event(): Promise<void> {
    await delay(1);
    events.push(this.store.get('who'));
  }
}

@Module({ imports: [ClsModule.forRoot({ global: true })], controllers: [Handlers] })
class App {}

const strategy = new ServerRemoting({ port: 0 });
const app = await NestFactory.createMicroservice(App, { strategy, logger: ['error'] });
await app.listen();
const client = new ClientRemoting({ address: `127.0.0.1:${strategy.unwrap().localListenPort()}` });
for (const pattern of ['guard', 'interceptor', 'stream']) {
  const answers = ['a', 'b', 'c'].map(async who => {
    const values = await lastValueFrom(client.send(pattern, who).pipe(toArray()));
    return `${who}=${values.join()}`;
  });
  process.stdout.write(`${pattern} ${(await Promise.all(answers)).join(' ')}\n`);
}
await firstValueFrom(client.send('event', 'd').pipe(tap(() => undefined)), { defaultValue: undefined });
process.stdout.write(`event ${events.join()}\n`);
await client.close();
await app.close();
