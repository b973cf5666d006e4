import { type HoldsRemoting, holdsRemoting, OBSERVED_REMOTING, type ObservedRemoting } from '../remoting/observed.js';
import type { RequestCodeNames } from './code-labels.js';
import type { MetricRole } from './metric-names.js';
import { type MetricsRegistry, RegistryMetrics, type MetricsSource } from './registry-metrics.js';
import { resolveCollectorOptions, type RocketMQCollectorOptions } from './rocketmq-metrics-options.js';

/** Looks for whatever may hold clients and servers; what holds none is passed over. */
export type LookForHolders = () => Iterable<unknown>;

/**
 * Exports what clients and servers count through a registry of prom-client. The values are read when the registry is
 * scraped: a call costs nothing more for it. Needs no Nest; in Nest the `RocketMQMetricsModule` does it all.
 *
 * ```ts
 * const collector = new RocketMQCollector({ registry });
 * collector.add({ role: 'client', name: 'orders', remoting: client });
 * collector.register();
 * await registry.metrics();
 * collector.unregister();
 * ```
 */
export class RocketMQCollector implements MetricsSource {
  /** Registry that exports the metrics. */
  readonly registry: MetricsRegistry;
  readonly requestCodes: RequestCodeNames;
  private readonly added = new Set<ObservedRemoting | HoldsRemoting>();
  private readonly looks: { readonly role: MetricRole; readonly look: LookForHolders }[] = [];
  private metrics: RegistryMetrics | undefined = undefined;

  /** @throws {OptionsError} naming all wrong options */
  constructor(options?: Partial<RocketMQCollectorOptions>) {
    const { registry, requestCodes } = resolveCollectorOptions(options);
    this.registry = registry;
    this.requestCodes = requestCodes;
  }

  /** Adds a client or server under a name, or whatever holds some. */
  add(observed: ObservedRemoting | HoldsRemoting): void {
    this.added.add(observed);
  }

  /** Takes out what was added. What it counted stays in the totals of its name while another one has that name. */
  remove(observed: ObservedRemoting | HoldsRemoting): void {
    this.added.delete(observed);
  }

  /**
   * Adds a place to look for holders, at every scrape.
   *
   * @param role whose `scrape_errors_total` counts what goes wrong there
   */
  addLook(role: MetricRole, look: LookForHolders): void {
    this.looks.push({ role, look });
  }

  /**
   * Puts the metrics into the registry, or shares those that are there. A second call changes nothing.
   *
   * @throws {OptionsError} when a metric of somebody else has one of their names
   */
  register(): void {
    if (this.metrics !== undefined) return;
    this.metrics = RegistryMetrics.in(this.registry);
    this.metrics.add(this);
  }

  /** Takes what it added out of the registry; the metrics go when nobody shares them. A second call changes nothing. */
  unregister(): void {
    this.metrics?.remove(this);
    this.metrics = undefined;
  }

  /** @internal */
  find(onError: (role: MetricRole) => void): readonly ObservedRemoting[] {
    const found: ObservedRemoting[] = [];
    for (const each of this.added) this.ask(each, found, () => onError('client'));
    for (const { role, look } of this.looks) {
      const failed = (): void => onError(role);
      try {
        for (const each of look()) if (isHolder(each)) this.ask(each, found, failed);
      } catch {
        failed();
      }
    }
    return found;
  }

  private ask(each: ObservedRemoting | HoldsRemoting, found: ObservedRemoting[], failed: () => void): void {
    try {
      if ('remoting' in each) found.push(each);
      else found.push(...each[OBSERVED_REMOTING]());
    } catch {
      failed();
    }
  }
}

/** A stranger's proxy that throws when it is looked at is no holder, and no error of ours. */
function isHolder(value: unknown): value is HoldsRemoting {
  try {
    return holdsRemoting(value);
  } catch {
    return false;
  }
}
