import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { Observable, type Subscriber } from 'rxjs';
import { CommandFlag, type ExtFields, RemotingCommand } from '../protocol/remoting-command.js';
import { NEST_PATTERN } from '../protocol/reserved-codes.js';
import { AclClientRPCHook } from '../remoting/acl-rpc-hook.js';
import { type HoldsRemoting, OBSERVED_REMOTING, type ObservedRemoting } from '../remoting/observed.js';
import { RemotingClient, type RemotingTarget } from '../remoting/remoting-client.js';
import type { ResponseFuture } from '../remoting/response-future.js';
import { decodeBody, encodeBody } from './body.js';
import { CallObserver, type CallReader } from './call-observer.js';
import { ChannelEvents, type RemotingEvents } from './channel-listeners.js';
import {
  type ClientRemotingOptions,
  type ClientRemotingOwnOptions,
  splitClientOptions,
  targetOf,
} from './client-remoting-options.js';
import { nestLogger } from './nest-logger.js';
import { PATTERN_FIELD, requestCodeOf, RemotingStatus } from './remoting.constants.js';
import { RemotingRecord, type RemotingRecordOptions } from './remoting.record-builder.js';
import { rpcExceptionOf } from './rpc-errors.js';

const NO_OPTIONS: Readonly<RemotingRecordOptions> = Object.freeze({});

/** A packet of Nest; since 12 it may carry metadata. */
type Packet = ReadPacket & { metadata?: Record<string, string> | undefined };

/**
 * Calls RocketMQ request codes, and any other Nest pattern of a {@link ServerRemoting}, as a Nest client.
 *
 * `send` is cold and takes streams; `emit` is hot and oneway. Unsubscribing, or an operator like `timeout()`, cancels
 * the call and gives its permit back. A failed call is an `RpcException` whose `getError()` is a `RemotingRpcError`.
 *
 * @example ClientsModule.register([{ name: 'ORDERS', customClass: ClientRemoting, options: { address: '127.0.0.1:8888' } }])
 */
export class ClientRemoting extends ClientProxy<RemotingEvents> implements HoldsRemoting, CallReader {
  private readonly own: Readonly<ClientRemotingOwnOptions>;
  private readonly target: RemotingTarget;
  private readonly client: RemotingClient;
  private readonly events: ChannelEvents;
  private readonly observed: readonly ObservedRemoting[];

  /** @throws {OptionsError} naming all wrong options */
  constructor(options: ClientRemotingOptions = {}) {
    super();
    const { own, core } = splitClientOptions(options);
    this.own = own;
    this.target = targetOf(own, core.nameServers);
    this.events = new ChannelEvents(core.channelEventListener, connected => this.connectionsChanged(connected));
    const logger = nestLogger('RemotingClient');
    this.client = new RemotingClient({ logger, ...core, channelEventListener: this.events });
    this.observed = [{ role: 'client', name: own.name, remoting: this.client }];
    if (own.acl !== undefined) this.client.registerRPCHook(new AclClientRPCHook(own.acl));
  }

  [OBSERVED_REMOTING](): readonly ObservedRemoting[] {
    return this.observed;
  }

  /** Name in metrics and health. */
  get name(): string {
    return this.own.name;
  }

  /** Connects ahead of the first call. Called again it does nothing while connected; a failed attempt is not kept. */
  async connect(): Promise<void> {
    this.client.start();
    try {
      await this.client.connect(this.target);
    } catch (error) {
      throw rpcExceptionOf(error);
    }
  }

  /** Fails what is in flight and closes all connections; the next call connects again. Idempotent. */
  async close(): Promise<void> {
    await this.client.shutdown();
  }

  /** Hears of connections. */
  override on<Event extends keyof RemotingEvents>(event: Event, callback: RemotingEvents[Event]): void {
    this.events.on(event, callback);
  }

  /** The client of the core. */
  unwrap<T = RemotingClient>(): T {
    return this.client as T;
  }

  override send<TResult = unknown, TInput = unknown>(pattern: unknown, data: TInput): Observable<TResult> {
    // Nest's own way to refuse these, with its own error
    if (pattern === undefined || pattern === null || data === undefined || data === null) {
      return super.send<TResult, TInput>(pattern, data);
    }
    return new Observable<TResult>(subscriber => {
      const call = this.invoke(pattern, data, subscriber);
      return () => call?.abort();
    });
  }

  private invoke(pattern: unknown, data: unknown, subscriber: Subscriber<unknown>): ResponseFuture | undefined {
    try {
      const packet = this.packetOf(pattern, data);
      const { timeoutMs } = optionsOf(packet.data);
      const request = this.requestOf(packet);
      const observer = new CallObserver(this, subscriber);
      if (!this.client.isStarted) this.client.start();
      const call = this.client.invokeAsync(this.target, request, timeoutMs ?? this.own.timeoutMs, observer);
      observer.call = call;
      return call;
    } catch (error) {
      subscriber.error(rpcExceptionOf(error));
      return undefined;
    }
  }

  // Nest 11 has no createPacket
  private packetOf(pattern: unknown, data: unknown): Packet {
    return 'createPacket' in this ? this.createPacket(pattern, data) : { pattern, data };
  }

  private requestOf(packet: Packet): RemotingCommand {
    const { pattern, data, metadata } = packet;
    const code = typeof pattern === 'number' ? pattern : undefined;
    const { extFields, serializeType, remark } = optionsOf(data);
    const value: unknown = data instanceof RemotingRecord ? data.data : data;
    const body = this.own.serializer === undefined ? encodeBody(value) : this.serialized(pattern, value);
    const fields = metadata === undefined ? extFields : { ...metadata, ...extFields };
    if (code !== undefined) {
      return new RemotingCommand({ code, extFields: fields && { ...fields }, body, serializeType, remark });
    }
    return this.patternRequest(this.normalizePattern(pattern as string), fields, body, serializeType, remark);
  }

  private patternRequest(
    route: string,
    fields: ExtFields | undefined,
    body: Uint8Array | string | undefined,
    serializeType: RemotingRecordOptions['serializeType'],
    remark: string | undefined,
  ): RemotingCommand {
    const code = requestCodeOf(route);
    const extFields = code === undefined ? { ...fields, [PATTERN_FIELD]: route } : fields && { ...fields };
    return new RemotingCommand({ code: code ?? NEST_PATTERN, extFields, body, serializeType, remark });
  }

  private serialized(pattern: unknown, data: unknown): Uint8Array | string | undefined {
    const made = this.own.serializer?.serialize({ pattern, data });
    if (typeof made === 'string' || made instanceof Uint8Array) return made;
    const isPacket = typeof made === 'object' && made !== null && 'data' in made;
    return encodeBody(isPacket ? made.data : made);
  }

  /** @internal The value of an answer; a Promise of it with a deserializer that takes its time. */
  read(response: RemotingCommand): unknown {
    const { deserializer, body } = this.own;
    return deserializer === undefined ? decodeBody(response, body) : deserializer.deserialize(response);
  }

  /** @internal */
  get deserializes(): boolean {
    return this.own.deserializer !== undefined;
  }

  /** `send` takes a shorter way; this is the one that Nest's own operators and subclasses may take. */
  protected publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const values = this.send(packet.pattern, packet.data);
    const subscription = values.subscribe({
      next: response => callback({ response }),
      error: (err: unknown) => callback({ err }),
      complete: () => callback({ isDisposed: true }),
    });
    return () => subscription.unsubscribe();
  }

  protected async dispatchEvent<T = unknown>(packet: ReadPacket): Promise<T> {
    try {
      const request = this.requestOf(packet);
      request.flag = CommandFlag.ONEWAY;
      if (!this.client.isStarted) this.client.start();
      await this.client.invokeOneway(this.target, request, optionsOf(packet.data).timeoutMs ?? this.own.timeoutMs);
      return undefined as T;
    } catch (error) {
      throw rpcExceptionOf(error);
    }
  }

  private connectionsChanged(connected: boolean): void {
    this._status$.next(connected ? RemotingStatus.CONNECTED : RemotingStatus.DISCONNECTED);
  }
}

const optionsOf = (data: unknown): Readonly<RemotingRecordOptions> =>
  data instanceof RemotingRecord ? data.options : NO_OPTIONS;
