import { twoCores } from './cpus.js';
import { prepareJava } from './java.js';
import type { Measurement } from './load.js';
import { fillMarkdown } from './markdown.js';
import { type RpcOptions, rpcOptions } from './options.js';
import { Pair } from './pair.js';
import { type Series, jsonLines, machine, tables } from './report.js';

// Speed of one call after another, side by side: see docs/performance.md. Standard output is the report alone.
const FIRST_WARM_UP_MS = 3000;
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** The contenders to measure: Java's only where there is a Java. */
const available = (whats: readonly string[]): string[] => {
  const reason = whats.includes('java') ? prepareJava() : undefined;
  if (reason !== undefined) tell(`java is left out: ${reason}.`);
  return whats.filter(what => what !== 'java' || reason === undefined);
};

/** All loads of all pairs, round by round: what is compared runs within seconds, every other round backwards. */
const measureAll = async (pairs: readonly Pair[], options: RpcOptions): Promise<Series[]> => {
  const { inFlight: flights, bodyBytes: sizes, rounds, runMs } = options;
  const cells = sizes.flatMap(bodyBytes => flights.map(inFlight => ({ inFlight, bodyBytes })));
  const all = cells.flatMap(cell =>
    pairs.map(pair => ({ pair, series: { what: pair.what, ...cell, rounds: [] as Measurement[] } })),
  );
  for (let round = 1; round <= rounds; round++) {
    tell(`round ${round} of ${rounds}`);
    for (const { pair, series } of round % 2 === 1 ? all : all.toReversed()) {
      const { inFlight, bodyBytes } = series;
      series.rounds.push(await pair.measure({ inFlight, bodyBytes, warmUpMs: Math.round(runMs / 3), runMs }));
    }
  }
  return all.map(({ series }) => series);
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
    const all = await measureAll(pairs, options);
    const report = `${machine(cores)}\n\n${tables(all)}`;
    process.stdout.write(`${options.json ? jsonLines(all) : report}\n`);
    if (options.markdown !== undefined) fillMarkdown(options.markdown, 'bench:rpc', report);
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
