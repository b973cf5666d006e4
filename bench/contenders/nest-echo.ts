import 'reflect-metadata';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  type INestMicroservice,
  Module,
  type NestInterceptor,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ClientProxy, MessagePattern, type MicroserviceOptions, Payload } from '@nestjs/microservices';
import { type Observable, firstValueFrom, map } from 'rxjs';
import { type Contender, jsonBody } from '../contender.js';

/** The three handlers that are measured, the same for every transport. */
export const patterns = { text: 'echo', number: 20001, guarded: 20002 } as const;

class Allow implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

class Pass implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value: unknown) => value));
  }
}

@Controller()
class EchoController {
  @MessagePattern(patterns.text)
  text(@Payload() data: unknown): unknown {
    return data;
  }

  @MessagePattern(patterns.number)
  number(@Payload() data: unknown): unknown {
    return data;
  }

  @UseGuards(Allow)
  @UseInterceptors(Pass)
  @MessagePattern(patterns.guarded)
  guarded(@Payload() data: unknown): unknown {
    return data;
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

/** What differs between two transports. */
export interface NestTransport {
  server(): MicroserviceOptions;
  /** The port that the server got. */
  portOf(app: INestMicroservice): number;
  client(port: number): ClientProxy;
}

/** A Nest microservice and `client.send` to one of its handlers, with the same data each time. */
export const nestContender = (
  transport: NestTransport,
  pattern: string | number,
  dataOf: (bytes: number) => unknown = jsonBody,
): Contender => ({
  async serve() {
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(EchoModule, {
      ...transport.server(),
      logger: ['warn', 'error'],
    });
    await app.listen();
    return transport.portOf(app);
  },
  async open(port) {
    const client = transport.client(port);
    await client.connect();
    return bodyBytes => {
      const data = dataOf(bodyBytes);
      return () => firstValueFrom(client.send<unknown>(pattern, data));
    };
  },
  sizeOf: answer => Buffer.byteLength(JSON.stringify(answer)),
});
