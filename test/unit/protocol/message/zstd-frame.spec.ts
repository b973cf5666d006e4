import { describe, expect, it } from '@jest/globals';
import { RemotingCommandError } from '../../../../src/errors/remoting-errors.js';
import { checkZstdFrame } from '../../../../src/protocol/message/zstd-frame.js';
import { goldMessages, unhex } from './gold-messages.js';

const written = goldMessages<{ type: string; input: string; hex: string }>('compressed').filter(
  row => row.type === 'ZSTD',
);

describe('ZSTD frames', () => {
  it.each(written)('that Java wrote are whole: $input', ({ hex }) => {
    expect(() => checkZstdFrame(unhex(hex))).not.toThrow();
  });

  it.each(written)('that are cut off anywhere are not, nor with more behind: $input', ({ hex }) => {
    const bytes = unhex(hex);
    for (let end = 0; end < bytes.length; end++) {
      expect(() => checkZstdFrame(bytes.subarray(0, end))).toThrow(RemotingCommandError);
    }
    expect(() => checkZstdFrame(Buffer.concat([bytes, bytes]))).toThrow(`${bytes.length} bytes follow it`);
  });

  it('may have every part of a header', () => {
    // a checksum, 4 bytes of dictionary id, 8 of content size, no window; one byte three times, then two raw ones
    const parts = ['28b52ffd', 'e7', '00000000', '0500000000000000', '1a0000', '61', '110000', '6263', '00000000'];
    expect(() => checkZstdFrame(unhex(parts.join('')))).not.toThrow();
    const reserved = [...parts.slice(0, 4), '070000'];
    expect(() => checkZstdFrame(unhex(reserved.join('')))).toThrow('reserved type');
  });
});
