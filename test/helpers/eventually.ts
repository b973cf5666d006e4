import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `condition` holds; throws with `what` when it does not within `withinMs`. For what emits no event. */
export async function eventually(condition: () => boolean, what: string, withinMs = 3000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(2);
  }
}
