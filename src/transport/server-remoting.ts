import { type CustomTransportStrategy, type MessageHandler, RpcException, Server } from '@nestjs/microservices';
import { inspect } from 'node:util';
import { OptionsError } from '../errors/options.js';
import { RemotingCommand } from '../protocol/remoting-command.js';
import { NEST_PATTERN, STREAM_CANCEL, PATTERN_FIELD } from '../protocol/reserved-codes.js';
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
import { REMOTING, requestCodeOf, RemotingStatus } from './remoting.constants.js';
import { RemotingContext } from './remoting.context.js';
import { type RequestCodeOptions, requestCodeOptionsOf } from './request-code.decorator.js';
import { errorResponse } from './rpc-errors.js';
import {
  type ServerRemotingOptions,
  type ServerRemotingSettings,
  splitServerOptions,
} from './server-remoting-options.js';

/** Codes of this protocol's own. */
const reservedCodes: ReadonlySet<number | undefined> = new Set([NEST_PATTERN, STREAM_CANCEL]);
/** Letters of a pattern that nobody serves, in the answer to its caller. */
const PATTERN_SHOWN = 200;

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
  private readonly own: Readonly<ServerRemotingSettings>;
  private readonly server: RemotingServer;
  private readonly observed: readonly ObservedRemoting[];
  private readonly streams = new StreamRegistry();
  private readonly environment: HandlingEnvironment;
  private readonly faults: string[] = [];
  private readonly events: ChannelEvents;

  /** @throws {OptionsError} naming all wrong options */
  constructor(options: ServerRemotingOptions = {}) {
    super();
    const { own, acl, core } = splitServerOptions(options);
    this.own = own;
    this.events = new ChannelEvents(core.channelEventListener);
    const logger = nestLogger('RemotingServer');
    this.server = new RemotingServer({ logger, ...core, channelEventListener: this.events });
    this.observed = [{ role: 'server', name: own.name, remoting: this.server }];
    if (acl !== undefined) this.server.registerRPCHook(new AclVerifyHook(lookupIn(acl.accounts)));
    const exposeErrors = core.exposeErrors ?? false;
    this.environment = {
      ...answerEncoding(own.serializer, (pattern, error) => this.unanswerable(pattern, error)),
      streams: this.streams,
      failure: error => {
        // Nest logs what handlers throw; this is what a hook threw, or an Error inside of an RpcException
        if (isError(error)) this.logger.error(error);
        return errorResponse(error, exposeErrors);
      },
      eventFailed: (pattern, error) => this.logger.error(`event ${pattern} failed: ${textOf(error)}`),
      ended: context => this.ended(context),
    };
  }

  [OBSERVED_REMOTING](): readonly ObservedRemoting[] {
    return this.observed;
  }

  /** What logs show of it: the core below holds keys of TLS and headers that came. */
  [inspect.custom](): string {
    return `ServerRemoting(${this.name})`;
  }

  /** Name in metrics and health. */
  get name(): string {
    return this.own.name;
  }

  /** Listens and serves the handlers. Calls back with the error when the port cannot be had or two handlers clash. */
  listen(callback: (error?: unknown) => void): void {
    if (this.faults.length > 0) {
      callback(new OptionsError('handlers of ServerRemoting', this.faults));
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
    const fault = this.faultOf(pattern, key, isEventHandler);
    if (fault !== undefined) this.faults.push(fault);
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** What the base class would take without a word, though it loses a handler. */
  private faultOf(pattern: unknown, key: string, isEventHandler: boolean): string | undefined {
    const before = this.messageHandlers.get(key);
    if (pattern instanceof RegExp) return `the pattern ${String(pattern)} is a RegExp: calls name their pattern`;
    if (reservedCodes.has(requestCodeOf(key))) return `request code ${key} is reserved`;
    if (before === undefined || (isEventHandler && before.isEventHandler === true)) return undefined;
    const kinds = isEventHandler === before.isEventHandler ? 'two message handlers' : 'a message and an event handler';
    return `${kinds} for the pattern ${key}: keep one`;
  }

  private registerProcessors(): void {
    for (const [key, handler] of this.messageHandlers) {
      const code = requestCodeOf(key);
      if (code === undefined) continue;
      const options = requestCodeOptionsOf(handler.extras);
      const { concurrency, queue } = options;
      this.server.registerProcessor(code, this.processorOf(key, handler, options), { concurrency, queue });
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
      const name = pattern.length > PATTERN_SHOWN ? `${pattern.slice(0, PATTERN_SHOWN)}…` : pattern;
      const remark = `There is no matching message handler for the pattern ${name}`;
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
    try {
      const outcome: unknown = this.onProcessingStartHook(REMOTING, context, () => handling.run(handler, data));
      if (outcome instanceof Promise) outcome.catch((error: unknown) => handling.fail(error));
    } catch (error) {
      handling.fail(error);
    }
  }

  private ended(context: RemotingContext): void {
    try {
      this.onProcessingEndHook?.(REMOTING, context);
    } catch (error) {
      this.logger.error(`the processing end hook threw: ${textOf(error)}`);
    }
  }

  private unanswerable(pattern: string, error: unknown): Error {
    if (error instanceof RpcException) return error;
    this.logger.error(`no response can be made of what the handler of ${pattern} gave: ${textOf(error)}`);
    return new RpcException('no response can be made of what the handler gave');
  }
}

const isError = (error: unknown): boolean =>
  (error instanceof RpcException ? error.getError() : error) instanceof Error;

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : inspect(error));

const lookupIn =
  (accounts: Readonly<Record<string, string>>) =>
  (accessKey: string): string | undefined =>
    Object.hasOwn(accounts, accessKey) ? accounts[accessKey] : undefined;
