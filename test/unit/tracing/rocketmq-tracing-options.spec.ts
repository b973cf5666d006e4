import { expect, test } from '@jest/globals';
import { resolveTracingOptions, type RocketMQTracingOptions } from '../../../src/tracing/rocketmq-tracing-options.js';

test('nothing has to be given', () => {
  expect(resolveTracingOptions()).toEqual({
    traceInternalCalls: false,
    requestCodes: {},
    ignore: undefined,
    tracerProvider: undefined,
  });
});

test('all faults are named at once', () => {
  const wrong = { traceInternalCalls: 1, ignore: 'x', requestCode: {} } as unknown as Partial<RocketMQTracingOptions>;
  expect(() => resolveTracingOptions(wrong)).toThrow(
    /"traceInternalCalls" must be true or false; "ignore" must be a function; unknown option "requestCode", did you mean "requestCodes"/,
  );
});
