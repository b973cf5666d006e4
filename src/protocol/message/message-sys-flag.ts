/** Bits of a message's `sysFlag`. Source: Java `MessageSysFlag`. */
export const MessageSysFlag = {
  COMPRESSED_FLAG: 0x1,
  MULTI_TAGS_FLAG: 0x2,
  TRANSACTION_NOT_TYPE: 0,
  TRANSACTION_PREPARED_TYPE: 0x4,
  TRANSACTION_COMMIT_TYPE: 0x8,
  TRANSACTION_ROLLBACK_TYPE: 0xc,
  BORNHOST_V6_FLAG: 0x10,
  STOREHOSTADDRESS_V6_FLAG: 0x20,
  NEED_UNWRAP_FLAG: 0x40,
  INNER_BATCH_FLAG: 0x80,
  COMPRESSION_LZ4_TYPE: 0x100,
  COMPRESSION_ZSTD_TYPE: 0x200,
  COMPRESSION_ZLIB_TYPE: 0x300,
  COMPRESSION_TYPE_COMPARATOR: 0x700,
} as const;

const TRANSACTION_MASK = MessageSysFlag.TRANSACTION_ROLLBACK_TYPE;

/** How a body is compressed. Source: Java `CompressionType`. */
export type CompressionType = 'LZ4' | 'ZSTD' | 'ZLIB';

const compressionBits: Readonly<Record<CompressionType, number>> = {
  LZ4: MessageSysFlag.COMPRESSION_LZ4_TYPE,
  ZSTD: MessageSysFlag.COMPRESSION_ZSTD_TYPE,
  ZLIB: MessageSysFlag.COMPRESSION_ZLIB_TYPE,
};

// messages from before there was a choice have no bits, and are ZLIB
const compressionTypes: ReadonlyMap<number, CompressionType> = new Map([
  [0, 'ZLIB'],
  [MessageSysFlag.COMPRESSION_LZ4_TYPE, 'LZ4'],
  [MessageSysFlag.COMPRESSION_ZSTD_TYPE, 'ZSTD'],
  [MessageSysFlag.COMPRESSION_ZLIB_TYPE, 'ZLIB'],
]);

/** Whether all bits of `bits` are set. */
export function hasSysFlag(sysFlag: number, bits: number): boolean {
  return (sysFlag & bits) === bits;
}

/** `TRANSACTION_NOT_TYPE`, `…PREPARED_TYPE`, `…COMMIT_TYPE` or `…ROLLBACK_TYPE`. Source: Java `getTransactionValue`. */
export function transactionTypeOf(sysFlag: number): number {
  return sysFlag & TRANSACTION_MASK;
}

/** The flags with another transaction type. Source: Java `resetTransactionValue`. */
export function withTransactionType(sysFlag: number, type: number): number {
  return (sysFlag & ~TRANSACTION_MASK) | type;
}

/**
 * How a compressed body is compressed; `undefined` for bits that nobody has defined. Says nothing about whether it is
 * compressed at all. Source: Java `getCompressionType`.
 */
export function compressionTypeOf(sysFlag: number): CompressionType | undefined {
  return compressionTypes.get(sysFlag & MessageSysFlag.COMPRESSION_TYPE_COMPARATOR);
}

/** The flags of a body that is compressed so. */
export function withCompressionType(sysFlag: number, type: CompressionType): number {
  const others = sysFlag & ~MessageSysFlag.COMPRESSION_TYPE_COMPARATOR;
  return others | MessageSysFlag.COMPRESSED_FLAG | compressionBits[type];
}

/** The flags of the same body when it is no longer compressed. Source: Java `clearCompressedFlag`. */
export function withoutCompressedFlag(sysFlag: number): number {
  return sysFlag & ~MessageSysFlag.COMPRESSED_FLAG;
}
