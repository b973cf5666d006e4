import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ServerRemoting } from 'nestjs-rocketmq';
import { AppModule } from './app.module.js';
import { HOST, type Settings } from './settings.js';

/** The application, listening on both ports. */
export async function startApplication(settings: Settings): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings), {
    logger: ['error', 'warn'],
    autoFlushLogs: false,
  });
  // what /echo gets stays bytes, whatever its content type
  app.useBodyParser('raw', { type: (request: IncomingMessage) => request.url === '/echo', limit: '1mb' });
  app.connectMicroservice({ strategy: app.get(ServerRemoting) });
  try {
    await listening('REMOTING_PORT', settings.remotingPort, app.startAllMicroservices());
    // held back until it listens: our own message says more about a port than what Nest logs
    Logger.attachBuffer();
    await listening('HTTP_PORT', settings.httpPort, app.listen(settings.httpPort, HOST));
  } catch (error) {
    await app.close();
    throw error;
  }
  Logger.flush();
  return app;
}

async function listening(name: string, port: number, attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    const why = isTaken(error) ? 'something else listens there' : String(error);
    throw new Error(`cannot listen on ${HOST}:${port}: ${why}. Set ${name} to another port.`, { cause: error });
  }
}

function isTaken(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return ('code' in error && error.code === 'EADDRINUSE') || ('cause' in error && isTaken(error.cause));
}
