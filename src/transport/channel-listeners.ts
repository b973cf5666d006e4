import type { Channel } from '../remoting/channel.js';
import type { ChannelEventListener } from '../remoting/channel-events.js';

type Listener = (remoteAddress: string, channel: Channel) => void | Promise<void>;

/** Events of a connection's life, for `on()` of servers and clients. */
export type RemotingEvents = { connect: Listener; close: Listener; idle: Listener; exception: Listener };

/**
 * The one listener that the core takes, for any number of them: the user's own, those of `on()`, and who must know
 * whether anything is connected.
 */
export class ChannelEvents implements ChannelEventListener {
  private readonly listeners: { [Event in keyof RemotingEvents]: Listener[] } = {
    connect: [],
    close: [],
    idle: [],
    exception: [],
  };
  private connections = 0;

  /**
   * @param first the listener of the options
   * @param onConnected told when the first connection is there and when the last one is gone
   */
  constructor(
    first: ChannelEventListener | undefined,
    private readonly onConnected: (connected: boolean) => void = () => undefined,
  ) {
    if (first === undefined) return;
    this.on('connect', (remoteAddress, channel) => first.onChannelConnect?.(remoteAddress, channel));
    this.on('close', (remoteAddress, channel) => first.onChannelClose?.(remoteAddress, channel));
    this.on('idle', (remoteAddress, channel) => first.onChannelIdle?.(remoteAddress, channel));
    this.on('exception', (remoteAddress, channel) => first.onChannelException?.(remoteAddress, channel));
  }

  on<Event extends keyof RemotingEvents>(event: Event, listener: RemotingEvents[Event]): void {
    this.listeners[event].push(listener);
  }

  onChannelConnect(remoteAddress: string, channel: Channel): Promise<void> {
    if (++this.connections === 1) this.onConnected(true);
    return this.tell('connect', remoteAddress, channel);
  }

  onChannelClose(remoteAddress: string, channel: Channel): Promise<void> {
    if (--this.connections === 0) this.onConnected(false);
    return this.tell('close', remoteAddress, channel);
  }

  onChannelIdle(remoteAddress: string, channel: Channel): Promise<void> {
    return this.tell('idle', remoteAddress, channel);
  }

  onChannelException(remoteAddress: string, channel: Channel): Promise<void> {
    return this.tell('exception', remoteAddress, channel);
  }

  /** All of them hear it, whatever one throws; the core counts and logs that. */
  private async tell(event: keyof RemotingEvents, remoteAddress: string, channel: Channel): Promise<void> {
    const failures: unknown[] = [];
    for (const each of this.listeners[event]) {
      try {
        await each(remoteAddress, channel);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} listener(s) of ${event} threw`);
  }
}
