import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { metricDescriptions } from '../../../src/metrics/metric-names.js';
import { metricsTable } from './metrics-document.js';

const DOCUMENT = new URL('../../../docs/metrics.md', import.meta.url);
const tableIn = (lines: readonly string[]): string[] => lines.filter(line => line.startsWith('|'));

test('docs/metrics.md has one table: the metrics of the code (UPDATE_DOCS=1 writes it)', () => {
  const lines = readFileSync(DOCUMENT, 'utf8').split('\n');
  if (process.env['UPDATE_DOCS'] === '1') {
    const first = lines.findIndex(line => line.startsWith('|'));
    lines.splice(first, tableIn(lines).length, ...metricsTable());
    writeFileSync(DOCUMENT, lines.join('\n'));
  }
  // prettier pads the cells
  const bare = tableIn(lines).map(line => line.replace(/-{3,}/g, '---').replace(/ +/g, ' '));
  expect(bare).toEqual(metricsTable());
});

test('names follow the rules of Prometheus', () => {
  expect(metricDescriptions.length).toBeGreaterThan(50);
  expect(new Set(metricDescriptions.map(each => each.name)).size).toBe(metricDescriptions.length);
  for (const { name, type, unit, help, labels } of metricDescriptions) {
    expect(name).toMatch(/^rocketmq_(client|server)_[a-z_]+$/);
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    expect([name, /_bytes(_total)?$/.test(name)]).toEqual([name, unit === 'bytes']);
    expect([name, name.endsWith('_seconds')]).toEqual([name, unit === 'seconds']);
    expect(help).toMatch(/^[A-Z][^\n]+\.$/);
    expect(new Set(labels).size).toBe(labels.length);
  }
});
