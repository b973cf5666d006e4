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
import { holdsRemoting, OBSERVED_REMOTING } from '../remoting/observed.js';
import { RocketMQTracing } from './rocketmq-tracing.js';
import { resolveTracingOptions, type RocketMQTracingOptions } from './rocketmq-tracing-options.js';

/** Options of {@link RocketMQTracingModule.forRootAsync}. */
export interface RocketMQTracingAsyncOptions extends Pick<ModuleMetadata, 'imports'>, Pick<FactoryProvider, 'inject'> {
  /** Makes the options; gets what `inject` names. */
  useFactory: (...injected: never[]) => Partial<RocketMQTracingOptions> | Promise<Partial<RocketMQTracingOptions>>;
}

type InstanceWrapper = ReturnType<DiscoveryService['getProviders']>[number];

/**
 * Makes OpenTelemetry spans for every RocketMQ server and client of the application: servers as microservices are
 * connected, clients as they are found among the providers. Import it once, in the root module; it is global so that
 * Nest starts it before, and stops it after, whatever makes calls.
 *
 * @example
 * imports: [RocketMQTracingModule.forRoot({ requestCodes: { 20001: 'ECHO' } })]
 */
@Module({})
export class RocketMQTracingModule implements OnModuleInit, OnApplicationShutdown {
  private readonly subscription: Subscription;

  constructor(
    @Inject(RocketMQTracing) private readonly tracing: RocketMQTracing,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.subscription = modules.getRpcTargetRegistry<unknown>().subscribe(target => this.observe(target));
  }

  /** @throws {OptionsError} naming all wrong options */
  static forRoot(options?: Partial<RocketMQTracingOptions>): DynamicModule {
    const resolved = resolveTracingOptions(options);
    return moduleOf([], { provide: RocketMQTracing, useFactory: () => new RocketMQTracing(resolved) });
  }

  /** As {@link forRoot}, with options that are made of other providers. */
  static forRootAsync(options: RocketMQTracingAsyncOptions): DynamicModule {
    return moduleOf(options.imports ?? [], {
      provide: RocketMQTracing,
      inject: options.inject ?? [],
      useFactory: async (...injected: never[]) => new RocketMQTracing(await options.useFactory(...injected)),
    });
  }

  /** @internal */
  onModuleInit(): void {
    for (const each of this.discovery.getProviders().flatMap(instancesOf)) this.observe(each);
  }

  /** @internal The last hook there is: what is drained still gets its spans. */
  onApplicationShutdown(): void {
    this.subscription.unsubscribe();
    this.tracing.stop();
  }

  private observe(holder: unknown): void {
    if (holdsRemoting(holder)) for (const each of holder[OBSERVED_REMOTING]()) this.tracing.observe(each);
  }
}

function moduleOf(imports: NonNullable<ModuleMetadata['imports']>, tracing: Provider): DynamicModule {
  return {
    module: RocketMQTracingModule,
    global: true,
    imports: [DiscoveryModule, ...imports],
    providers: [tracing],
    exports: [RocketMQTracing],
  };
}

/** Instances of a provider. Those of a request are not among them: they live as long as a request. */
function instancesOf(wrapper: InstanceWrapper): unknown[] {
  if (wrapper.isTransient) return wrapper.getStaticTransientInstances().map(each => each?.instance);
  return wrapper.isDependencyTreeStatic() ? [wrapper.instance] : [];
}
