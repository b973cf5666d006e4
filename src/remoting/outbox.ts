import type { Socket } from 'node:net';
import { FRAME_PREFIX_BYTES, type FrameWriter, largeBody } from '../protocol/frame-writer.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';

const SLAB_BYTES = 65_536;
const FLUSH_FRAMES = 16;
const FLUSH_BYTES = 16_384;
/** Bodies from here on are handed to the socket as they are: copying them would cost more than one more slice. */
const GATHER_BYTES = 32_768;

/** Slabs that no connection needs now; one pool a client or server. */
export class SlabPool {
  private readonly free: Buffer[] = [];

  take(bytes: number): Buffer {
    if (bytes > SLAB_BYTES) return Buffer.allocUnsafeSlow(bytes);
    return this.free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
  }

  giveBack(slab: Buffer): void {
    if (slab.length === SLAB_BYTES && this.free.length < 64) this.free.push(slab);
  }
}

/** Told when the frames of one flush have left the process, or did not. */
export type WriteListener = (error?: Error | null) => void;

/**
 * Frames on their way out of one connection: encoded side by side into a slab, handed to the socket at 16 frames,
 * 16 KiB, or the end of the tick.
 *
 * One write a tick would make both sides take turns; one write a frame costs a system call each.
 */
export class Outbox {
  private slab: Buffer | undefined = undefined;
  private start = 0;
  private position = 0;
  private frames = 0;
  private scheduled = false;
  private full: Uint8Array[] = [];
  private listeners: WriteListener[] = [];

  /**
   * @param reusable the socket copies nothing and keeps nothing once its queue is empty: true for TCP, not for TLS
   * @param onFlush told how many bytes a flush handed to the socket
   */
  constructor(
    private readonly socket: Socket,
    private readonly writer: FrameWriter,
    private readonly slabs: SlabPool,
    private readonly reusable: boolean,
    private readonly onFlush: (bytes: number) => void,
  ) {}

  /**
   * Encodes a frame; it is sent at the latest at the end of this tick. A body of 32 KiB or more is not copied: it must
   * not be changed before the call is over.
   *
   * @param onWritten told when it has been written to the connection, or could not be
   * @throws {RemotingCommandError} when the frame exceeds the limits; nothing of it is sent
   */
  write(command: RemotingCommand, onWritten?: WriteListener): void {
    const apart = largeBody(command, GATHER_BYTES);
    const bound = this.writer.bound(command, apart);
    let slab = this.slab;
    if (slab === undefined || slab.length - this.position < bound) slab = this.renew(bound);
    this.position = this.writer.write(slab, this.position, command, apart);
    if (apart !== undefined) this.gather(slab, apart);
    if (onWritten !== undefined) this.listeners.push(onWritten);
    if (!this.scheduled) {
      this.scheduled = true;
      process.nextTick(flushScheduled, this);
    }
    if (++this.frames === FLUSH_FRAMES || apart !== undefined || this.position - this.start >= FLUSH_BYTES)
      this.flush();
  }

  private gather(slab: Buffer, body: Uint8Array): void {
    this.full.push(slab.subarray(this.start, this.position), body);
    this.start = this.position;
  }

  private renew(bytes: number): Buffer {
    const old = this.slab;
    if (old !== undefined && this.position > this.start) this.full.push(old.subarray(this.start, this.position));
    const slab = this.slabs.take(bytes + FRAME_PREFIX_BYTES);
    this.slab = slab;
    this.start = 0;
    this.position = 0;
    return slab;
  }

  /** @internal The end of the tick. */
  tick(): void {
    this.scheduled = false;
    this.flush();
  }

  /** Hands what is encoded to the socket. */
  flush(): void {
    this.frames = 0;
    const { slab, full } = this;
    if (slab === undefined || (this.position === this.start && full.length === 0)) return;
    const listener = this.takeListeners();
    let bytes = this.position - this.start;
    if (full.length === 0) {
      this.socket.write(slab.subarray(this.start, this.position), listener);
    } else {
      if (bytes > 0) full.push(slab.subarray(this.start, this.position));
      bytes = this.writeAll(full, listener);
      this.full = [];
    }
    this.start = this.position;
    if (this.reusable && this.socket.writableLength === 0) this.rest(slab);
    else if (slab.length > SLAB_BYTES) this.slab = undefined;
    this.onFlush(bytes);
  }

  /** One gathered write; returns how many bytes it has. */
  private writeAll(chunks: readonly Uint8Array[], listener: WriteListener | undefined): number {
    let bytes = 0;
    this.socket.cork();
    for (const [at, chunk] of chunks.entries()) {
      bytes += chunk.length;
      this.socket.write(chunk, at === chunks.length - 1 ? listener : undefined);
    }
    this.socket.uncork();
    return bytes;
  }

  /** The kernel took all of it at once: the slab is free for whoever writes next. */
  private rest(slab: Buffer): void {
    this.slabs.giveBack(slab);
    this.slab = undefined;
    this.start = 0;
    this.position = 0;
  }

  private takeListeners(): WriteListener | undefined {
    if (this.listeners.length === 0) return undefined;
    const listeners = this.listeners;
    this.listeners = [];
    return error => {
      for (const each of listeners) each(error);
    };
  }

  /** The connection is gone: what was not handed over is dropped, who waits for it is told. */
  destroy(error: Error): void {
    this.slab = undefined;
    this.full = [];
    this.start = 0;
    this.position = 0;
    this.takeListeners()?.(error);
  }
}

const flushScheduled = (outbox: Outbox): void => outbox.tick();
