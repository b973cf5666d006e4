import { register } from 'prom-client';
import {
  aFunction,
  anObject,
  anyOf,
  type Check,
  type Checks,
  namesByCode,
  nonEmptyString,
  resolveOptions,
  trueOrFalse,
} from '../errors/options.js';
import type { RequestCodeNames } from './code-labels.js';
import type { MetricsRegistry } from './registry-metrics.js';

/** Options of a `RocketMQCollector`. */
export interface RocketMQCollectorOptions {
  /** Registry of prom-client that exports the metrics. @default prom-client's global `register` */
  registry: MetricsRegistry;
  /**
   * Names for the label `code` of your own request codes: `{ 20001: 'ECHO' }`. RocketMQ's codes have their names.
   * @default {}
   */
  requestCodes: RequestCodeNames;
}

/** Options of the `RocketMQMetricsModule`. */
export interface RocketMQMetricsOptions extends RocketMQCollectorOptions {
  /** Serve the registry over HTTP, at `/metrics` or at another path. @default false */
  controller: boolean | { readonly path: string };
}

const aRegistry: Check = value =>
  anObject(value) === undefined &&
  ['getSingleMetric', 'registerMetric', 'removeSingleMetric', 'metrics'].every(
    name => aFunction((value as Record<string, unknown>)[name]) === undefined,
  )
    ? undefined
    : 'must be a Registry of prom-client';

const aPath: Check = value => {
  if (anObject(value) !== undefined) return 'must be an object';
  const { path, ...others } = value as Record<string, unknown>;
  return Object.keys(others).length > 0 ? 'must have nothing but a path' : nonEmptyString(path);
};

const collectorChecks: Checks<RocketMQCollectorOptions> = { registry: aRegistry, requestCodes: namesByCode };

const moduleChecks: Checks<RocketMQMetricsOptions> = {
  ...collectorChecks,
  controller: anyOf('must be true, false or { path }', trueOrFalse, aPath),
};

const collectorDefaults: RocketMQCollectorOptions = Object.freeze({ registry: register, requestCodes: {} });
const moduleDefaults: RocketMQMetricsOptions = Object.freeze({ ...collectorDefaults, controller: false });

/**
 * Fills in what is not given.
 *
 * @throws {OptionsError} naming all faults at once
 */
export function resolveCollectorOptions(
  given: Partial<RocketMQCollectorOptions> | undefined,
): Readonly<RocketMQCollectorOptions> {
  return resolveOptions('RocketMQ metrics options', collectorChecks, collectorDefaults, given);
}

/**
 * Fills in what is not given.
 *
 * @throws {OptionsError} naming all faults at once
 */
export function resolveMetricsOptions(
  given: Partial<RocketMQMetricsOptions> | undefined,
): Readonly<RocketMQMetricsOptions> {
  return resolveOptions('RocketMQMetricsModule options', moduleChecks, moduleDefaults, given);
}
