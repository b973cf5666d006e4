import { expect, jest, test } from '@jest/globals';
import { Departure } from '../../../src/tracing/departure.js';

test('leaves at once when nothing is under way, once', () => {
  const leave = jest.fn();
  const departure = new Departure(leave);
  expect(departure.leaving).toBe(false);
  departure.ask();
  departure.ask();
  expect(departure.leaving).toBe(true);
  expect(leave).toHaveBeenCalledTimes(1);
});

test('leaves with the end of the last span', () => {
  const leave = jest.fn();
  const departure = new Departure(leave);
  departure.begun();
  departure.begun();
  departure.ended();
  departure.ended();
  departure.begun();
  departure.ask();
  expect(leave).not.toHaveBeenCalled();
  departure.ended();
  expect(leave).toHaveBeenCalledTimes(1);
});
