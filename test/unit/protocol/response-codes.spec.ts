import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { isRetryableResponse, ResponseCode, responseNameOf } from '../../../src/protocol/response-codes.js';

const system = {
  SUCCESS: 0,
  SYSTEM_ERROR: 1,
  SYSTEM_BUSY: 2,
  REQUEST_CODE_NOT_SUPPORTED: 3,
  TRANSACTION_FAILED: 4,
};

it('has exactly the codes of the Java release', () => {
  const file = readFileSync(new URL('../../fixtures/gold/response-codes-5.5.0.txt', import.meta.url), 'utf8');
  const gold = [...file.matchAll(/^(\w+) = (-?\d+);$/gm)].map(([, name, code]) => [name, Number(code)]);
  expect(gold).toHaveLength(63);
  expect(ResponseCode).toEqual({ ...system, ...Object.fromEntries(gold) });
});

it('finds names by code', () => {
  for (const [name, code] of Object.entries(ResponseCode)) expect(responseNameOf(code)).toBe(name);
  expect(responseNameOf(20017)).toBeUndefined();
});

it("retries after the codes of Java's producer", () => {
  const retryable = Object.entries(ResponseCode).flatMap(([name, code]) => (isRetryableResponse(code) ? [name] : []));
  expect(retryable.toSorted()).toEqual([
    'GO_AWAY',
    'NOT_IN_CURRENT_UNIT',
    'NO_BUYER_ID',
    'NO_PERMISSION',
    'SERVICE_NOT_AVAILABLE',
    'SYSTEM_BUSY',
    'SYSTEM_ERROR',
    'TOPIC_NOT_EXIST',
  ]);
  expect(isRetryableResponse(20001)).toBe(false);
});
