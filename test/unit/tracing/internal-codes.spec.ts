import { expect, test } from '@jest/globals';
import { requestCodes } from '../../../src/protocol/requests/index.js';
import { NEST_PATTERN, STREAM_CANCEL } from '../../../src/protocol/reserved-codes.js';
import { internalCodes } from '../../../src/tracing/internal-codes.js';

test('what is asked over and over is internal, what a user asks is not', () => {
  const { HEART_BEAT, GET_ROUTEINFO_BY_TOPIC, PULL_MESSAGE, POP_MESSAGE, UPDATE_CONSUMER_OFFSET } = requestCodes;
  for (const code of [HEART_BEAT, GET_ROUTEINFO_BY_TOPIC, PULL_MESSAGE, POP_MESSAGE, UPDATE_CONSUMER_OFFSET]) {
    expect(internalCodes.has(code)).toBe(true);
  }
  const { SEND_MESSAGE_V2, GET_BROKER_CLUSTER_INFO, VIEW_MESSAGE_BY_ID, UPDATE_AND_CREATE_TOPIC } = requestCodes;
  for (const code of [SEND_MESSAGE_V2, GET_BROKER_CLUSTER_INFO, VIEW_MESSAGE_BY_ID, UPDATE_AND_CREATE_TOPIC]) {
    expect(internalCodes.has(code)).toBe(false);
  }
  expect([internalCodes.has(STREAM_CANCEL), internalCodes.has(NEST_PATTERN)]).toEqual([true, false]);
});
