import { expect, test } from '@jest/globals';
import { type OpenMetricsContentType, register, Registry } from 'prom-client';
import { OptionsError } from '../../../src/errors/options.js';
import { resolveMetricsOptions } from '../../../src/metrics/rocketmq-metrics-options.js';

test('by default the global registry, no controller, no names', () => {
  expect(resolveMetricsOptions(undefined)).toEqual({ registry: register, controller: false, requestCodes: {} });
});

test('takes either kind of registry, a path and names', () => {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const given = { registry, controller: { path: 'm' }, requestCodes: { 20001: 'ECHO' } };
  expect(resolveMetricsOptions(given)).toEqual(given);
});

test('tells all faults at once', () => {
  const wrong: object = { registry: {}, controller: { path: '' }, requestCodes: { ECHO: 20001 }, register };
  const attempt = (): unknown => resolveMetricsOptions(wrong);
  expect(attempt).toThrow(OptionsError);
  for (const what of ['"registry" must be', '"controller" must be', '"requestCodes" must hold', 'unknown option'])
    expect(attempt).toThrow(what);
});
