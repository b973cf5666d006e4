import { setMaxListeners } from 'node:events';
import { AsyncResource } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { RemotingConnectError } from '../errors/remoting-errors.js';
import { backoffMs, type BackoffOptions } from './backoff.js';
import type { Channel } from './channel.js';
import type { ChannelGroup } from './channel-group.js';
import { dial, type DialOptions } from './dial.js';

/** How a client connects, and connects again. */
export interface ChannelTableOptions extends Omit<DialOptions, 'signal'>, BackoffOptions {}

interface Entry {
  channel: Channel | undefined;
  connecting: Promise<Channel> | undefined;
  /** Failed connects in a row. */
  failures: number;
  retryAt: number;
  lastError: unknown;
  connectedBefore: boolean;
}

/**
 * One channel for each address; who asks for it while it is being made gets the same one.
 * Source: Java `NettyRemotingClient.channelTables`.
 */
export class ChannelTable {
  private readonly entries = new Map<string, Entry>();
  private stop = newStop();
  // a connection outlives the call that it was made for: what is current in that call is not current in it
  private readonly outside = new AsyncResource('RemotingClient');
  private pausing: Promise<void> | undefined = undefined;

  constructor(
    private readonly options: ChannelTableOptions,
    private readonly group: ChannelGroup,
  ) {}

  /** The channel of an address if it takes requests now. */
  ready(address: string): Channel | undefined {
    const channel = this.entries.get(address)?.channel;
    return channel !== undefined && channel.isActive ? channel : undefined;
  }

  /** Addresses that have a channel. */
  get addresses(): string[] {
    return [...this.entries].filter(([, entry]) => entry.channel !== undefined).map(([address]) => address);
  }

  /**
   * The channel of an address, made if need be.
   *
   * @throws {RemotingConnectError} also while an address that was found down waits for its next try
   */
  async getOrCreate(address: string): Promise<Channel> {
    const ready = this.ready(address);
    if (ready !== undefined) return ready;
    const entry = this.entryOf(address);
    const waitMs = entry.retryAt - performance.now();
    if (entry.connecting === undefined && waitMs > 0) {
      const message = `connect to <${address}> failed before, next try in ${Math.ceil(waitMs)} ms (reconnectDelayMs)`;
      throw new RemotingConnectError(message, { address, cause: entry.lastError });
    }
    return (entry.connecting ??= this.connect(address, entry));
  }

  /** Waits a moment before the next try; ends at once when the client is shut down. */
  pause(): Promise<void> {
    const { signal } = this.stop;
    const ms = Math.max(this.options.reconnectDelayMs, 10);
    // one timer for all who wait
    this.pausing ??= delay(ms, undefined, { signal })
      .catch(() => undefined)
      .finally(() => {
        this.pausing = undefined;
      });
    return this.pausing;
  }

  /** Closes the channel of an address. */
  close(address: string): void {
    this.entries.get(address)?.channel?.destroy();
  }

  /** Makes attempts possible again after {@link shutdown}. */
  start(): void {
    if (this.stop.signal.aborted) this.stop = newStop();
  }

  /** Whether an address may be tried now, or its turn after failed connects has not come. */
  mayTry(address: string): boolean {
    const entry = this.entries.get(address);
    if (entry === undefined || entry.failures === 0) return true;
    // who was found down once and answers nothing now must not hold up those who have others to ask
    return entry.connecting === undefined && performance.now() >= entry.retryAt;
  }

  /** Addresses whose last connect failed and that have no channel. */
  get failing(): string[] {
    return [...this.entries]
      .filter(([, entry]) => entry.channel === undefined && entry.failures > 0)
      .map(([address]) => address);
  }

  /** Lets no attempt go on and none begin. */
  shutdown(): void {
    this.stop.abort();
  }

  private entryOf(address: string): Entry {
    let entry = this.entries.get(address);
    if (entry === undefined) {
      entry = {
        channel: undefined,
        connecting: undefined,
        failures: 0,
        retryAt: 0,
        lastError: undefined,
        connectedBefore: false,
      };
      this.entries.set(address, entry);
    }
    return entry;
  }

  private async connect(address: string, entry: Entry): Promise<Channel> {
    const { statistics } = this.group;
    try {
      const options = { ...this.options, signal: this.stop.signal };
      const socket = await this.outside.runInAsyncScope(dial, undefined, address, options);
      if (this.stop.signal.aborted) {
        socket.destroy();
        throw new RemotingConnectError(`connect to <${address}> failed: the client was shut down`, { address });
      }
      const channel = this.group.adopt(socket);
      if (entry.connectedBefore) statistics.reconnects++;
      entry.connectedBefore = true;
      entry.failures = 0;
      entry.retryAt = 0;
      entry.channel = channel;
      channel.onClose(() => {
        if (entry.channel === channel) entry.channel = undefined;
      });
      return channel;
    } catch (error) {
      statistics.connectFailures++;
      entry.failures++;
      entry.retryAt = performance.now() + backoffMs(entry.failures, this.options);
      entry.lastError = error;
      throw error;
    } finally {
      // an attempt that failed is not kept: the next call makes its own
      entry.connecting = undefined;
    }
  }
}

function newStop(): AbortController {
  const stop = new AbortController();
  // every attempt listens: no leak that Node should warn of
  setMaxListeners(0, stop.signal);
  return stop;
}
