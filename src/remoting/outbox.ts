import type { Socket } from 'node:net';
import { FRAME_PREFIX_BYTES, type FrameWriter } from '../protocol/frame-writer.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';

const SLAB_BYTES = 65_536;
const FLUSH_FRAMES = 16;
const FLUSH_BYTES = 16_384;

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
  private full: Buffer[] = [];
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
   * Encodes a frame; it is sent at the latest at the end of this tick.
   *
   * @param onWritten told when it has been written to the connection, or could not be
   * @throws {RemotingCommandError} when the frame exceeds the limits; nothing of it is sent
   */
  write(command: RemotingCommand, onWritten?: WriteListener): void {
    const bound = this.writer.bound(command);
    let slab = this.slab;
    if (slab === undefined || slab.length - this.position < bound) slab = this.renew(bound);
    this.position = this.writer.write(slab, this.position, command);
    if (onWritten !== undefined) this.listeners.push(onWritten);
    if (!this.scheduled) {
      this.scheduled = true;
      process.nextTick(flushScheduled, this);
    }
    if (++this.frames === FLUSH_FRAMES || this.position - this.start >= FLUSH_BYTES) this.flush();
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
    const slab = this.slab;
    if (slab === undefined || (this.position === this.start && this.full.length === 0)) return;
    const listener = this.takeListeners();
    const last = slab.subarray(this.start, this.position);
    let bytes = last.length;
    this.start = this.position;
    if (this.full.length === 0) {
      this.socket.write(last, listener);
    } else {
      this.socket.cork();
      for (const each of this.full) {
        bytes += each.length;
        this.socket.write(each);
      }
      this.full = [];
      this.socket.write(last, listener);
      this.socket.uncork();
    }
    if (this.reusable && this.socket.writableLength === 0) this.rest(slab);
    else if (slab.length > SLAB_BYTES) this.slab = undefined;
    this.onFlush(bytes);
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
