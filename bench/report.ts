import { cpus } from 'node:os';
import { contenders } from './contenders.js';
import type { Cores } from './cpus.js';
import type { Load, Measurement } from './load.js';
import { markdownTable } from './markdown.js';

/** One contender under one load, all rounds. */
export interface Series extends Pick<Load, 'inFlight' | 'bodyBytes'> {
  readonly what: string;
  readonly rounds: readonly Measurement[];
}

/** One row: the medians over all rounds. */
export interface Row extends Omit<Series, 'rounds'> {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Median of at least one number. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
};

/** Where and on what the figures were taken. */
export const machine = (cores: Cores | undefined): string => {
  const cpu = cpus();
  const pinned =
    cores === undefined ? 'not pinned' : `server pinned to core ${cores.server}, client to ${cores.client}`;
  return `Node ${process.version}, ${cpu.length} × ${cpu[0]?.model ?? 'CPU'}, ${pinned}`;
};

const perMs = ({ calls, elapsedMs }: Measurement): number => calls / elapsedMs;

const rowOf = ({ what, inFlight, bodyBytes, rounds }: Series): Row => ({
  what,
  inFlight,
  bodyBytes,
  perSecond: Math.round(median(rounds.map(perMs)) * 1000),
  p50Ms: Number(median(rounds.map(({ p50Ms }) => p50Ms)).toFixed(4)),
  p99Ms: Number(median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(4)),
});

/** Median of the ratios of each round: what drifts from round to round is the same for both. */
const ratioOf = (series: Series, against: Series): number =>
  median(series.rounds.map((measured, at) => perMs(measured) / perMs(against.rounds[at] ?? measured)));

/** `0.84 × bare (≥ 0.7), 7.05 × java (≥ 4)`: what it must reach is said where it is asked for. */
const ratios = (series: Series, cell: readonly Series[]): string =>
  Object.entries(contenders[series.what]?.beside ?? {})
    .flatMap(([other, least]) => {
      const against = cell.find(({ what }) => what === other);
      if (against === undefined) return [];
      const ratio = ratioOf(series, against);
      const text = `${ratio.toFixed(2)} × ${other}`;
      if (least === 0) {
        const microseconds = (1000 / rowOf(against).perSecond) * 1000 * (1 / ratio - 1);
        return [`${text} (${microseconds < 0 ? '−' : '+'}${Math.abs(microseconds).toFixed(1)} µs a call)`];
      }
      const asked = series.inFlight === 64 && series.bodyBytes === 128;
      return [asked ? `${text} (${ratio >= least ? '≥' : 'MISSED'} ${least})` : text];
    })
    .join(', ');

const table = (cell: readonly Series[]): string => {
  const bare = cell.find(({ what }) => what === 'bare');
  const rows = cell.map(series => {
    const { what, perSecond, p50Ms, p99Ms } = rowOf(series);
    const beside = bare === undefined ? '' : ratioOf(series, bare).toFixed(2);
    return [what, perSecond.toLocaleString('en'), p50Ms.toFixed(3), p99Ms.toFixed(3), beside, ratios(series, cell)];
  });
  return markdownTable(['what', 'calls/s', 'p50 ms', 'p99 ms', '× bare', 'beside'], rows);
};

/** Markdown tables, one for each number of calls in flight and size of body. */
export const tables = (all: readonly Series[]): string => {
  const titleOf = ({ inFlight, bodyBytes }: Series): string => `${inFlight} in flight, ${bodyBytes} B bodies`;
  return [...new Set(all.map(titleOf))]
    .map(title => `### ${title}\n\n${table(all.filter(series => titleOf(series) === title))}`)
    .join('\n\n');
};

/** One line of JSON a row. */
export const jsonLines = (all: readonly Series[]): string =>
  all.map(series => JSON.stringify({ bench: 'rpc', ...rowOf(series) })).join('\n');
