import { expect, test } from '@jest/globals';
import { firstOf, MethodNames } from '../../../src/tracing/method-names.js';

test('the name of the user, of RocketMQ, of ours, the number of an own code, else _OTHER', () => {
  const served = new Set([20003]);
  const names = new MethodNames({ 20001: 'ECHO', 34: 'BEAT' }, code => served.has(code));
  expect([20001, 34, 11, 30001, 30002, 20003, 20004, -5].map(code => names.of(code))).toEqual([
    'ECHO',
    'BEAT',
    'PULL_MESSAGE',
    'NEST_PATTERN',
    'STREAM_CANCEL',
    '20003',
    '_OTHER',
    '_OTHER',
  ]);
  served.add(20004);
  expect(names.of(20004)).toBe('20004');
});

test('however many codes are called, few get names', () => {
  const names = new MethodNames({}, firstOf(3, 20000, 29999));
  const asked = [20000, 20001, 19999, 30000, 29999, 20002, 20000, 29999];
  expect(asked.map(code => names.of(code))).toEqual([
    '20000',
    '20001',
    '_OTHER',
    '_OTHER',
    '29999',
    '_OTHER',
    '20000',
    '29999',
  ]);
});
