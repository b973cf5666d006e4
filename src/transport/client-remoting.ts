import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { connectable, defer, Observable, Subject, type Subscriber } from 'rxjs';
import { inspect } from 'node:util';
import { CommandFlag, type ExtFields, RemotingCommand } from '../protocol/remoting-command.js';
import { NEST_PATTERN, PATTERN_FIELD } from '../protocol/reserved-codes.js';
import { AclClientRPCHook } from '../remoting/acl-rpc-hook.js';
import { type HoldsRemoting, OBSERVED_REMOTING, type ObservedRemoting } from '../remoting/observed.js';
import { RemotingClient, type RemotingTarget } from '../remoting/remoting-client.js';
import type { ResponseFuture } from '../remoting/response-future.js';
import { decodeBody, encodeBody } from './body.js';
import { CallObserver, type CallReader } from './call-observer.js';
import { ChannelEvents, type RemotingEvents } from './channel-listeners.js';
import {
  type ClientRemotingOptions,
  type ClientRemotingSettings,
  splitClientOptions,
  targetOf,
} from './client-remoting-options.js';
import { nestLogger } from './nest-logger.js';
import { requestCodeOf, RemotingStatus } from './remoting.constants.js';
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
export class ClientRemoting extends ClientProxy<RemotingEvents> implements HoldsRemoting {
  private readonly own: Readonly<ClientRemotingSettings>;
  private readonly target: RemotingTarget;
  private readonly client: RemotingClient;
  private readonly events: ChannelEvents;
  private readonly observed: readonly ObservedRemoting[];
  private readonly reader: CallReader;
  private closing: Promise<void> | undefined = undefined;

  /** @throws {OptionsError} naming all wrong options */
  constructor(options: ClientRemotingOptions = {}) {
    super();
    const { own, acl, core } = splitClientOptions(options);
    this.own = own;
    this.reader = readerOf(own);
    this.target = targetOf(own, core.nameServers);
    this.events = new ChannelEvents(core.channelEventListener, connected => this.connectionsChanged(connected));
    const logger = nestLogger('RemotingClient');
    this.client = new RemotingClient({ logger, ...core, channelEventListener: this.events });
    this.observed = [{ role: 'client', name: own.name, remoting: this.client }];
    if (acl !== undefined) this.client.registerRPCHook(new AclClientRPCHook(acl));
  }

  [OBSERVED_REMOTING](): readonly ObservedRemoting[] {
    return this.observed;
  }

  /** What logs show of it: the core below holds keys of TLS and headers that came. */
  [inspect.custom](): string {
    return `ClientRemoting(${this.name})`;
  }

  /** Name in metrics and health. */
  get name(): string {
    return this.own.name;
  }

  /** Connects ahead of the first call. Called again it does nothing while connected; a failed attempt is not kept. */
  async connect(): Promise<void> {
    try {
      await this.start();
      await this.client.connect(this.target);
    } catch (error) {
      throw rpcExceptionOf(error);
    }
  }

  /** Fails what is in flight and closes all connections; the next call connects again. Idempotent. */
  async close(): Promise<void> {
    this.closing = this.client.shutdown();
    await this.closing;
  }

  /** A call behind a `close()` that nobody waited for must not find the connections that are being closed. */
  private async start(): Promise<void> {
    await this.closing;
    if (!this.client.isStarted) this.client.start();
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
    if (isNothing(pattern) || isNothing(data)) return super.send<TResult, TInput>(pattern, data);
    return new Observable<TResult>(subscriber => {
      const call = this.invoke(pattern, data, subscriber);
      return () => call?.abort();
    });
  }

  override emit<TResult = unknown, TInput = unknown>(pattern: unknown, data: TInput): Observable<TResult> {
    if (isNothing(pattern) || isNothing(data)) return super.emit<TResult, TInput>(pattern, data);
    // no connect() before it, as Nest would have it: of several addresses that would take the turn of the event
    const event = connectable(
      defer(() => this.dispatchEvent<TResult>(this.packetOf(pattern, data))),
      { connector: () => new Subject<TResult>(), resetOnDisconnect: false },
    );
    event.connect();
    return event;
  }

  private invoke(pattern: unknown, data: unknown, subscriber: Subscriber<unknown>): ResponseFuture | undefined {
    try {
      const packet = this.packetOf(pattern, data);
      const request = this.requestOf(packet);
      const timeoutMs = optionsOf(packet.data).timeoutMs ?? this.own.timeoutMs;
      if (this.client.isStarted && !(request instanceof Promise)) return this.begin(request, timeoutMs, subscriber);
      void this.beginLater(request, timeoutMs, subscriber);
    } catch (error) {
      subscriber.error(rpcExceptionOf(error));
    }
    return undefined;
  }

  private begin(request: RemotingCommand, timeoutMs: number, subscriber: Subscriber<unknown>): ResponseFuture {
    const observer = new CallObserver(this.reader, subscriber);
    const call = this.client.invokeAsync(this.target, request, timeoutMs, observer);
    observer.call = call;
    return call;
  }

  private async beginLater(
    made: RemotingCommand | Promise<RemotingCommand>,
    timeoutMs: number,
    subscriber: Subscriber<unknown>,
  ): Promise<void> {
    try {
      const request = await made;
      await this.start();
      if (subscriber.closed) return;
      const call = this.begin(request, timeoutMs, subscriber);
      subscriber.add(() => call.abort());
    } catch (error) {
      subscriber.error(rpcExceptionOf(error));
    }
  }

  // Nest 11 has no createPacket
  private packetOf(pattern: unknown, data: unknown): Packet {
    return 'createPacket' in this ? this.createPacket(pattern, data) : { pattern, data };
  }

  /** A Promise of it with a serializer that takes its time. */
  private requestOf(packet: Packet): RemotingCommand | Promise<RemotingCommand> {
    const { pattern, data } = packet;
    const { serializer } = this.own;
    const value: unknown = data instanceof RemotingRecord ? data.data : data;
    if (serializer === undefined) return this.commandOf(packet, encodeBody(value));
    const made = serializer.serialize({ pattern, data: value });
    if (made instanceof Promise) return made.then((later: unknown) => this.commandOf(packet, bodyOf(later)));
    return this.commandOf(packet, bodyOf(made));
  }

  private commandOf(packet: Packet, body: Uint8Array | string | undefined): RemotingCommand {
    const { pattern, data, metadata } = packet;
    const { extFields, serializeType, remark } = optionsOf(data);
    const fields = metadata === undefined ? extFields : { ...metadata, ...extFields };
    if (typeof pattern === 'number' && pattern === (pattern | 0)) {
      return new RemotingCommand({ code: pattern, extFields: fields && { ...fields }, body, serializeType, remark });
    }
    const route = this.normalizePattern(pattern as string);
    const code = requestCodeOf(route);
    return new RemotingCommand({
      code: code ?? NEST_PATTERN,
      extFields: code === undefined ? patternFields(fields, route) : fields && { ...fields },
      body,
      serializeType,
      remark,
    });
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
      const request = await this.requestOf(packet);
      request.flag = CommandFlag.ONEWAY;
      await this.start();
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

function readerOf({ deserializer, body }: Readonly<ClientRemotingSettings>): CallReader {
  if (deserializer === undefined) return { deserializes: false, read: response => decodeBody(response, body) };
  return { deserializes: true, read: response => deserializer.deserialize(response) };
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** The body in what a serializer made; Nest's own give back the packet that they got. */
function bodyOf(made: unknown): Uint8Array | string | undefined {
  if (typeof made === 'string' || made instanceof Uint8Array) return made;
  const isPacket = typeof made === 'object' && made !== null && 'data' in made;
  return encodeBody(isPacket ? made.data : made);
}

/** A literal where there is nothing to spread: a property behind a spread costs the engine a shape an object. */
const patternFields = (fields: ExtFields | undefined, route: string): ExtFields =>
  fields === undefined ? { [PATTERN_FIELD]: route } : { ...fields, [PATTERN_FIELD]: route };
