import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LineProcess } from './line-process.js';
import { fillMarkdown, markdownTable } from './markdown.js';
import { machine } from './report.js';

// Memory and deadlines of our core and transport: see docs/performance.md. Standard output is the report alone.
const IN_FLIGHT = 65_535;
const MEGA = 1e6;

/** A figure and what it may be at most. */
interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: 'MB' | 'ms';
  readonly limit: number;
}

const nodeScript = (name: string, ...args: readonly string[]): LineProcess =>
  new LineProcess({
    command: process.execPath,
    args: ['--expose-gc', fileURLToPath(new URL(`${name}.js`, import.meta.url)), ...args],
  });

/** Our core, and `client.send` with a request code. */
const ends = { core: 'core', nest: 'nest-number' } as const;
type What = keyof typeof ends;

/** Runs `measure` with a fresh server and a fresh client that calls it. */
const withEnds = async <T>(
  what: What,
  serverArgs: readonly [string, ...string[]],
  measure: (client: LineProcess, server: LineProcess) => Promise<T>,
): Promise<T> => {
  const [name, ...args] = serverArgs;
  const server = nodeScript(name, ...args);
  try {
    const { port } = await server.next<{ port: number }>();
    const client = nodeScript('soak-client', ends[what], String(port));
    try {
      await client.next();
      return await measure(client, server);
    } finally {
      await client.end();
    }
  } finally {
    await server.end();
  }
};

const inFlight = (what: What, limit: number) => async (): Promise<Row[]> => {
  const { bytes } = await withEnds(what, ['sink'], client => client.ask<{ bytes: number }>(`hold ${IN_FLIGHT}`));
  return [{ what: `${what}-in-flight`, value: bytes / MEGA, unit: 'MB', limit }];
};

/** Heap of both ends after `calls` calls, less that after a tenth of them. */
const growth =
  (what: What) =>
  (calls: number): Promise<Row[]> =>
    withEnds(what, ['serve', ends[what]], async (client, server) => {
      const after = async (count: number): Promise<readonly [number, number]> => {
        const caller = await client.ask<{ heapUsed: number }>(`pass ${count}`);
        const called = await server.ask<{ heapUsed: number }>('heap');
        return [caller.heapUsed, called.heapUsed];
      };
      const early = await after(Math.round(calls / 10));
      const late = await after(Math.round((calls * 9) / 10));
      const row = (end: 0 | 1, name: string): Row => ({
        what: `${what}-growth-${name}`,
        value: (late[end] - early[end]) / MEGA,
        unit: 'MB',
        limit: 2,
      });
      return [row(0, 'client'), row(1, 'server')];
    });

const deadlines = {
  spread: async (): Promise<Row[]> => {
    const { p99Ms } = await withEnds('core', ['sink'], c => c.ask<{ p99Ms: number }>(`spread ${IN_FLIGHT}`));
    return [{ what: 'deadlines-spread-p99', value: p99Ms, unit: 'ms', limit: 50 }];
  },
  atOnce: async (): Promise<Row[]> => {
    const { maxMs } = await withEnds('core', ['sink'], c => c.ask<{ maxMs: number }>(`atOnce ${IN_FLIGHT}`));
    return [{ what: 'deadlines-at-once-max', value: maxMs, unit: 'ms', limit: 500 }];
  },
};

const soaks: Readonly<Record<string, (calls: number) => Promise<Row[]>>> = {
  'core-in-flight': inFlight('core', 64),
  'nest-in-flight': inFlight('nest', 100),
  'deadlines-spread': deadlines.spread,
  'deadlines-at-once': deadlines.atOnce,
  'core-growth': growth('core'),
  'nest-growth': growth('nest'),
};

const usage = `Usage: npm run bench:soak -- [options]
  --json           one line of JSON a row instead of a table
  --markdown FILE  puts the table into FILE too, between <!-- bench:soak --> and <!-- /bench:soak -->
  --calls N        calls of a growth measurement, compared with a tenth of them (10000000)
  --only A,B       of ${Object.keys(soaks).join(', ')}`;

const report = (rows: readonly Row[]): string => {
  const cells = rows.map(({ what, value, unit, limit }) => [
    what,
    `${value.toFixed(2)} ${unit}`,
    `${limit} ${unit}`,
    value <= limit ? 'within' : 'MISSED',
  ]);
  return `${machine(undefined)}\n\n${markdownTable(['what', 'value', 'limit', 'verdict'], cells)}`;
};

const print = (out: string): void => void process.stdout.write(`${out}\n`);

const main = async (): Promise<void> => {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { json: flag, help: flag, calls: text, only: text, markdown: text } });
  const calls = Number(values.calls ?? 10_000_000);
  const names = values.only?.split(',') ?? Object.keys(soaks);
  const unknown = names.filter(name => !(name in soaks));
  if (values.help || unknown.length > 0 || !(calls >= 1000)) throw new Error(usage);
  const rows: Row[] = [];
  for (const name of names) {
    process.stderr.write(`${name}\n`);
    for (const row of (await soaks[name]?.(calls)) ?? []) rows.push({ ...row, value: Number(row.value.toFixed(3)) });
  }
  print(values.json ? rows.map(row => JSON.stringify({ bench: 'soak', ...row })).join('\n') : report(rows));
  if (values.markdown !== undefined) fillMarkdown(values.markdown, 'bench:soak', report(rows));
};

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
