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
    private readonly first: ChannelEventListener | undefined,
    private readonly onConnected: (connected: boolean) => void = () => undefined,
  ) {}

  on<Event extends keyof RemotingEvents>(event: Event, listener: RemotingEvents[Event]): void {
    this.listeners[event].push(listener);
  }

  async onChannelConnect(remoteAddress: string, channel: Channel): Promise<void> {
    if (++this.connections === 1) this.onConnected(true);
    await this.first?.onChannelConnect?.(remoteAddress, channel);
    await this.tell('connect', remoteAddress, channel);
  }

  async onChannelClose(remoteAddress: string, channel: Channel): Promise<void> {
    if (--this.connections === 0) this.onConnected(false);
    await this.first?.onChannelClose?.(remoteAddress, channel);
    await this.tell('close', remoteAddress, channel);
  }

  async onChannelIdle(remoteAddress: string, channel: Channel): Promise<void> {
    await this.first?.onChannelIdle?.(remoteAddress, channel);
    await this.tell('idle', remoteAddress, channel);
  }

  async onChannelException(remoteAddress: string, channel: Channel): Promise<void> {
    await this.first?.onChannelException?.(remoteAddress, channel);
    await this.tell('exception', remoteAddress, channel);
  }

  private async tell(event: keyof RemotingEvents, remoteAddress: string, channel: Channel): Promise<void> {
    for (const each of this.listeners[event]) await each(remoteAddress, channel);
  }
}
