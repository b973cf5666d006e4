import type { Socket } from 'node:net';
import type { FrameLimits } from '../protocol/frame-limits.js';
import type { LanguageCode } from '../protocol/language-code.js';
import type { RemotingCommand, SerializeType } from '../protocol/remoting-command.js';
import { Channel, type ChannelEnvironment } from './channel.js';
import { ChannelEventQueue, type ChannelEventListener } from './channel-events.js';
import type { CoarseClock } from './clock.js';
import { SlabPool } from './outbox.js';
import type { RemotingCore } from './remoting-core.js';
import type { RequestDispatcher } from './request-dispatcher.js';
import type { RemotingStatistics } from './statistics.js';

const SWEEP_MS = 1000;

/** How channels are made and kept. */
export interface ChannelGroupOptions extends FrameLimits {
  readonly serializeType: SerializeType;
  readonly language: LanguageCode | 'auto';
  readonly version: number;
  readonly maxUnsentBytes: number;
  /** Milliseconds without a byte in either direction after which a channel is closed; 0: never. */
  readonly idleTimeoutMs: number;
  /** Milliseconds that a frame may stay half received; 0: any time. */
  readonly frameTimeoutMs: number;
  readonly channelEventListener: ChannelEventListener | undefined;
}

/** The open channels of one client or server: what arrives goes to calls or processors, what is over is closed. */
export class ChannelGroup implements ChannelEnvironment {
  readonly channels = new Set<Channel>();
  readonly limits: FrameLimits;
  readonly serializeType: SerializeType;
  readonly language: LanguageCode | 'auto';
  readonly version: number;
  readonly maxUnsentBytes: number;
  readonly slabs = new SlabPool();
  readonly clock: CoarseClock;
  readonly statistics: RemotingStatistics;
  private readonly events: ChannelEventQueue;
  private sweeper: NodeJS.Timeout | undefined = undefined;
  private isPaused = false;

  constructor(
    private readonly options: ChannelGroupOptions,
    private readonly core: RemotingCore,
    private readonly dispatcher: RequestDispatcher,
  ) {
    this.limits = { maxFrameBytes: options.maxFrameBytes, maxHeaderBytes: options.maxHeaderBytes };
    this.serializeType = options.serializeType;
    this.language = options.language;
    this.version = options.version;
    this.maxUnsentBytes = options.maxUnsentBytes;
    this.clock = core.clock;
    this.statistics = core.statistics;
    this.events = new ChannelEventQueue(options.channelEventListener, core.statistics, error =>
      this.callbackFailed('the ChannelEventListener', error),
    );
  }

  /** Makes a channel of a connected socket. */
  adopt(socket: Socket): Channel {
    const channel = new Channel(socket, this);
    this.channels.add(channel);
    if (this.isPaused) channel.pause();
    this.sweeper ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
    this.events.put('CONNECT', channel);
    return channel;
  }

  onCommand(channel: Channel, command: RemotingCommand): void {
    if (command.isResponse) this.core.receive(channel, command);
    else this.dispatcher.dispatch(channel, command);
  }

  callbackFailed(what: string, error: unknown): void {
    this.core.callbackFailed(what, error);
  }

  onClosed(channel: Channel, error: Error | undefined): void {
    this.channels.delete(channel);
    if (this.channels.size === 0) this.stopSweeping();
    if (error !== undefined) this.events.put('EXCEPTION', channel);
    this.events.put('CLOSE', channel);
    this.core.failFast(channel, error);
  }

  /** Reads nothing from any channel until {@link resume}; peers feel it as TCP back-pressure. */
  pause(): void {
    this.isPaused = true;
    for (const channel of this.channels) channel.pause();
  }

  /** Reads again. */
  resume(): void {
    this.isPaused = false;
    for (const channel of this.channels) channel.resume();
  }

  /** Sends what is written and closes all channels; those whose peers do not read are cut off after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    const open = [...this.channels];
    const closed = open.map(channel => new Promise<void>(resolve => channel.onClose(resolve)));
    for (const channel of open) channel.end();
    const cut = setTimeout(() => {
      for (const channel of open) channel.destroy();
    }, graceMs);
    await Promise.all(closed);
    clearTimeout(cut);
  }

  private sweep(): void {
    const now = performance.now();
    const { idleTimeoutMs, frameTimeoutMs } = this.options;
    this.core.scanResponseTable(now);
    for (const channel of this.channels) {
      if (frameTimeoutMs > 0 && channel.partialSince > 0 && now - channel.partialSince > frameTimeoutMs) {
        this.statistics.codecErrors++;
        channel.destroy(new Error(`a frame stayed half received for ${frameTimeoutMs} ms (frameTimeoutMs)`));
      } else if (idleTimeoutMs > 0 && now - channel.lastActive > idleTimeoutMs) {
        this.events.put('IDLE', channel);
        channel.destroy();
      }
    }
  }

  private stopSweeping(): void {
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }
}
