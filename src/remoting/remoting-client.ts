import { messageOf } from '../errors/message-of.js';
import { RemotingConnectError } from '../errors/remoting-errors.js';
import type { RocketMQError } from '../errors/rocketmq-error.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { AddressRing } from './address-ring.js';
import type { Channel } from './channel.js';
import { ChannelTable } from './channel-table.js';
import { NameServers } from './name-servers.js';
import { type RemotingClientOptions, resolveRemotingClientOptions } from './remoting-client-options.js';
import type { InvokeOptions } from './remoting-core.js';
import { RemotingService } from './remoting-service.js';
import type { InvokeCallback, ResponseFuture } from './response-future.js';

const CLOSE_GRACE_MS = 1000;

/** Where a call goes: an address, a name server (`null`), or a ring of addresses that take turns. */
export type RemotingTarget = string | null | AddressRing;

/**
 * Calls RocketMQ peers over the remoting protocol and serves what they ask back. Source: Java `RemotingClient`,
 * `NettyRemotingClient`.
 *
 * A call goes to an address `host:port`, to a name server (`null`), or to each address of an {@link AddressRing} in
 * turn. Time-outs are in milliseconds and begin before the
 * channel is looked up: connecting, hooks and waiting for a permit count.
 */
export class RemotingClient extends RemotingService<RemotingTarget> {
  private readonly table: ChannelTable;
  private readonly nameServers: NameServers;
  private readonly whileDisconnected: 'fail' | 'wait';

  /** @throws {OptionsError} naming all wrong options */
  constructor(options?: Partial<RemotingClientOptions>) {
    const resolved = resolveRemotingClientOptions(options);
    super('client', resolved);
    const tls = resolved.tls === true ? {} : resolved.tls === false ? undefined : resolved.tls;
    this.table = new ChannelTable({ ...resolved, tls }, this.group);
    this.nameServers = new NameServers(this.table);
    this.nameServers.update(resolved.nameServers);
    this.whileDisconnected = resolved.whileDisconnected;
    if (resolved.enableReconnectForGoAway) this.core.onGoAway = call => void this.resend(call);
  }

  /** Makes calls possible, also after `shutdown()`; nothing is connected yet. A second call changes nothing. */
  start(): void {
    this.table.start();
    this.markStarted();
  }

  /** Fails what is in flight, sends what is written, closes all connections. Resolves when they are closed. Idempotent. */
  async shutdown(): Promise<void> {
    this.markShutdown();
    this.table.shutdown();
    this.core.shutdown('client');
    await this.group.close(CLOSE_GRACE_MS);
  }

  /** Sets the name servers, shuffled; a list with the same members changes nothing, an empty one neither. */
  updateNameServerAddressList(addresses: readonly string[]): void {
    this.nameServers.update(addresses);
  }

  /** The name servers in the order in which they are tried. */
  getNameServerAddressList(): readonly string[] {
    return this.nameServers.addresses;
  }

  /** Closes the channel of an address, or a channel; calls in flight on it fail. The next call connects again. */
  closeChannel(channel: Channel | string): void {
    if (typeof channel === 'string') this.table.close(channel);
    else channel.destroy();
  }

  /** Whether little enough waits to be sent to an address; true where there is no channel. Source: Java `isChannelWritable`. */
  isChannelWritable(address: string): boolean {
    return this.table.ready(address)?.isWritable ?? true;
  }

  /** Addresses that have an open channel. */
  get connectedAddresses(): readonly string[] {
    return this.table.addresses;
  }

  /** Addresses that could not be connected to the last time and are not connected. */
  get failingAddresses(): readonly string[] {
    return this.table.failing;
  }

  /**
   * Connects ahead of the first call.
   *
   * @throws {RemotingConnectError}
   */
  async connect(target: RemotingTarget): Promise<Channel> {
    this.checkStarted();
    return this.readyChannel(target) ?? this.channelFor(target, () => this.isStarted);
  }

  private readyChannel(target: RemotingTarget): Channel | undefined {
    if (typeof target === 'string') return this.table.ready(target);
    if (target === null) return this.nameServers.ready();
    return target instanceof AddressRing ? target.ready(this.table) : undefined;
  }

  /** By the option `whileDisconnected` the first failure counts, or the last one before the call's time is over. */
  private async channelFor(target: RemotingTarget, stillWanted: () => boolean): Promise<Channel> {
    for (;;) {
      try {
        return await this.tryChannel(target);
      } catch (error) {
        if (this.whileDisconnected === 'fail' || !this.isStarted || !stillWanted()) throw error;
      }
      await this.table.pause();
    }
  }

  private tryChannel(target: RemotingTarget): Promise<Channel> {
    if (typeof target === 'string') return this.table.getOrCreate(target);
    if (target === null) return this.nameServers.getOrCreate();
    if (target instanceof AddressRing) return target.getOrCreate(this.table);
    // an environment variable that is not set, say
    throw new RemotingConnectError(`the address must be host:port, or null for a name server, but is ${typeof target}`);
  }

  protected override invoke(
    target: RemotingTarget,
    request: RemotingCommand,
    timeoutMs: number,
    kindIndex: number,
    callback: InvokeCallback,
    options: InvokeOptions | undefined,
  ): ResponseFuture {
    const call = this.core.begin(request, timeoutMs, kindIndex, callback, options, target);
    if (target === null) this.avoidSilentNameServer(call);
    const channel = this.readyChannel(target);
    if (channel === undefined) void this.connectAndSend(call, target);
    else this.core.send(call, channel);
    return call;
  }

  private async connectAndSend(call: ResponseFuture, target: RemotingTarget): Promise<void> {
    try {
      this.core.send(call, await this.channelFor(target, () => !call.isDone));
    } catch (error) {
      this.core.finish(call, 'connect_error', connectError(error, call));
    }
  }

  private avoidSilentNameServer(call: ResponseFuture): void {
    const before = call.onFinished;
    call.onFinished = () => {
      before?.();
      if (call.outcome === 'timeout' && call.channel !== undefined) this.nameServers.avoid(call.channel);
    };
  }

  private async resend(call: ResponseFuture): Promise<void> {
    try {
      const channel = await this.channelFor(call.target as RemotingTarget, () => !call.isDone);
      if (call.isDone) return;
      call.channel = channel;
      this.core.transmit(call);
    } catch (error) {
      this.core.finish(call, 'connect_error', connectError(error, call));
    }
  }
}

/** Calls that waited for one connect fail each with an error of their own. */
function connectError(error: unknown, call: ResponseFuture): RocketMQError {
  const { address, request } = call;
  return new RemotingConnectError(messageOf(error), { address, requestCode: request.code, cause: error });
}
