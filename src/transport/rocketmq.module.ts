import {
  type DynamicModule,
  type InjectionToken,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { OptionsError } from '../errors/options.js';
import { BrokerOuterAPI } from '../broker-outer/broker-outer-api.js';
import { ClientRemoting } from './client-remoting.js';
import { RemotingHealthIndicator } from './health.js';
import { nestLogger } from './nest-logger.js';
import {
  clientRemotingToken,
  DEFAULT_NAME,
  namesOf,
  resolveModuleOptions,
  type RocketMQModuleAsyncOptions,
  type RocketMQModuleOptions,
} from './rocketmq.module-options.js';
import { ServerLifecycle } from './server-lifecycle.js';
import { ServerRemoting } from './server-remoting.js';

const OPTIONS = Symbol('nestjs-rocketmq/module-options');
type Options = ReturnType<typeof resolveModuleOptions>;

/** A client that closes with its application, after the servers have drained: handlers call until the end. */
class ModuleClient extends ClientRemoting implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}

const clientProvider = (name: string): Provider => ({
  provide: clientRemotingToken(name),
  inject: [OPTIONS],
  useFactory: (options: Options) => {
    const found = options.clients?.find(client => (client.name ?? DEFAULT_NAME) === name);
    if (found === undefined)
      throw new OptionsError('RocketMQModule options', [`the factory gives no client "${name}"`]);
    return new ModuleClient(found);
  },
});

/** A {@link BrokerOuterAPI} that lives as long as its application. */
class ModuleBrokerOuterAPI extends BrokerOuterAPI implements OnModuleInit, OnApplicationShutdown {
  onModuleInit(): void {
    this.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.shutdown();
  }
}

/** What there is at most one of in a module, by the key of its options. */
const singles = {
  server: { token: ServerRemoting, make: ({ server }: Options) => server && new ServerRemoting(server) },
  brokerOuter: {
    token: BrokerOuterAPI,
    make: ({ brokerOuter }: Options) =>
      brokerOuter && new ModuleBrokerOuterAPI({ logger: nestLogger('BrokerOuterAPI'), ...brokerOuter }),
  },
} as const;
type Single = keyof typeof singles;

const singleProvider = (key: Single): Provider => ({
  provide: singles[key].token,
  inject: [OPTIONS],
  useFactory: (options: Options) => {
    const single = singles[key].make(options);
    if (single === undefined) throw new OptionsError('RocketMQModule options', [`the factory gives no "${key}"`]);
    return single;
  },
});

const singleKeys = Object.keys(singles) as Single[];

/**
 * Named clients, a server and a {@link BrokerOuterAPI} from the options of the application, health, and servers that start and stop in step with
 * it. Import it last: Nest destroys modules in reverse order, so that it drains before the others close.
 *
 * @example RocketMQModule.forRoot({ clients: [{ name: 'orders', address: '127.0.0.1:8888' }] })
 */
@Module({})
export class RocketMQModule {
  /** @throws {OptionsError} naming all wrong options */
  static forRoot(options: RocketMQModuleOptions = {}): DynamicModule {
    const resolved = resolveModuleOptions(options);
    // by a function: who prints the module sees no secrets
    const given = singleKeys.filter(key => resolved[key] !== undefined);
    return assemble({ provide: OPTIONS, useFactory: () => resolved }, namesOf(resolved), given);
  }

  /** As {@link forRoot}, with options that a factory gives; the names of the clients are said beside it. */
  static forRootAsync(options: RocketMQModuleAsyncOptions): DynamicModule {
    const { imports = [], inject = [], useFactory, clients = [DEFAULT_NAME] } = options;
    const provider: Provider = {
      provide: OPTIONS,
      inject,
      useFactory: async (...dependencies: never[]) => {
        const resolved = resolveModuleOptions(await useFactory(...dependencies));
        const unnamed = namesOf(resolved).filter(name => !clients.includes(name));
        const unsaid = singleKeys.filter(key => resolved[key] !== undefined && options[key] !== true);
        const faults = [
          ...unnamed.map(name => `the client "${name}" of the factory is not named in "clients"`),
          ...unsaid.map(key => `the "${key}" of the factory is not announced: say "${key}: true" beside it`),
        ];
        if (faults.length === 0) return resolved;
        throw new OptionsError('RocketMQModule options', faults);
      },
    };
    return {
      ...assemble(
        provider,
        clients,
        singleKeys.filter(key => options[key] === true),
      ),
      imports,
    };
  }
}

function assemble(options: Provider, clients: readonly string[], given: readonly Single[]): DynamicModule {
  const tokens: InjectionToken[] = given.map(key => singles[key].token);
  return {
    module: RocketMQModule,
    providers: [
      options,
      ...clients.map(clientProvider),
      ...given.map(singleProvider),
      ServerLifecycle,
      RemotingHealthIndicator,
    ],
    exports: [...clients.map(clientRemotingToken), ...tokens, RemotingHealthIndicator],
  };
}
