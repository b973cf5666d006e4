import { setImmediate as nextTurn } from 'node:timers/promises';
import { RemotingClient, RemotingCommand } from 'nestjs-rocketmq';
import { answerLines, contenderOf, say } from './end.js';
import { percentile } from './load.js';

// The process that bench/soak.ts looks at: `node --expose-gc soak-client.js WHAT PORT`, one line a measurement.
const [, , what = '', port = ''] = process.argv;
const BODY_BYTES = 128;
const ISSUED_A_TURN = 64;
const ignore = (): void => undefined;

const heapUsed = (): number => {
  if (globalThis.gc === undefined) throw new Error('Start with --expose-gc.');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};

const open = async (): Promise<() => Promise<unknown>> =>
  (await (await contenderOf(what)).open(Number(port)))(BODY_BYTES);
const call = await open();

/** Bytes of heap that `count` calls in flight take. */
const hold = async (count: number): Promise<object> => {
  const before = heapUsed();
  const held: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) {
    held.push(call().catch(ignore));
    if (i % ISSUED_A_TURN === 0) await nextTurn();
  }
  return { bytes: heapUsed() - before, held: held.length };
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
    const settled = (): void => void (late[i] = performance.now() - due);
    ended.push(client.invokeSync(`127.0.0.1:${port}`, command, timeoutMs).then(settled, settled));
    if (i % ISSUED_A_TURN === 0) await nextTurn();
  }
  await Promise.all(ended);
  return late.toSorted();
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
