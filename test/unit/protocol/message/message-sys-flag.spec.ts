import { describe, expect, it } from '@jest/globals';
import {
  type CompressionType,
  compressionTypeOf,
  hasSysFlag,
  MessageSysFlag,
  transactionTypeOf,
  withCompressionType,
  withoutCompressedFlag,
  withTransactionType,
} from '../../../../src/protocol/message/message-sys-flag.js';
import { goldConstants, goldMessages } from './gold-messages.js';

describe('MessageSysFlag', () => {
  it('has the bits that Java has', () => {
    expect(MessageSysFlag).toEqual(Object.fromEntries(goldConstants('message-sysflag')));
  });

  interface Row {
    flag: number;
    transaction: number;
    asCommit: number;
    uncompressed: number;
    compression: string;
  }
  it.each(goldMessages<Row>('sysFlag'))('is read and changed as Java does: $flag', row => {
    expect(transactionTypeOf(row.flag)).toBe(row.transaction);
    expect(withTransactionType(row.flag, MessageSysFlag.TRANSACTION_COMMIT_TYPE)).toBe(row.asCommit);
    expect(withoutCompressedFlag(row.flag)).toBe(row.uncompressed);
    expect(compressionTypeOf(row.flag)).toBe(row.compression);
  });

  it.each<CompressionType>(['LZ4', 'ZSTD', 'ZLIB'])('says that a body is compressed by %s', type => {
    const flags = withCompressionType(0x734, type);
    expect(compressionTypeOf(flags)).toBe(type);
    expect(hasSysFlag(flags, MessageSysFlag.COMPRESSED_FLAG | 0x34)).toBe(true);
  });

  it('knows no compression of undefined bits', () => {
    expect(compressionTypeOf(0x400)).toBeUndefined();
    expect(hasSysFlag(MessageSysFlag.INNER_BATCH_FLAG, 0xc0)).toBe(false);
  });
});
