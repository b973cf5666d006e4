import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { guarded, RateLimitedLog } from '../../../src/remoting/logger.js';
import { RecordingLogger } from '../../helpers/recording-logger.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const boom = (): never => {
  throw new Error('disk full');
};

test('one warning in ten seconds, the next one says how many were held back', () => {
  const logger = new RecordingLogger();
  const warning = new RateLimitedLog(logger, 'warn');
  for (let count = 0; count < 5; count++) warning.log('busy');
  jest.advanceTimersByTime(9_999);
  warning.log('busy');
  expect(logger.lines).toEqual(['warn busy']);
  jest.advanceTimersByTime(1);
  warning.log('busy');
  jest.advanceTimersByTime(10_000);
  warning.log('busy');
  expect(logger.lines).toEqual(['warn busy', 'warn busy (5 more since the last line)', 'warn busy']);
});

test('a guarded logger calls its own methods as such and swallows what they throw', () => {
  const inner = new RecordingLogger();
  const logger = guarded(inner);
  logger.error('a');
  logger.warn('b');
  logger.log('c');
  logger.debug('d');
  expect(inner.lines).toEqual(['error a', 'warn b', 'log c', 'debug d']);
  expect(() => guarded({ error: boom, warn: boom, log: boom, debug: boom }).error('x')).not.toThrow();
});
