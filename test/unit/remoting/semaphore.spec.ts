import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type PermitWaiter, Semaphore } from '../../../src/remoting/semaphore.js';

class Waiter implements PermitWaiter {
  granted = 0;

  constructor(private readonly onGrant: () => void = () => undefined) {}

  grantPermit(): void {
    this.granted++;
    this.onGrant();
  }
}

describe('permits', () => {
  test('are as many as the limit', () => {
    const semaphore = new Semaphore(2);
    expect([semaphore.tryAcquire(), semaphore.tryAcquire(), semaphore.tryAcquire()]).toEqual([true, true, false]);
    expect(semaphore.availablePermits).toBe(0);
    semaphore.release();
    expect(semaphore.tryAcquire()).toBe(true);
  });

  test('go to who waits longest', () => {
    const semaphore = new Semaphore(1);
    semaphore.tryAcquire();
    const order: number[] = [];
    [0, 1, 2].forEach(number => semaphore.enqueue(new Waiter(() => order.push(number))));
    for (let count = 0; count < 4; count++) semaphore.release();
    expect(order).toEqual([0, 1, 2]);
    expect(semaphore.availablePermits).toBe(1);
  });

  test('are not taken by a newcomer while others wait', () => {
    const semaphore = new Semaphore(1);
    semaphore.tryAcquire();
    const grabbed: boolean[] = [];
    semaphore.enqueue(new Waiter(() => grabbed.push(semaphore.tryAcquire())));
    semaphore.enqueue(new Waiter());
    semaphore.release();
    expect(grabbed).toEqual([false]);
  });

  test('pass over who left the queue, wherever it stood', () => {
    for (const leaves of [0, 1, 2]) {
      const semaphore = new Semaphore(1);
      semaphore.tryAcquire();
      const waiters = [new Waiter(), new Waiter(), new Waiter()];
      waiters.forEach(each => semaphore.enqueue(each));
      const leaver = waiters[leaves] as Waiter;
      expect(semaphore.cancel(leaver)).toBe(true);
      expect(semaphore.cancel(leaver)).toBe(false);
      expect(semaphore.queueLength).toBe(2);
      semaphore.release();
      semaphore.release();
      expect(waiters.map((each, at) => each.granted + Number(at === leaves))).toEqual([1, 1, 1]);
    }
  });
});

test('a hundred thousand waiters that fail at once need no stack', () => {
  const semaphore = new Semaphore(1);
  semaphore.tryAcquire();
  const waiters = Array.from({ length: 100_000 }, () => new Waiter(() => semaphore.release()));
  waiters.forEach(each => semaphore.enqueue(each));
  semaphore.release();
  expect(waiters.every(each => each.granted === 1)).toBe(true);
  expect(semaphore.availablePermits).toBe(1);
});

test('a waiter that throws does not stop the ones behind it for good', () => {
  const semaphore = new Semaphore(1);
  semaphore.tryAcquire();
  semaphore.enqueue(
    new Waiter(() => {
      throw new Error('boom');
    }),
  );
  const next = new Waiter();
  semaphore.enqueue(next);
  expect(() => semaphore.release()).toThrow('boom');
  semaphore.release();
  expect(next.granted).toBe(1);
});

test('any schedule of taking, waiting, leaving and giving back keeps the count and the order', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('take' as const) }),
    fc.record({ kind: fc.constant('give' as const), at: fc.nat(20) }),
    fc.record({ kind: fc.constant('leave' as const), at: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 100 }), (limit, steps) => {
      const semaphore = new Semaphore(limit);
      // the model: who holds, who waits, in order
      const holders: Waiter[] = [];
      const queue: Waiter[] = [];
      for (const each of steps) {
        if (each.kind === 'take') {
          const waiter = new Waiter();
          if (semaphore.tryAcquire()) {
            expect([queue.length, holders.length < limit]).toEqual([0, true]);
            holders.push(waiter);
          } else {
            expect(queue.length > 0 || holders.length === limit).toBe(true);
            semaphore.enqueue(waiter);
            queue.push(waiter);
          }
        } else if (each.kind === 'give' && holders.length > 0) {
          holders.splice(each.at % holders.length, 1);
          semaphore.release();
          const next = queue.shift();
          if (next !== undefined) {
            expect(next.granted).toBe(1);
            holders.push(next);
          }
        } else if (each.kind === 'leave' && queue.length > 0) {
          const [leaver] = queue.splice(each.at % queue.length, 1);
          expect(semaphore.cancel(leaver as Waiter)).toBe(true);
        }
        expect(semaphore.availablePermits).toBe(limit - holders.length);
        expect(semaphore.queueLength).toBe(queue.length);
        expect(queue.every(waiting => waiting.granted === 0)).toBe(true);
      }
    }),
  );
});
