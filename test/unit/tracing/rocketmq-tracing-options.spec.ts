import { expect, test } from '@jest/globals';
import { RocketMQTracingModule } from '../../../src/tracing/rocketmq-tracing.module.js';
import { resolveTracingOptions, type RocketMQTracingOptions } from '../../../src/tracing/rocketmq-tracing-options.js';

test('nothing has to be given', () => {
  expect(resolveTracingOptions()).toEqual({
    traceInternalCalls: false,
    requestCodes: {},
    ignore: undefined,
    tracerProvider: undefined,
  });
});

test('request codes are the keys, not the values', () => {
  const wrong = { requestCodes: { ECHO: 20_001 } as unknown as Record<number, string> };
  expect(() => resolveTracingOptions(wrong)).toThrow('"requestCodes" must hold names by request code');
  expect(() => RocketMQTracingModule.forRoot(wrong)).toThrow('"requestCodes" must hold names by request code');
});

test('all faults are named at once', () => {
  const wrong = { traceInternalCalls: 1, ignore: 'x', requestCode: {} } as unknown as Partial<RocketMQTracingOptions>;
  expect(() => resolveTracingOptions(wrong)).toThrow(
    /"traceInternalCalls" must be true or false; "ignore" must be a function; unknown option "requestCode", did you mean "requestCodes"/,
  );
});
