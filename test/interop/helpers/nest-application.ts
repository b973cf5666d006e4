import { setTimeout as delay } from 'node:timers/promises';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload, RpcException } from '@nestjs/microservices';
import { type Observable, range } from 'rxjs';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { ResponseCode } from '../../../src/protocol/response-codes.js';
import { RemotingContext } from '../../../src/transport/remoting.context.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { ServerRemoting } from '../../../src/transport/server-remoting.js';
import type { ServerRemotingOptions } from '../../../src/transport/server-remoting-options.js';
import { InteropCode } from './java-client-contract.js';

/** The codes of {@link InteropCode} as a Nest team would serve them. */
@Controller()
class InteropController {
  private events = 0;

  @RequestCode(InteropCode.ECHO, { body: 'buffer' })
  echo(@Payload() body: Buffer | undefined, @Ctx() { extFields }: RemotingContext): RemotingCommand {
    return RemotingCommand.createResponseCommand(ResponseCode.SUCCESS, undefined, body, { ...extFields });
  }

  @RequestCode(InteropCode.SUM)
  sum(@Payload() numbers: readonly number[]): number {
    return numbers.reduce((sum, each) => sum + each, 0);
  }

  @RequestCode(InteropCode.FAIL)
  fail(): never {
    throw new RpcException({ code: 20017, message: 'no such order' });
  }

  @RequestCode(InteropCode.STREAM)
  stream(@Payload() count: number): Observable<number> {
    return range(1, count);
  }

  @RequestCode(InteropCode.DELAY)
  async delay(@Ctx() { extFields }: RemotingContext): Promise<void> {
    await delay(Number(extFields['delayMs']));
  }

  @RequestCode(InteropCode.EVENT, { event: true })
  event(): void {
    this.events++;
  }

  @RequestCode(InteropCode.COUNT)
  count(): number {
    return this.events;
  }

  @RequestCode(InteropCode.CALL_BACK, { body: 'buffer' })
  async callBack(@Payload() body: Buffer, @Ctx() context: RemotingContext): Promise<Buffer | undefined> {
    const answer = await context.invokeSync(new RemotingCommand({ code: InteropCode.CALLED_BACK, body }));
    return answer.body;
  }

  @RequestCode(InteropCode.THROW)
  throw(): never {
    throw new Error('a secret of the handler');
  }

  @RequestCode(InteropCode.WHO)
  who(@Ctx() { channel }: RemotingContext): Buffer {
    return Buffer.from(channel.remoteAddress);
  }
}

@Module({ controllers: [InteropController] })
class InteropModule {}

/** A running Nest microservice. */
export interface NestServer {
  readonly app: INestMicroservice;
  readonly strategy: ServerRemoting;
  readonly address: string;
}

/** Starts the Nest application on a free port. */
export const startNestServer = async (options: ServerRemotingOptions): Promise<NestServer> => {
  const strategy = new ServerRemoting({ ...options, port: 0 });
  // Handlers fail on purpose here: Nest would log each with its stack.
  const app = await NestFactory.createMicroservice(InteropModule, { strategy, logger: false });
  await app.listen();
  return { app, strategy, address: `127.0.0.1:${strategy.unwrap().localListenPort()}` };
};
