/** One closed-loop measurement of one client. */
export interface Measurement {
  readonly calls: number;
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What to measure: calls kept in flight, bytes of each body, how long to warm up and to measure. */
export interface Load {
  readonly inFlight: number;
  readonly bodyBytes: number;
  readonly warmUpMs: number;
  readonly runMs: number;
}

/** One line for a client process: four numbers. */
export const writeLoad = ({ inFlight, bodyBytes, warmUpMs, runMs }: Load): string =>
  [inFlight, bodyBytes, warmUpMs, runMs].join(' ');

/** The opposite of {@link writeLoad}. */
export const readLoad = (line: string): Load => {
  const [inFlight = 1, bodyBytes = 0, warmUpMs = 0, runMs = 0] = line.split(' ').map(Number);
  return { inFlight, bodyBytes, warmUpMs, runMs };
};

// A prime, so that the sampled call takes every place within a batch of 16 frames. Java's client samples alike.
const SAMPLE_EVERY = 7;
const latencies = new Float64Array(1 << 18);

/** Value below which the share `p` of the sorted samples lies, 0 without any. */
export const percentile = (sorted: Float64Array, p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0;

/** Keeps `inFlight` calls under way for `ms`, a call begun as soon as one has ended. Only sampled calls read the clock. */
const run = async (call: () => Promise<unknown>, inFlight: number, ms: number): Promise<Measurement> => {
  let calls = 0;
  let samples = 0;
  let going = true;
  const start = performance.now();
  const caller = async (): Promise<void> => {
    while (going) {
      if (calls++ % SAMPLE_EVERY !== 0) {
        await call();
        continue;
      }
      const before = performance.now();
      await call();
      const after = performance.now();
      if (samples < latencies.length) latencies[samples++] = after - before;
      if (after - start >= ms) going = false;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  const elapsedMs = performance.now() - start;
  const sorted = latencies.subarray(0, samples).toSorted();
  return { calls, elapsedMs, p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
};

/** Warms up, then measures. */
export const measure = async (call: () => Promise<unknown>, load: Load): Promise<Measurement> => {
  if (load.warmUpMs > 0) await run(call, load.inFlight, load.warmUpMs);
  return run(call, load.inFlight, load.runMs);
};
