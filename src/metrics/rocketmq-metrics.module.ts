import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type ModuleMetadata,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, ModulesContainer } from '@nestjs/core';
import type { Subscription } from 'rxjs';
import { RocketMQCollector } from './rocketmq-collector.js';
import { metricsControllerAt } from './rocketmq-metrics.controller.js';
import {
  resolveMetricsOptions,
  type RocketMQCollectorOptions,
  type RocketMQMetricsOptions,
} from './rocketmq-metrics-options.js';

/** Options of {@link RocketMQMetricsModule.forRootAsync}. */
export interface RocketMQMetricsAsyncOptions extends Pick<ModuleMetadata, 'imports'>, Pick<FactoryProvider, 'inject'> {
  /** Makes the options; gets what `inject` names. */
  useFactory: (...injected: never[]) => Partial<RocketMQCollectorOptions> | Promise<Partial<RocketMQCollectorOptions>>;
  /** As in {@link RocketMQMetricsOptions}: Nest wants to know its controllers before a factory runs. @default false */
  controller?: RocketMQMetricsOptions['controller'];
}

type InstanceWrapper = ReturnType<DiscoveryService['getProviders']>[number];

const DEFAULT_PATH = 'metrics';

/**
 * Exports the metrics of every RocketMQ server and client of the application through prom-client: servers as
 * microservices are connected, clients and whatever else holds some as they are found among the providers, at every
 * scrape. `docs/metrics.md` lists them. Import it once, in the root module.
 */
@Module({})
export class RocketMQMetricsModule implements OnModuleInit, OnApplicationShutdown {
  private readonly targets = new Set<unknown>();
  private subscription: Subscription | undefined = undefined;

  constructor(
    @Inject(RocketMQCollector) private readonly collector: RocketMQCollector,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {
    collector.addLook('server', () => this.targets);
    collector.addLook('client', () => this.discovery.getProviders().flatMap(instancesOf));
  }

  /** @throws {OptionsError} naming all wrong options */
  static forRoot(options?: Partial<RocketMQMetricsOptions>): DynamicModule {
    const { controller, ...collectorOptions } = resolveMetricsOptions(options);
    return moduleOf(controller, [], {
      provide: RocketMQCollector,
      useFactory: () => new RocketMQCollector(collectorOptions),
    });
  }

  /** As {@link forRoot}, with options that are made of other providers. */
  static forRootAsync(options: RocketMQMetricsAsyncOptions): DynamicModule {
    const { controller } = resolveMetricsOptions(
      options.controller === undefined ? {} : { controller: options.controller },
    );
    return moduleOf(controller, options.imports ?? [], {
      provide: RocketMQCollector,
      inject: options.inject ?? [],
      useFactory: async (...injected: never[]) => new RocketMQCollector(await options.useFactory(...injected)),
    });
  }

  /** @internal */
  onModuleInit(): void {
    this.subscription = this.modules.getRpcTargetRegistry<unknown>().subscribe(target => this.targets.add(target));
    this.collector.register();
  }

  /** @internal The last hook there is, so that draining can be watched. */
  onApplicationShutdown(): void {
    this.subscription?.unsubscribe();
    this.collector.unregister();
  }
}

function moduleOf(
  controller: RocketMQMetricsOptions['controller'],
  imports: NonNullable<ModuleMetadata['imports']>,
  collector: Provider,
): DynamicModule {
  const path = typeof controller === 'object' ? controller.path : DEFAULT_PATH;
  return {
    module: RocketMQMetricsModule,
    imports: [DiscoveryModule, ...imports],
    controllers: controller === false ? [] : [metricsControllerAt(path)],
    providers: [collector],
    exports: [RocketMQCollector],
  };
}

/** Instances of a provider. Those of a request are not among them: they live as long as a request. */
function instancesOf(wrapper: InstanceWrapper): unknown[] {
  if (wrapper.isTransient) return wrapper.getStaticTransientInstances().map(each => each?.instance);
  return wrapper.isDependencyTreeStatic() ? [wrapper.instance] : [];
}
