import type { Metric, Registry, RegistryContentType } from 'prom-client';
import { OptionsError } from '../errors/options.js';
import type { ObservedRemoting } from '../remoting/observed.js';
import type { RemotingService } from '../remoting/remoting-service.js';
import { CodeLabels, type RequestCodeNames } from './code-labels.js';
import { type MetricDescription, metricDescriptions, type MetricRole } from './metric-names.js';
import { readers } from './metric-readers.js';
import { type Sample, Samples } from './samples.js';

/** A registry of prom-client, of either content type. */
export type MetricsRegistry = Registry<RegistryContentType>;

/** Where the metrics of a registry find clients and servers. */
export interface MetricsSource {
  readonly requestCodes: RequestCodeNames;
  /** Clients and servers that are there now. Does not throw: it tells `onError` what could not be looked at. */
  find(onError: (role: MetricRole) => void): readonly ObservedRemoting[];
}

type Seen = ObservedRemoting & { readonly requestCodes: RequestCodeNames };

/** On each of our metrics in a registry, so that another application finds what it shares. */
const OWNER: unique symbol = Symbol.for('nestjs-rocketmq/registry-metrics') as never;

/**
 * A metric whose values are read when it is scraped. prom-client's own classes cannot take over a histogram, and its
 * registry asks for no more than this: a name, `get()` and `reset()`.
 */
class ScrapedMetric {
  /** prom-client takes `_total` off here in an OpenMetrics registry. */
  name: string;
  readonly help: string;
  readonly type: string;
  readonly aggregator = 'sum';
  readonly [OWNER]: RegistryMetrics;

  constructor(
    private readonly description: MetricDescription,
    owner: RegistryMetrics,
  ) {
    this.name = description.name;
    this.help = description.help;
    this.type = description.type;
    this[OWNER] = owner;
  }

  // prom-client expects a Promise
  async get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: this[OWNER].samplesOf(this.description) };
  }

  /** The counts belong to the clients and servers. */
  reset(): void {}
}

/**
 * Our metrics in one registry. They are shared by all applications of the process that use the registry: made for the
 * first source, removed with the last.
 *
 * A `_total` never falls while a client or server of its name is there: what one that is gone had counted is kept and
 * added to what the others, or a later one of the same name, count.
 */
export class RegistryMetrics {
  private readonly sources = new Set<MetricsSource>();
  private readonly codes = new CodeLabels();
  private seen: ReadonlyMap<RemotingService, Seen> = new Map();
  private upToDate = false;
  /** Counts of those that are gone, by metric and name. */
  private readonly departed = new Map<string, Samples>();
  private readonly scrapeErrors: Record<MetricRole, number> = { client: 0, server: 0 };
  private readonly metrics = metricDescriptions.map(each => new ScrapedMetric(each, this));

  private constructor(private readonly registry: MetricsRegistry) {}

  /**
   * The metrics in a registry; they are made when it has none.
   *
   * @throws {OptionsError} when a metric of somebody else has one of their names
   */
  static in(registry: MetricsRegistry): RegistryMetrics {
    for (const { name } of metricDescriptions) {
      const present = registry.getSingleMetric(name);
      if (present === undefined) continue;
      if (OWNER in present) return present[OWNER] as RegistryMetrics;
      throw new OptionsError('RocketMQ metrics', [`"registry" already has a metric ${name} that is not ours`]);
    }
    const made = new RegistryMetrics(registry);
    for (const each of made.metrics) registry.registerMetric(each as unknown as Metric);
    return made;
  }

  add(source: MetricsSource): void {
    this.sources.add(source);
    this.look();
  }

  /** Takes a source out. The other ones keep theirs; the metrics go with the last. */
  remove(source: MetricsSource): void {
    this.look();
    if (!this.sources.delete(source)) return;
    this.look();
    if (this.sources.size > 0) return;
    for (const { name } of metricDescriptions) {
      const present = this.registry.getSingleMetric(name);
      // somebody may have cleared the registry and registered anew
      if (present !== undefined && OWNER in present && present[OWNER] === this) this.registry.removeSingleMetric(name);
    }
  }

  /** The values of one metric now. Never throws: what cannot be read is counted, and missing from this scrape. */
  samplesOf(metric: MetricDescription): Sample[] {
    if (metric.key === 'scrape_errors_total') return [{ labels: {}, value: this.scrapeErrors[metric.role] }];
    if (!this.upToDate) {
      this.look();
      // a registry asks all metrics in one go: they all show the same clients and servers
      this.upToDate = true;
      queueMicrotask(() => {
        this.upToDate = false;
      });
    }
    const byName = new Map<string, Samples>();
    const unreadable = new Set<string>();
    for (const each of this.seen.values()) {
      if (each.role !== metric.role) continue;
      const samples = byName.get(each.name) ?? this.startOf(metric, each.name);
      byName.set(each.name, samples);
      if (!this.readInto(samples, metric, each)) unreadable.add(each.name);
    }
    // half of a sum would look like a counter that began anew
    for (const name of unreadable) byName.delete(name);
    return [...byName].flatMap(([name, samples]) => samples.export(metric.name, { [metric.role]: name }));
  }

  private startOf(metric: MetricDescription, name: string): Samples {
    const samples = new Samples();
    const kept = this.departed.get(departedKey(metric, name));
    if (kept !== undefined) samples.addAll(kept);
    return samples;
  }

  /** Returns whether it could be read. */
  private readInto(samples: Samples, metric: MetricDescription, { remoting, requestCodes }: Seen): boolean {
    if (metric.key === 'scrape_errors_total') return true;
    try {
      readers[metric.key](remoting, samples, code => this.codes.labelOf(code, requestCodes));
      return true;
    } catch {
      this.scrapeErrors[metric.role]++;
      return false;
    }
  }

  /** Asks the sources who is there, and keeps the counts of those that are there no longer. */
  private look(): void {
    const found = new Map<RemotingService, Seen>();
    for (const source of this.sources) {
      const { requestCodes } = source;
      const onError = (role: MetricRole): void => {
        this.scrapeErrors[role]++;
      };
      for (const each of source.find(onError)) {
        // two applications may share one client: it counts once
        if (!found.has(each.remoting)) found.set(each.remoting, { ...each, requestCodes });
      }
    }
    for (const [remoting, each] of this.seen) if (!found.has(remoting)) this.keepCountsOf(each);
    for (const [remoting, each] of found) this.prepare(each, !this.seen.has(remoting));
    this.seen = found;
  }

  private prepare({ role, remoting, requestCodes }: Seen, isNew: boolean): void {
    try {
      this.codes.noteServed(remoting.dispatcher.processorTable.keys());
      // a row made ahead, so that a code which only the default processor serves is counted by itself
      if (isNew) for (const code of Object.keys(requestCodes)) remoting.statistics.requests.of(Number(code));
    } catch {
      this.scrapeErrors[role]++;
    }
  }

  private keepCountsOf(gone: Seen): void {
    for (const metric of metricDescriptions) {
      if (metric.role !== gone.role || metric.type === 'gauge') continue;
      const samples = this.startOf(metric, gone.name);
      if (this.readInto(samples, metric, gone)) this.departed.set(departedKey(metric, gone.name), samples);
    }
  }
}

const departedKey = (metric: MetricDescription, name: string): string => `${metric.name} ${name}`;
