import { setImmediate as nextTurn } from 'node:timers/promises';
import { RemotingClient, RemotingCommand, RemotingTimeoutError } from 'nestjs-rocketmq';
import { type Contender, bufferBody } from './contender.js';
import { core } from './contenders/core.js';
import { nest } from './contenders/nest.js';
import { answerLines, say } from './end.js';
import { percentile } from './load.js';

// The process that bench/soak.ts looks at: `node --expose-gc soak-client.js WHAT PORT`, one line a measurement.
const [, , what = '', port = ''] = process.argv;
const BODY_BYTES = 128;
const ISSUED_A_TURN = 64;

const heapUsed = (): number => {
  if (globalThis.gc === undefined) throw new Error('Start with --expose-gc.');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};

// One buffer for all calls, so that the heap shows the calls and not their bodies.
const contenders: Readonly<Record<string, Contender>> = { core: core(), 'nest-number': nest('number', bufferBody) };

const open = async (): Promise<() => Promise<unknown>> => {
  const contender = contenders[what];
  if (contender === undefined) throw new Error(`No contender ${what}.`);
  return (await contender.open(Number(port)))(BODY_BYTES);
};
const call = await open();

/** Bytes of heap that `count` calls in flight take, with the Promise of each. */
const hold = async (count: number): Promise<object> => {
  const before = heapUsed();
  const held: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) {
    held.push(call());
    if (i % ISSUED_A_TURN === 0) await nextTurn();
  }
  const bytes = heapUsed() - before;
  const isOver = await Promise.race([...held.map(each => each.then(() => true)), nextTurn(false)]);
  if (isOver) throw new Error('A call was over before the heap was looked at.');
  return { bytes };
};

/** Makes `count` calls, 64 at a time; the heap that is then left. */
const pass = async (count: number): Promise<object> => {
  let left = count;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: ISSUED_A_TURN }, caller));
  return { heapUsed: heapUsed() };
};

const answered = (): never => {
  throw new Error('What never answers has answered.');
};

/** How late, in ms and sorted, `count` calls end whose deadlines lie `firstMs` to `lastMs` after the beginning. */
const lateness = async (count: number, firstMs: number, lastMs: number): Promise<Float64Array> => {
  const client = new RemotingClient({});
  client.start();
  const late = new Float64Array(count);
  const begin = performance.now();
  const ended: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    const timeoutMs = Math.round(begin + firstMs + ((lastMs - firstMs) * i) / count - performance.now());
    const due = performance.now() + timeoutMs;
    const command = new RemotingCommand({ code: 20001, body: Buffer.alloc(BODY_BYTES) });
    const failed = (error: unknown): void => {
      if (!(error instanceof RemotingTimeoutError)) throw error;
      late[i] = performance.now() - due;
    };
    ended.push(client.invokeSync(`127.0.0.1:${port}`, command, timeoutMs).then(answered, failed));
    if (i % ISSUED_A_TURN === 0) await nextTurn();
  }
  await Promise.all(ended);
  const sorted = late.toSorted();
  const first = sorted[0] ?? 0;
  if (first < -1) throw new Error(`A call ended ${-first} ms before its time.`);
  return sorted;
};

const measurements: Readonly<Record<string, (count: number) => Promise<object>>> = {
  hold,
  pass,
  spread: async count => ({ p99Ms: percentile(await lateness(count, 3000, 13_000), 0.99) }),
  atOnce: async count => ({ maxMs: (await lateness(count, 5000, 5000)).at(-1) }),
};

say({});
await answerLines(line => {
  const [name = '', count] = line.split(' ');
  const measurement = measurements[name];
  if (measurement === undefined) throw new Error(`No measurement ${name}.`);
  return measurement(Number(count));
});
