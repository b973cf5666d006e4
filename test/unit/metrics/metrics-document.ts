import { metricDescriptions, metricRows, type MetricRow } from '../../../src/metrics/metric-names.js';

const code = (text: string): string => `\`${text}\``;

const rowOf = ([key, row]: readonly [string, MetricRow]): string => {
  const described = metricDescriptions.filter(each => each.key === key);
  const names = described.map(each => code(each.name)).join('<br>');
  const labels = row.labels.map(code);
  if (described.some(each => each.labels.includes(each.role))) {
    labels.unshift(described.map(each => code(each.role)).join(' / '));
  }
  return `| ${[names, row.type, labels.join(', ') || 'none', row.unit, row.help].join(' | ')} |`;
};

/** The table of `docs/metrics.md`, one line a row. */
export function metricsTable(): string[] {
  return [
    '| name | type | labels | unit | what |',
    '| --- | --- | --- | --- | --- |',
    ...Object.entries<MetricRow>(metricRows).map(rowOf),
  ];
}
