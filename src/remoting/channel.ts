import type { Socket } from 'node:net';
import { RemotingCodecError } from '../errors/remoting-errors.js';
import { FrameDecoder } from '../protocol/frame-decoder.js';
import type { FrameLimits } from '../protocol/frame-limits.js';
import { FrameWriter } from '../protocol/frame-writer.js';
import type { LanguageCode } from '../protocol/language-code.js';
import { MQVersion } from '../protocol/mq-version.js';
import type { RemotingCommand, SerializeType } from '../protocol/remoting-command.js';
import { formatAddress } from './address.js';
import type { CoarseClock } from './clock.js';
import { Outbox, type SlabPool, type WriteListener } from './outbox.js';
import type { RemotingStatistics } from './statistics.js';

/** Unsent bytes above which a channel says that it is not writable. Source: Netty's default high water mark. */
const HIGH_WATER_MARK = 65_536;

/** What channels of one client or server share. */
export interface ChannelEnvironment {
  readonly limits: FrameLimits;
  readonly serializeType: SerializeType;
  /** `auto`: OTHER, then NODE_JS once the peer says that it knows it. */
  readonly language: LanguageCode | 'auto';
  readonly version: number;
  /** Unsent bytes at which a peer that does not read is given up. */
  readonly maxUnsentBytes: number;
  readonly slabs: SlabPool;
  readonly clock: CoarseClock;
  readonly statistics: RemotingStatistics;
  /** Takes every command that arrives. */
  onCommand(channel: Channel, command: RemotingCommand): void;
  /** Takes what a listener of the user threw. */
  callbackFailed(what: string, error: unknown): void;
  /** The channel is closed; `error` is why, when it was not asked for. */
  onClosed(channel: Channel, error: Error | undefined): void;
}

/** One connection with what the protocol knows of it. Source: Netty's `Channel` as RocketMQ uses it. */
export class Channel {
  /** Peer as `host:port`. */
  readonly remoteAddress: string;
  /** This side as `host:port`. */
  readonly localAddress: string;
  /** Whether it is encrypted. */
  readonly secure: boolean;
  /** Free for users: what a server knows of the client behind it. */
  readonly attributes = new Map<unknown, unknown>();
  /** The peer asked for no more requests here; answers to those in flight still come. */
  goingAway = false;
  /** The peer sends streams as our server does, so it understands that one is cancelled. */
  streams = false;
  /** @internal Milliseconds since the process started, of the last byte in either direction. */
  lastActive: number;
  /** @internal Since when a frame is half received; 0 when none is. */
  partialSince = 0;
  private isClosed = false;
  /** Nothing can be written any more: closed, or what was written is on its way and a close behind it. */
  private isEnded = false;
  private closeError: Error | undefined = undefined;
  private readonly writer: FrameWriter;
  private readonly decoder: FrameDecoder;
  private readonly outbox: Outbox;
  private readonly closeListeners = new Set<() => void>();

  constructor(
    private readonly socket: Socket,
    private readonly environment: ChannelEnvironment,
  ) {
    this.secure = 'encrypted' in socket && socket.encrypted === true;
    this.remoteAddress = formatAddress(socket.remoteAddress, socket.remotePort);
    this.localAddress = formatAddress(socket.localAddress, socket.localPort);
    this.lastActive = environment.clock.now();
    const { language, version, serializeType, limits, statistics } = environment;
    this.writer = new FrameWriter(language === 'auto' ? 'OTHER' : language, version, serializeType, limits);
    this.decoder = new FrameDecoder(command => environment.onCommand(this, command), limits);
    this.outbox = new Outbox(socket, this.writer, environment.slabs, !this.secure, bytes => this.flushed(bytes));
    statistics.connectionsOpened++;
    this.listen();
  }

  /** Whether requests can be sent: connected, and not on its way out. */
  get isActive(): boolean {
    return !this.isClosed && !this.goingAway;
  }

  /** Whether it is closed. */
  get closed(): boolean {
    return this.isClosed;
  }

  /** Whether little enough waits to be sent. Source: Netty `Channel.isWritable`. */
  get isWritable(): boolean {
    return this.isActive && this.socket.writableLength <= HIGH_WATER_MARK;
  }

  /** Bytes that the kernel has not taken yet. */
  get unsentBytes(): number {
    return this.socket.writableLength;
  }

  /** Runs when the channel closes; at once when it is closed. The returned function takes the listener out. */
  onClose(listener: () => void): () => void {
    if (this.isClosed) {
      this.tell(listener);
      return () => undefined;
    }
    this.closeListeners.add(listener);
    return () => this.closeListeners.delete(listener);
  }

  /**
   * Sends a command; it leaves at the latest at the end of this tick.
   *
   * @throws {RemotingCommandError} when it exceeds the frame limits
   */
  write(command: RemotingCommand, onWritten?: WriteListener): void {
    if (this.isEnded) {
      onWritten?.(this.closeError ?? new Error('the channel is closed'));
      return;
    }
    this.outbox.write(command, onWritten);
  }

  /** Learns from a version that the peer said: NODE_JS goes only to those that know it. */
  noteVersion(version: number | undefined): void {
    if (version === undefined || version < MQVersion.V5_3_2 || this.environment.language !== 'auto') return;
    if (this.writer.language !== 'NODE_JS') this.writer.language = 'NODE_JS';
  }

  /** Reads nothing until {@link resume}. */
  pause(): void {
    this.socket.pause();
  }

  /** Reads again. */
  resume(): void {
    this.socket.resume();
  }

  /** Closes at once; what was not sent is dropped. `error` is told to whoever waits. */
  destroy(error?: Error): void {
    this.closeError ??= error;
    this.socket.destroy();
    this.closedNow();
  }

  /** Sends what is written, then closes. */
  end(): void {
    if (this.isClosed) return;
    this.goingAway = true;
    this.outbox.flush();
    this.isEnded = true;
    this.socket.end();
  }

  private listen(): void {
    const { socket } = this;
    socket.on('data', (chunk: Buffer) => this.received(chunk));
    socket.on('end', () => this.end());
    socket.on('error', error => {
      this.closeError ??= error;
    });
    socket.on('close', () => this.closedNow());
  }

  private received(chunk: Buffer): void {
    const { clock, statistics } = this.environment;
    statistics.bytesReceived += chunk.length;
    this.lastActive = clock.now();
    try {
      this.decoder.push(chunk);
    } catch (error) {
      if (error instanceof RemotingCodecError) statistics.codecErrors++;
      this.destroy(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const { bufferedBytes } = this.decoder;
    if (bufferedBytes === 0) this.partialSince = 0;
    // what is left over is no more than what came last: the frame began with it, however busy the connection is
    else if (this.partialSince === 0 || bufferedBytes <= chunk.length) this.partialSince = this.lastActive;
  }

  private flushed(bytes: number): void {
    const { maxUnsentBytes, statistics, clock } = this.environment;
    statistics.bytesSent += bytes;
    this.lastActive = clock.now();
    if (this.socket.writableLength > maxUnsentBytes) {
      statistics.slowReaders++;
      this.destroy(
        new Error(`${this.socket.writableLength} bytes wait for a peer that does not read (maxUnsentBytes)`),
      );
    }
  }

  private tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.environment.callbackFailed('a listener of onClose', error);
    }
  }

  private closedNow(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.isEnded = true;
    this.decoder.close();
    this.outbox.destroy(this.closeError ?? new Error('the connection was closed'));
    for (const each of this.closeListeners) this.tell(each);
    this.closeListeners.clear();
    this.environment.onClosed(this, this.closeError);
  }
}
