import type { Channel } from './channel.js';
import type { RemotingStatistics } from './statistics.js';

/**
 * Told of connections one after the other, never within the call that caused it. A returned Promise is awaited before
 * the next event. Source: Java `ChannelEventListener`.
 */
export interface ChannelEventListener {
  onChannelConnect?(remoteAddress: string, channel: Channel): void | Promise<void>;
  onChannelClose?(remoteAddress: string, channel: Channel): void | Promise<void>;
  onChannelIdle?(remoteAddress: string, channel: Channel): void | Promise<void>;
  onChannelException?(remoteAddress: string, channel: Channel): void | Promise<void>;
}

/** Type of a channel event. Source: Java `NettyEventType`. */
export type ChannelEventType = 'CONNECT' | 'CLOSE' | 'IDLE' | 'EXCEPTION';

const LISTENER_METHOD = {
  CONNECT: 'onChannelConnect',
  CLOSE: 'onChannelClose',
  IDLE: 'onChannelIdle',
  EXCEPTION: 'onChannelException',
} as const satisfies Record<ChannelEventType, keyof ChannelEventListener>;

/** Most events that wait for a listener; more are dropped and counted. Source: Java `NettyEventExecutor`. */
export const MOST_CHANNEL_EVENTS = 10_000;

/** Hands channel events to a listener in order, away from the hot path. */
export class ChannelEventQueue {
  private readonly events: { type: ChannelEventType; channel: Channel }[] = [];
  private running = false;

  /**
   * @param onListenerError takes what the listener throws
   */
  constructor(
    private readonly listener: ChannelEventListener | undefined,
    private readonly statistics: RemotingStatistics,
    private readonly onListenerError: (error: unknown) => void,
  ) {}

  put(type: ChannelEventType, channel: Channel): void {
    if (this.listener === undefined) {
      this.statistics.channelEvents[type]++;
      return;
    }
    if (this.events.length >= MOST_CHANNEL_EVENTS) {
      this.statistics.channelEventsDropped++;
      return;
    }
    this.statistics.channelEvents[type]++;
    this.events.push({ type, channel });
    if (this.running) return;
    this.running = true;
    setImmediate(() => void this.drain(this.listener ?? {}));
  }

  private async drain(listener: ChannelEventListener): Promise<void> {
    for (let event = this.events.shift(); event !== undefined; event = this.events.shift()) {
      try {
        await listener[LISTENER_METHOD[event.type]]?.(event.channel.remoteAddress, event.channel);
      } catch (error) {
        this.onListenerError(error);
      }
    }
    this.running = false;
  }
}
