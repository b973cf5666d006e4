import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { OptionsError } from '../errors/options.js';
import { RemotingCommand } from '../protocol/remoting-command.js';
import { NEST_PATTERN, STREAM_CANCEL } from '../protocol/reserved-codes.js';
import { ResponseCode } from '../protocol/response-codes.js';
import { AclVerifyHook } from '../remoting/acl-verify-hook.js';
import { type HoldsRemoting, OBSERVED_REMOTING, type ObservedRemoting } from '../remoting/observed.js';
import { RemotingServer } from '../remoting/remoting-server.js';
import type { AsyncRequestProcessor } from '../remoting/request-processor.js';
import type { RequestTask } from '../remoting/request-task.js';
import { STREAM_OPAQUE } from '../remoting/stream.js';
import { answerEncoding } from './answer-encoding.js';
import { StreamRegistry } from './answer-stream.js';
import { decodeBody } from './body.js';
import { ChannelEvents, type RemotingEvents } from './channel-listeners.js';
import { Handling, type HandlingEnvironment } from './handling.js';
import { nestLogger } from './nest-logger.js';
import { PATTERN_FIELD, REMOTING, requestCodeOf, RemotingStatus } from './remoting.constants.js';
import { RemotingContext } from './remoting.context.js';
import { type RequestCodeOptions, requestCodeOptionsOf } from './request-code.decorator.js';
import { errorResponse } from './rpc-errors.js';
import {
  type ServerRemotingOptions,
  type ServerRemotingOwnOptions,
  splitServerOptions,
} from './server-remoting-options.js';

type Handler = MessageHandler<unknown, RemotingContext, unknown>;

/**
 * Serves RocketMQ request codes as a Nest microservice: numbers as patterns are request codes, any other pattern
 * travels in a reserved one.
 *
 * @example
 * const app = await NestFactory.createMicroservice(AppModule, { strategy: new ServerRemoting({ port: 8888 }) });
 */
export class ServerRemoting
  extends Server<RemotingEvents, RemotingStatus>
  implements CustomTransportStrategy, HoldsRemoting
{
  override transportId = REMOTING;
  override readonly propagatesEventHandlerErrors = true;
  private readonly own: Readonly<ServerRemotingOwnOptions>;
  private readonly server: RemotingServer;
  private readonly observed: readonly ObservedRemoting[];
  private readonly streams = new StreamRegistry();
  private readonly environment: HandlingEnvironment;
  private readonly duplicates: string[] = [];
  private readonly events: ChannelEvents;

  /** @throws {OptionsError} naming all wrong options */
  constructor(options: ServerRemotingOptions = {}) {
    super();
    const { own, core } = splitServerOptions(options);
    this.own = own;
    this.events = new ChannelEvents(core.channelEventListener);
    const logger = nestLogger('RemotingServer');
    this.server = new RemotingServer({ logger, ...core, channelEventListener: this.events });
    this.observed = [{ role: 'server', name: own.name, remoting: this.server }];
    if (own.acl !== undefined) this.server.registerRPCHook(new AclVerifyHook(lookupIn(own.acl.accounts)));
    const exposeErrors = core.exposeErrors ?? false;
    this.environment = {
      ...answerEncoding(own.serializer),
      streams: this.streams,
      failure: error => errorResponse(error, exposeErrors),
      eventFailed: (pattern, error) => this.eventFailed(pattern, error),
      ended: context => this.onProcessingEndHook?.(REMOTING, context),
    };
  }

  [OBSERVED_REMOTING](): readonly ObservedRemoting[] {
    return this.observed;
  }

  /** Name in metrics and health. */
  get name(): string {
    return this.own.name;
  }

  /** Listens and serves the handlers. Calls back with the error when the port cannot be had or two handlers clash. */
  listen(callback: (error?: unknown) => void): void {
    if (this.duplicates.length > 0) {
      const faults = this.duplicates.map(key => `two message handlers for the pattern ${key}`);
      callback(new OptionsError('ServerRemoting', [...faults, 'keep one of each']));
      return;
    }
    this.registerProcessors();
    void this.start(callback);
  }

  private async start(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.server.start();
    } catch (error) {
      callback(error);
      return;
    }
    this._status$.next(RemotingStatus.CONNECTED);
    callback();
  }

  /** Drains and stops: see `RemotingServer.shutdown`. Idempotent. */
  async close(): Promise<void> {
    await this.server.shutdown();
    this._status$.next(RemotingStatus.DISCONNECTED);
  }

  /** Reads no requests until {@link resume}: an application that is not ready yet must not run handlers. */
  pause(): void {
    this.server.group.pause();
  }

  /** Reads requests again. */
  resume(): void {
    this.server.group.resume();
  }

  /** Hears of connections. */
  on<Event extends keyof RemotingEvents>(event: Event, callback: RemotingEvents[Event]): void {
    this.events.on(event, callback);
  }

  /** The server of the core. */
  unwrap<T = RemotingServer>(): T {
    return this.server as T;
  }

  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false, extras = {}): void {
    const key = this.normalizePattern(pattern as string);
    // the base class would let the last one win without a word
    if (!isEventHandler && this.messageHandlers.has(key)) this.duplicates.push(key);
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  private registerProcessors(): void {
    for (const [key, handler] of this.messageHandlers) {
      const code = requestCodeOf(key);
      if (code === undefined) continue;
      const options = requestCodeOptionsOf(handler.extras);
      this.server.registerProcessor(code, this.processorOf(key, handler, options), options);
    }
    this.server.registerProcessor(NEST_PATTERN, { asyncProcessRequest: task => this.servePattern(task) });
    this.server.registerProcessor(STREAM_CANCEL, {
      processRequest: (channel, request) => this.streams.cancel(channel, Number(request.extFields?.[STREAM_OPAQUE])),
    });
  }

  private processorOf(pattern: string, handler: Handler, options: Readonly<RequestCodeOptions>): AsyncRequestProcessor {
    return { asyncProcessRequest: task => this.serve(task, pattern, handler, options) };
  }

  /** A request whose pattern is no code. Looked up as it is: Nest's own look-up would parse `true` or `1e3`. */
  private servePattern(task: RequestTask): void {
    const pattern = task.request.extFields?.[PATTERN_FIELD] ?? '';
    const handler = this.messageHandlers.get(pattern);
    if (handler === undefined) {
      const remark = `There is no matching message handler for the pattern ${pattern}`;
      task.complete(RemotingCommand.createResponseCommand(ResponseCode.REQUEST_CODE_NOT_SUPPORTED, remark));
    } else {
      this.serve(task, pattern, handler, requestCodeOptionsOf(handler.extras));
    }
  }

  private serve(task: RequestTask, pattern: string, handler: Handler, options: Readonly<RequestCodeOptions>): void {
    if (this.own.deserializer !== undefined) {
      void this.serveDeserialized(task, pattern, handler, options);
      return;
    }
    let data: unknown;
    try {
      data = decodeBody(task.request, options.body);
    } catch {
      task.complete(
        RemotingCommand.createResponseCommand(ResponseCode.SYSTEM_ERROR, 'the body of the request is no JSON'),
      );
      return;
    }
    this.process(task, pattern, handler, options, data);
  }

  private async serveDeserialized(
    task: RequestTask,
    pattern: string,
    handler: Handler,
    options: Readonly<RequestCodeOptions>,
  ): Promise<void> {
    try {
      const packet = await this.own.deserializer?.deserialize(task.request, { pattern });
      this.process(task, pattern, handler, options, packet?.data);
    } catch (error) {
      task.fail(error);
    }
  }

  /** Synchronous up to the handler; Nest's start hook may put it into a context, put it off or drop it. */
  private process(
    task: RequestTask,
    pattern: string,
    handler: Handler,
    options: Readonly<RequestCodeOptions>,
    data: unknown,
  ): void {
    const context = new RemotingContext([task.request, task.channel, this.server]);
    const handling = new Handling(this.environment, task, pattern, context);
    if (options.timeoutMs > 0) handling.limit(options.timeoutMs);
    const outcome: unknown = this.onProcessingStartHook(REMOTING, context, () => handling.run(handler, data));
    if (outcome instanceof Promise) outcome.catch((error: unknown) => handling.fail(error));
  }

  private eventFailed(pattern: string, error: unknown): void {
    const why = error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
    this.logger.error(`event ${pattern} failed: ${why}`);
  }
}

const lookupIn =
  (accounts: Readonly<Record<string, string>>) =>
  (accessKey: string): string | undefined =>
    Object.hasOwn(accounts, accessKey) ? accounts[accessKey] : undefined;
