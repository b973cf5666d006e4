import { cpus } from 'node:os';
import { contenders } from './contenders.js';
import type { Cores } from './cpus.js';

/** One row: the medians over all rounds. */
export interface Row {
  readonly what: string;
  readonly inFlight: number;
  readonly bodyBytes: number;
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

/** `bare 0.84, java 7.05 (at least 4)`: the ratios of one row; what it must reach is said where it is asked for. */
const ratios = (row: Row, cell: readonly Row[]): string =>
  Object.entries(contenders[row.what]?.beside ?? {})
    .flatMap(([other, least]) => {
      const against = cell.find(candidate => candidate.what === other);
      if (against === undefined) return [];
      const ratio = row.perSecond / against.perSecond;
      const asked = least > 0 && row.inFlight === 64 && row.bodyBytes === 128;
      const verdict = asked ? ` (${ratio >= least ? '≥' : 'MISSED'} ${least})` : '';
      return [`${ratio.toFixed(2)} × ${other}${verdict}`];
    })
    .join(', ');

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell, i) => (i === 0 || i === cells.length - 1 ? cell.padEnd(18) : cell.padStart(9))).join(' | ')} |`;

const table = (title: string, cell: readonly Row[]): string => {
  const bare = cell.find(row => row.what === 'bare');
  const body = cell.map(row =>
    line([
      row.what,
      row.perSecond.toLocaleString('en'),
      row.p50Ms.toFixed(3),
      row.p99Ms.toFixed(3),
      bare === undefined ? '' : (row.perSecond / bare.perSecond).toFixed(2),
      ratios(row, cell),
    ]),
  );
  const head = [line(['what', 'calls/s', 'p50 ms', 'p99 ms', '× bare', 'beside']), '|---|--:|--:|--:|--:|---|'];
  return [title, '', ...head, ...body].join('\n');
};

/** Markdown tables, one for each number of calls in flight and size of body. */
export const tables = (rows: readonly Row[]): string => {
  const titleOf = (row: Row): string => `${row.inFlight} in flight, ${row.bodyBytes} B bodies`;
  return [...new Set(rows.map(titleOf))]
    .map(title =>
      table(
        title,
        rows.filter(row => titleOf(row) === title),
      ),
    )
    .join('\n\n');
};

/** One row as one line of JSON. */
export const jsonLine = (row: Row): string => JSON.stringify({ bench: 'rpc', ...row });
