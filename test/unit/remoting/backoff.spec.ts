import { expect, test } from '@jest/globals';
import { backoffMs } from '../../../src/remoting/backoff.js';

const options = { reconnectDelayMs: 50, reconnectMaxDelayMs: 1000 };

test('the first two failures cost no wait, then it doubles up to the limit', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1000].map(failures => backoffMs(failures, options, () => 0));
  expect(waits).toEqual([0, 0, 50, 100, 200, 400, 800, 1000, 1000, 1000]);
});

test('a jitter of at most a quarter keeps clients out of step', () => {
  expect(backoffMs(5, options, () => 0.999_999)).toBeCloseTo(150, 2);
  expect(new Set(Array.from({ length: 20 }, () => backoffMs(5, options))).size).toBeGreaterThan(1);
});
