import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { CoarseClock } from '../../../src/remoting/clock.js';
import { Deadline, DeadlineWheel } from '../../../src/remoting/deadline-wheel.js';

const TICK_MS = 20;

let stalledMs: number;

/** The event loop does not turn for so long: time passes, no timer fires. */
const stall = (ms: number): void => {
  stalledMs += ms;
};

class Noted extends Deadline {
  expiredAt: number[] = [];

  constructor(private readonly onExpire: (deadline: Noted) => void = () => undefined) {
    super();
  }

  override expire(): void {
    this.expiredAt.push(performance.now());
    this.onExpire(this);
  }
}

const endOfTick = (): Promise<void> => new Promise(resolve => process.nextTick(resolve));

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
  stalledMs = 0;
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + stalledMs);
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const newWheel = (): DeadlineWheel => new DeadlineWheel(new CoarseClock(), TICK_MS);

describe('deadlines', () => {
  test('expire once, never early, at most two ticks late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ after: fc.nat(300), ms: fc.integer({ min: 0, max: 60_000 }) }), { maxLength: 60 }),
        async plan => {
          const wheel = newWheel();
          const all: { deadline: Noted; begun: number; ms: number }[] = [];
          for (const { after, ms } of plan) {
            jest.advanceTimersByTime(after);
            await endOfTick();
            const deadline = new Noted();
            all.push({ deadline, begun: performance.now(), ms });
            wheel.add(deadline, ms);
            await endOfTick();
          }
          jest.advanceTimersByTime(61_000);
          for (const { deadline, begun, ms } of all) {
            expect(deadline.expiredAt).toHaveLength(1);
            const late = (deadline.expiredAt[0] ?? 0) - begun - ms;
            expect(late).toBeGreaterThanOrEqual(0);
            expect(late).toBeLessThanOrEqual(2 * TICK_MS);
          }
          expect(wheel.size).toBe(0);
          expect(jest.getTimerCount()).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of a time that is no number are due at once; those of Infinity never', () => {
    const wheel = newWheel();
    const [nan, infinite] = [new Noted(), new Noted()];
    wheel.add(nan, Number.NaN);
    wheel.add(infinite, Number.POSITIVE_INFINITY);
    jest.advanceTimersByTime(10_000);
    expect([nan.expiredAt.length, infinite.expiredAt.length, wheel.size]).toEqual([1, 0, 1]);
    wheel.delete(infinite);
    expect(wheel.size).toBe(0);
  });

  test('that are taken out do not expire; to take one out twice changes nothing', () => {
    const wheel = newWheel();
    const [out, stays] = [new Noted(), new Noted()];
    wheel.add(out, 100);
    wheel.add(stays, 100);
    wheel.delete(out);
    wheel.delete(out);
    expect(wheel.size).toBe(1);
    jest.advanceTimersByTime(200);
    expect([out.expiredAt.length, stays.expiredAt.length]).toEqual([0, 1]);
  });

  test('may take others of their slot out and add new ones', () => {
    const wheel = newWheel();
    const second = new Noted();
    const again = new Noted();
    const first = new Noted(() => {
      wheel.delete(second);
      wheel.add(again, 0);
    });
    // the latest of a slot expires first
    wheel.add(second, 100);
    wheel.add(first, 100);
    jest.advanceTimersByTime(200);
    expect([first, second, again].map(each => each.expiredAt.length)).toEqual([1, 0, 1]);
    expect(wheel.size).toBe(0);
  });

  test('that wait longer than the wheel goes round keep their time', () => {
    const wheel = newWheel();
    const far = new Noted();
    const roundMs = 1024 * TICK_MS;
    wheel.add(far, 3 * roundMs + 500);
    const near = new Noted();
    wheel.add(near, 500);
    jest.advanceTimersByTime(600);
    expect([near.expiredAt.length, far.expiredAt.length]).toEqual([1, 0]);
    jest.advanceTimersByTime(3 * roundMs - 200);
    expect(far.expiredAt).toHaveLength(0);
    jest.advanceTimersByTime(200);
    expect(far.expiredAt).toHaveLength(1);
  });

  test('of Infinity never come and can be taken out', () => {
    const wheel = newWheel();
    const never = new Noted();
    wheel.add(never, Number.POSITIVE_INFINITY);
    jest.advanceTimersByTime(100_000);
    expect(never.expiredAt).toHaveLength(0);
    wheel.delete(never);
    expect(wheel.size).toBe(0);
  });
});

describe('a stalled event loop', () => {
  test.each([100, 5_000, 60_000])('of %i ms: what is due comes at its end, all else in time', async ms => {
    const wheel = newWheel();
    const due = [1, ms / 2, ms].map(each => {
      const deadline = new Noted();
      wheel.add(deadline, each);
      return deadline;
    });
    const later = new Noted();
    const begun = performance.now();
    wheel.add(later, ms + 1000);
    await endOfTick();
    stall(ms);
    jest.advanceTimersByTime(2 * TICK_MS);
    expect(due.map(each => each.expiredAt.length)).toEqual([1, 1, 1]);
    expect(later.expiredAt).toHaveLength(0);
    jest.advanceTimersByTime(2000);
    expect((later.expiredAt[0] ?? 0) - begun).toBeGreaterThanOrEqual(ms + 1000);
  });

  test('within one tick: calls begun after it are not taken for older than they are', async () => {
    const clock = new CoarseClock();
    const wheel = new DeadlineWheel(clock, TICK_MS);
    const before = new Noted();
    const beforeBegun = performance.now();
    wheel.add(before, 1000);
    // a caller that computes for two seconds between two calls
    stall(2000);
    const after = new Noted();
    const afterBegun = performance.now();
    wheel.add(after, 1000);
    await endOfTick();
    jest.advanceTimersByTime(10_000);
    expect((before.expiredAt[0] ?? 0) - beforeBegun).toBeGreaterThanOrEqual(1000);
    expect((after.expiredAt[0] ?? 0) - afterBegun).toBeGreaterThanOrEqual(1000);
    expect((after.expiredAt[0] ?? 0) - afterBegun).toBeLessThanOrEqual(3000 + 3 * TICK_MS);
  });

  /*
   * Readings up to 20 ms old counted as fresh: a call that began 15 ms after another one, in the same tick, timed out
   * up to 15 ms before its time.
   */
  test('within one tick, however short, brings no call its end before its time, nor late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ after: fc.integer({ min: 1, max: 400 }), ms: fc.nat(300) }), { maxLength: 200 }),
        async plan => {
          const wheel = newWheel();
          const all: { deadline: Noted; begun: number; ms: number }[] = [];
          for (const { after, ms } of plan) {
            stall(after / 10);
            const deadline = new Noted();
            all.push({ deadline, begun: performance.now(), ms });
            wheel.add(deadline, ms);
          }
          await endOfTick();
          const end = performance.now();
          jest.advanceTimersByTime(10_000);
          for (const { deadline, begun, ms } of all) {
            const at = deadline.expiredAt[0] ?? 0;
            expect(at).toBeGreaterThanOrEqual(begun + ms - 1e-6);
            expect(at).toBeLessThanOrEqual(Math.max(begun + ms, end) + 64 * 40 + 2 * TICK_MS);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('within one tick of many calls is noticed before its end', async () => {
    const wheel = newWheel();
    const all: { deadline: Noted; begun: number }[] = [];
    for (let count = 0; count < 200; count++) {
      stall(50);
      const deadline = new Noted();
      all.push({ deadline, begun: performance.now() });
      wheel.add(deadline, 1000);
    }
    await endOfTick();
    jest.advanceTimersByTime(20_000);
    for (const { deadline, begun } of all) {
      expect((deadline.expiredAt[0] ?? 0) - begun).toBeGreaterThanOrEqual(1000);
    }
  });
});

describe('the interval', () => {
  test('runs only while something waits, and again when something comes', async () => {
    const wheel = newWheel();
    expect(jest.getTimerCount()).toBe(0);
    const first = new Noted();
    wheel.add(first, 50);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(200);
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(3_333);
    await endOfTick();
    const second = new Noted();
    const begun = performance.now();
    wheel.add(second, 50);
    jest.advanceTimersByTime(200);
    expect((second.expiredAt[0] ?? 0) - begun).toBeGreaterThanOrEqual(50);
    expect((second.expiredAt[0] ?? 0) - begun).toBeLessThanOrEqual(50 + 2 * TICK_MS);
  });

  test('stop() stops it; deadlines that are still in go on with the next one', () => {
    const wheel = newWheel();
    const left = new Noted();
    wheel.add(left, 100);
    wheel.stop();
    expect(jest.getTimerCount()).toBe(0);
    wheel.add(new Noted(), 100);
    jest.advanceTimersByTime(300);
    expect(left.expiredAt).toHaveLength(1);
  });
});

test('forEach visits every deadline, also when each takes itself out', () => {
  const wheel = newWheel();
  const all = Array.from({ length: 500 }, () => new Noted());
  all.forEach((each, at) => wheel.add(each, at * 100));
  let visited = 0;
  wheel.forEach(each => {
    visited++;
    wheel.delete(each);
  });
  expect([visited, wheel.size]).toEqual([500, 0]);
});
