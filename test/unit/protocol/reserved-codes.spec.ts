import { expect, it } from '@jest/globals';
import { requestCodes } from '../../../src/protocol/requests/index.js';
import { NEST_PATTERN, STREAM_CANCEL, USER_CODES_FROM, USER_CODES_TO } from '../../../src/protocol/reserved-codes.js';

it('does not collide with a code of RocketMQ', () => {
  for (const code of Object.values(requestCodes)) {
    expect(code >= USER_CODES_FROM && code <= USER_CODES_TO).toBe(false);
    expect([NEST_PATTERN, STREAM_CANCEL]).not.toContain(code);
  }
});
