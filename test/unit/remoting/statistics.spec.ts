import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  callKinds,
  callOutcomes,
  CallTable,
  durationBucketBounds,
  DurationHistogram,
  OTHER_CODE,
} from '../../../src/remoting/statistics.js';

test('a duration is in the first bucket whose bound it does not exceed', () => {
  const duration = fc.oneof(
    fc.double({ min: 0, max: 120_000, noNaN: true }),
    fc.constantFrom(...durationBucketBounds.map(seconds => seconds * 1000), 0, 0.1, 0.100_001, 1e9),
  );
  fc.assert(
    fc.property(duration, ms => {
      const histogram = new DurationHistogram();
      histogram.record(ms);
      const at = durationBucketBounds.findIndex(bound => ms <= bound * 1000 + 1e-9);
      const expected = at < 0 ? durationBucketBounds.length : at;
      // bounds are looked at in tenths of a millisecond
      const found = histogram.counts.indexOf(1);
      expect(found).toBe(expected);
      expect(histogram.sumSeconds).toBeCloseTo(ms / 1000, 6);
    }),
  );
});

test('calls are counted by kind and outcome', () => {
  const table = new CallTable();
  const all = callKinds.flatMap((kind, kindAt) => callOutcomes.map((outcome, at) => ({ kind, kindAt, outcome, at })));
  all.forEach(({ kindAt, at }, times) => {
    for (let count = 0; count < times; count++) table.of(10).record(kindAt, at, 1);
  });
  expect(all.map(({ kind, outcome }) => table.of(10).count(kind, outcome))).toEqual(all.map((_, times) => times));
});

test('after a thousand codes the next ones share a row', () => {
  const table = new CallTable();
  for (let code = 0; code < 1500; code++) table.of(code).record(0, 0, 1);
  expect(table.byCode.size).toBe(1001);
  expect(table.byCode.get(OTHER_CODE)?.count('sync', 'success')).toBe(500);
  expect(table.of(999).count('sync', 'success')).toBe(1);
});
