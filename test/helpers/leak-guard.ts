import { setTimeout as delay } from 'node:timers/promises';
import type { RemotingService } from '../../src/remoting/remoting-service.js';

const PATIENCE_MS = 2000;

const countResources = (): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
};

/** What is alive beyond `before`, as `3 TCPSocketWrap`. */
const beyond = (before: ReadonlyMap<string, number>): string[] =>
  [...countResources()]
    .filter(([type, count]) => count > (before.get(type) ?? 0))
    .map(([type, count]) => `${count - (before.get(type) ?? 0)} ${type}`);

const sweeperOf = (service: RemotingService): unknown => (service.group as unknown as { sweeper: unknown }).sweeper;
const wheelOf = (service: RemotingService): { size: number; timer: unknown } =>
  (service.core as unknown as { wheel: { size: number; timer: unknown } }).wheel;

function leaksOf(service: RemotingService): string[] {
  const { core, group } = service;
  const { semaphoreAsync, semaphoreOneway, responseTable } = core;
  const wheel = wheelOf(service);
  const mustBe: readonly [what: string, is: unknown, right: unknown][] = [
    ['rows of the responseTable', responseTable.size, 0],
    ['async permits', semaphoreAsync.availablePermits, semaphoreAsync.limit],
    ['waiters for async permits', semaphoreAsync.queueLength, 0],
    ['oneway permits', semaphoreOneway.availablePermits, semaphoreOneway.limit],
    ['waiters for oneway permits', semaphoreOneway.queueLength, 0],
    ['deadlines', wheel.size, 0],
    ['timer of the wheel', wheel.timer, undefined],
    ['channels', group.channels.size, 0],
    ['sweeper', sweeperOf(service), undefined],
  ];
  return mustBe
    .filter(([, is, right]) => is !== right)
    .map(([what, is, right]) => `${what}: ${String(is)}, not ${String(right)}`);
}

/** Finds what a test left behind. */
export class LeakGuard {
  private services: RemotingService[] = [];
  private before: ReadonlyMap<string, number> = new Map();

  /** Remembers what was alive before the test. */
  begin(): void {
    this.services = [];
    this.before = countResources();
  }

  watch(service: RemotingService): void {
    this.services.push(service);
  }

  /** What is left once all is shut down; handles get a moment to close. */
  async leaks(): Promise<string[]> {
    const end = performance.now() + PATIENCE_MS;
    while (this.left().length > 0 && performance.now() < end) await delay(5);
    return this.left();
  }

  private left(): string[] {
    return [...this.services.flatMap(leaksOf), ...beyond(this.before)];
  }
}
