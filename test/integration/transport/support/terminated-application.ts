// An application that is ended by a signal while a handler runs. Says what happens, one line each.
import 'reflect-metadata';
import { Controller, Inject, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { setTimeout as delay } from 'node:timers/promises';
import { RocketMQModule } from '../../../../src/transport/rocketmq.module.js';
import { ServerRemoting } from '../../../../src/transport/server-remoting.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const strategy = new ServerRemoting({ port: 0, drainTimeoutMs: 10_000 });

@Injectable()
class Database implements OnModuleDestroy {
  open = true;
  onModuleDestroy(): void {
    this.open = false;
    say('closed');
  }
}

@Module({ providers: [Database], exports: [Database] })
class DatabaseModule {}

@Controller()
class Handlers {
  constructor(@Inject(Database) private readonly database: Database) {}
  @MessagePattern('slow') async slow(): Promise<{ open: boolean }> {
    say('begun');
    while (!strategy.unwrap().isDraining) await delay(5);
    say('draining');
    await delay(50);
    const { open } = this.database;
    say(`done open=${String(open)}`);
    return { open };
  }
}

@Module({ imports: [DatabaseModule, RocketMQModule.forRoot()], controllers: [Handlers] })
class App {}

if (process.argv[2] === 'hybrid') {
  const app = await NestFactory.create(App, { logger: false });
  app.enableShutdownHooks();
  app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
} else {
  const app = await NestFactory.createMicroservice(App, { strategy, logger: false });
  app.enableShutdownHooks();
  await app.listen();
}
say(`address 127.0.0.1:${strategy.unwrap().localListenPort()}`);
