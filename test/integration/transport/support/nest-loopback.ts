import { type INestMicroservice, type LoggerService, type ModuleMetadata, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientRemoting } from '../../../../src/transport/client-remoting.js';
import type { ClientRemotingOptions } from '../../../../src/transport/client-remoting-options.js';
import { ServerRemoting } from '../../../../src/transport/server-remoting.js';
import type { ServerRemotingOptions } from '../../../../src/transport/server-remoting-options.js';
import { type Loopback, useLoopback } from '../../../helpers/loopback.js';

/** How a microservice of a test is made. */
export interface ServeOptions extends Omit<ModuleMetadata, 'controllers'> {
  server?: ServerRemotingOptions;
  logger?: LoggerService;
  /** Runs before the application listens. */
  before?: (app: INestMicroservice, strategy: ServerRemoting) => void;
}

/** A microservice that listens. */
export interface Served {
  readonly app: INestMicroservice;
  readonly strategy: ServerRemoting;
  readonly address: string;
}

/** A module class made of its metadata. */
export function moduleOf(metadata: ModuleMetadata): Type<unknown> {
  @Module(metadata)
  class TestModule {}
  return TestModule;
}

/** Where a server listens. */
export const addressOf = (strategy: ServerRemoting): string => `127.0.0.1:${strategy.unwrap().localListenPort()}`;

/** Nest microservices and clients on the loopback interface, closed after each test and searched for leaks. */
export class NestLoopback {
  constructor(readonly loopback: Loopback) {}

  /** A microservice with these controllers on a free port. */
  async serve(controllers: Type<unknown>[], options: ServeOptions = {}): Promise<Served> {
    const { server, logger, before, ...metadata } = options;
    const strategy = this.strategy(server);
    const app = await NestFactory.createMicroservice(moduleOf({ ...metadata, controllers }), {
      strategy,
      logger: logger ?? false,
    });
    this.loopback.atEnd(() => app.close());
    before?.(app, strategy);
    await app.listen();
    return { app, strategy, address: addressOf(strategy) };
  }

  /** A server strategy that is searched for leaks. */
  strategy(options: ServerRemotingOptions = {}): ServerRemoting {
    const strategy = new ServerRemoting({ port: 0, drainTimeoutMs: 300, ...options });
    this.loopback.watch(strategy.unwrap());
    return strategy;
  }

  client(options: ClientRemotingOptions): ClientRemoting {
    return this.watch(new ClientRemoting(options));
  }

  /** Closes a client after the test and searches it for leaks. */
  watch(client: ClientRemoting): ClientRemoting {
    this.loopback.watch(client.unwrap());
    return client;
  }

  /** A microservice and a client of it. */
  async pair(controllers: Type<unknown>[], options: ServeOptions = {}): Promise<Served & { client: ClientRemoting }> {
    const served = await this.serve(controllers, options);
    return { ...served, client: this.client({ address: served.address }) };
  }
}

/** Registers the guard for every test of the file. */
export const useNest = (): NestLoopback => new NestLoopback(useLoopback());
