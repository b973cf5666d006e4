import { twoCores } from './cpus.js';
import { prepareJava } from './java.js';
import type { Load, Measurement } from './load.js';
import { type RpcOptions, rpcOptions } from './options.js';
import { Pair } from './pair.js';
import { type Row, jsonLine, machine, median, tables } from './report.js';

// Speed of one call after another, side by side: see docs/performance.md. Standard output is the report alone.
const FIRST_WARM_UP_MS = 3000;
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** The contenders to measure: Java's only where there is a Java. */
const available = (whats: readonly string[]): string[] => {
  const reason = whats.includes('java') ? prepareJava() : undefined;
  if (reason !== undefined) tell(`java is left out: ${reason}.`);
  return whats.filter(what => what !== 'java' || reason === undefined);
};

const keyOf = (what: string, cell: Pick<Load, 'inFlight' | 'bodyBytes'>): string =>
  `${what} ${cell.inFlight} ${cell.bodyBytes}`;

/** All loads of all pairs, round by round: those that are compared run within seconds of each other. */
const measureAll = async (pairs: readonly Pair[], options: RpcOptions): Promise<Row[]> => {
  const cells = options.bodyBytes.flatMap(bodyBytes => options.inFlight.map(inFlight => ({ inFlight, bodyBytes })));
  const results = new Map<string, Measurement[]>();
  for (let round = 1; round <= options.rounds; round++) {
    tell(`round ${round} of ${options.rounds}`);
    for (const cell of cells) {
      for (const pair of pairs) {
        const measured = await pair.measure({ ...cell, warmUpMs: Math.round(options.runMs / 3), runMs: options.runMs });
        const key = keyOf(pair.what, cell);
        results.set(key, [...(results.get(key) ?? []), measured]);
      }
    }
  }
  return cells.flatMap(cell =>
    pairs.map(({ what }) => {
      const measured = results.get(keyOf(what, cell)) ?? [];
      return {
        what,
        ...cell,
        perSecond: Math.round(median(measured.map(({ calls, elapsedMs }) => (calls / elapsedMs) * 1000))),
        p50Ms: Number(median(measured.map(({ p50Ms }) => p50Ms)).toFixed(4)),
        p99Ms: Number(median(measured.map(({ p99Ms }) => p99Ms)).toFixed(4)),
      };
    }),
  );
};

const main = async (options: RpcOptions): Promise<void> => {
  const cores = twoCores();
  tell(machine(cores));
  const pairs: Pair[] = [];
  try {
    for (const what of available(options.whats)) {
      const pair = await Pair.start(what, cores);
      pairs.push(pair);
      await pair.measure({ inFlight: 64, bodyBytes: 128, warmUpMs: 0, runMs: FIRST_WARM_UP_MS });
    }
    const rows = await measureAll(pairs, options);
    process.stdout.write(
      options.json ? rows.map(row => `${jsonLine(row)}\n`).join('') : `${machine(cores)}\n\n${tables(rows)}\n`,
    );
  } finally {
    await Promise.all(pairs.map(pair => pair.end()));
  }
};

try {
  const options = rpcOptions(process.argv.slice(2));
  if (options !== undefined) await main(options);
} catch (error) {
  tell(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
