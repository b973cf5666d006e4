import { parseArgs } from 'node:util';
import { contenders } from './contenders.js';

/** What one run of `bench:rpc` measures. */
export interface RpcOptions {
  readonly whats: readonly string[];
  readonly inFlight: readonly number[];
  readonly bodyBytes: readonly number[];
  readonly rounds: number;
  readonly runMs: number;
  readonly json: boolean;
  /** File whose place for the tables is filled. */
  readonly markdown: string | undefined;
}

const usage = `Usage: npm run bench:rpc -- [options]
  --json            one line of JSON a row instead of tables
  --markdown FILE   puts the tables into FILE too, between <!-- bench:rpc --> and <!-- /bench:rpc -->
  --quick           64 in flight, 128 B, 3 rounds of 0.5 s
  --rounds N        interleaved rounds, medians are reported (5)
  --seconds S       time of one measurement, after a third of it to warm up (1)
  --only A,B        of ${Object.keys(contenders).join(', ')}
  --in-flight N,N   calls in flight (1,64,256)
  --body N,N        bytes of a body (128,4096)`;

const list = (text: string): string[] => text.split(',').filter(part => part !== '');

const numbers = (name: string, text: string, least: number): number[] =>
  list(text).map(part => {
    const value = Number(part);
    if (!(value >= least)) throw new Error(`--${name} ${text}: numbers of at least ${least} are wanted.`);
    return value;
  });

const one = (name: string, text: string, least: number): number => {
  const [value, ...more] = numbers(name, text, least);
  if (value === undefined || more.length > 0) throw new Error(`--${name} ${text}: one number is wanted.`);
  return value;
};

/** Reads the command line; `undefined` once `--help` has been answered. Throws on anything it does not know. */
export const rpcOptions = (args: readonly string[]): RpcOptions | undefined => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: flag,
      markdown: text,
      quick: flag,
      help: flag,
      rounds: text,
      seconds: text,
      only: text,
      'in-flight': text,
      body: text,
    },
  });
  if (values.help) {
    process.stderr.write(`${usage}\n`);
    return undefined;
  }
  const usual = values.quick
    ? { rounds: '3', seconds: '0.5', inFlight: '64', body: '128' }
    : { rounds: '5', seconds: '1', inFlight: '1,64,256', body: '128,4096' };
  const whats = values.only === undefined ? Object.keys(contenders) : list(values.only);
  const unknown = whats.filter(what => !(what in contenders));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(',')}: not known.\n${usage}`);
  return {
    whats,
    rounds: one('rounds', values.rounds ?? usual.rounds, 1),
    runMs: one('seconds', values.seconds ?? usual.seconds, 0.05) * 1000,
    inFlight: numbers('in-flight', values['in-flight'] ?? usual.inFlight, 1),
    // Less than 8 bytes are no JSON object with a field, which Nest's rows carry.
    bodyBytes: numbers('body', values.body ?? usual.body, 8),
    json: values.json,
    markdown: values.markdown,
  };
};
