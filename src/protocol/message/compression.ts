import { Buffer } from 'node:buffer';
import * as zlib from 'node:zlib';
import { messageOf } from '../../errors/message-of.js';
import { RemotingCommandError } from '../../errors/remoting-errors.js';
import { MQClientError } from '../../errors/response-errors.js';
import { compressLz4Frame, decompressLz4Frames } from './lz4-frame.js';
import type { CompressionType } from './message-sys-flag.js';
import { checkZstdFrame } from './zstd-frame.js';

/** Most bytes that a body may have after it is decompressed, when nobody says otherwise: 16 MiB. */
const DEFAULT_MAX_BODY_BYTES = 16_777_216;

/** Level of compression that Java uses, from 1 (fast) to 9 (small). */
const DEFAULT_COMPRESSION_LEVEL = 5;

interface Compressor {
  readonly compress: (bytes: Uint8Array, level: number) => Buffer;
  readonly decompress: (bytes: Buffer, maxBytes: number) => Buffer;
}

/** What `node:zlib` has from Node 22.15 on. */
interface ZstdOfNode {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: { params: Record<number, number> }) => Buffer;
  readonly zstdDecompressSync?: (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer;
}
const zstd = zlib as ZstdOfNode;
/** `ZSTD_c_compressionLevel` of the zstd library. */
const ZSTD_COMPRESSION_LEVEL = 100;

const compressors: Readonly<Record<CompressionType, Compressor>> = {
  ZLIB: {
    compress: (bytes, level) => zlib.deflateSync(bytes, { level }),
    decompress: (bytes, maxBytes) => zlib.inflateSync(bytes, { maxOutputLength: maxBytes }),
  },
  LZ4: {
    compress: bytes => compressLz4Frame(bytes),
    decompress: decompressLz4Frames,
  },
  ZSTD: {
    compress: (bytes, level) => {
      if (zstd.zstdCompressSync === undefined) throw noZstd();
      return zstd.zstdCompressSync(bytes, { params: { [ZSTD_COMPRESSION_LEVEL]: level } });
    },
    decompress: (bytes, maxBytes) => {
      if (zstd.zstdDecompressSync === undefined) throw noZstd();
      checkZstdFrame(bytes);
      return zstd.zstdDecompressSync(bytes, { maxOutputLength: maxBytes });
    },
  },
};

/** Whether this Node can compress so: `ZLIB` and `LZ4` always, `ZSTD` from Node 22.15 on. */
export function isCompressionAvailable(type: CompressionType): boolean {
  return type !== 'ZSTD' || zstd.zstdDecompressSync !== undefined;
}

/**
 * Compresses a body; what it is given stays as it is. LZ4 has no levels here. Source: Java `Compressor`.
 *
 * @throws {MQClientError} for ZSTD on a Node without it
 */
export function compressBody(
  type: CompressionType,
  body: Uint8Array,
  level: number = DEFAULT_COMPRESSION_LEVEL,
): Buffer {
  return compressors[type].compress(body, level);
}

/**
 * Decompresses a body. Source: Java `Compressor`.
 *
 * @param maxBodyBytes refuses what would be longer
 * @throws {RemotingCommandError} when the bytes are corrupt or would be too long
 * @throws {MQClientError} for ZSTD on a Node without it
 */
export function decompressBody(
  type: CompressionType,
  body: Buffer,
  maxBodyBytes: number = DEFAULT_MAX_BODY_BYTES,
): Buffer {
  try {
    return compressors[type].decompress(body, maxBodyBytes);
  } catch (cause) {
    if (cause instanceof MQClientError) throw cause;
    throw new RemotingCommandError(`a body in ${type} cannot be decompressed: ${reasonOf(cause, maxBodyBytes)}`, {
      cause,
    });
  }
}

function reasonOf(cause: unknown, maxBodyBytes: number): string {
  if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
    return `it gives more than ${maxBodyBytes} bytes (maxBodyBytes)`;
  }
  return messageOf(cause);
}

function noZstd(): MQClientError {
  return new MQClientError(
    `ZSTD needs Node.js 22.15 or newer, this is ${process.version}: set compressType to ZLIB or LZ4 where messages are sent, or use a newer Node.js`,
  );
}
