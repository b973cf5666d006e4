/** How long to leave an address alone after failed connects. */
export interface BackoffOptions {
  /** After the first failures, in milliseconds; doubled with each further one. */
  readonly reconnectDelayMs: number;
  /** At most so long, in milliseconds. */
  readonly reconnectMaxDelayMs: number;
}

/** Failures in a row that cost no wait: a peer that restarts should be found at once. */
const FREE_FAILURES = 2;

/**
 * Milliseconds to wait after `failures` failed connects in a row: none for the first two, then doubling, with a jitter
 * of a quarter so that many clients do not come back in step.
 */
export function backoffMs(failures: number, options: BackoffOptions, random: () => number = Math.random): number {
  if (failures <= FREE_FAILURES) return 0;
  const exponential = options.reconnectDelayMs * 2 ** Math.min(failures - FREE_FAILURES - 1, 30);
  return Math.min(exponential, options.reconnectMaxDelayMs) * (1 - random() / 4);
}
