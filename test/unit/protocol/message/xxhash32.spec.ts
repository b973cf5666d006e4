import { describe, expect, it } from '@jest/globals';
import { xxhash32 } from '../../../../src/protocol/message/xxhash32.js';

describe('xxhash32', () => {
  // from the specification of xxHash and its reference program
  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('of "%s"', (text, hash) => {
    expect(xxhash32(Buffer.from(text))).toBe(hash);
  });

  it('takes a view for what it is', () => {
    expect(xxhash32(Buffer.from('xxabcxx').subarray(2, 5))).toBe(0x32d153ff);
  });
});
