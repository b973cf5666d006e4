import { inspect } from 'node:util';
import { RemotingStateError } from '../errors/remoting-errors.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { DEFAULT_TIMEOUT_MS } from './default-timeout.js';
import { guarded } from './logger.js';
import { ChannelGroup, type ChannelGroupOptions } from './channel-group.js';
import { type CoreOptions, type InvokeOptions, RemotingCore } from './remoting-core.js';
import { RequestDispatcher } from './request-dispatcher.js';
import type { AnyRequestProcessor, ProcessorLimits } from './request-processor.js';
import { type InvokeCallback, KIND, type ResponseFuture } from './response-future.js';
import type { CallHook, RequestHook, RPCHook } from './rpc-hook.js';
import type { RemotingStatistics } from './statistics.js';

/** Options that clients and servers share. */
export interface ServiceOptions extends CoreOptions, ChannelGroupOptions {
  readonly exposeErrors: boolean;
}

/**
 * What clients and servers have in common: both call and both serve. Source: Java `RemotingService` and
 * `NettyRemotingAbstract`.
 */
export abstract class RemotingService<Target = never> {
  /** Calls: response table, semaphores, hooks, statistics. */
  readonly core: RemotingCore;
  /** Requests: processors and what runs of them. */
  readonly dispatcher: RequestDispatcher;
  /** Open channels. */
  readonly group: ChannelGroup;
  private state: 'new' | 'started' | 'shut down' = 'new';

  protected constructor(
    private readonly who: 'client' | 'server',
    options: ServiceOptions,
  ) {
    const logger = guarded(options.logger);
    this.core = new RemotingCore({ ...options, logger });
    const { hooks, statistics, clock } = this.core;
    this.dispatcher = new RequestDispatcher({ ...options, hooks, statistics, clock, logger });
    this.group = new ChannelGroup(options, this.core, this.dispatcher);
  }

  /** What is printed of it: never its options, which hold keys. */
  [inspect.custom](): string {
    const { responseTable } = this.core;
    return `${this.constructor.name} (${this.state}, ${this.group.channels.size} connections, ${responseTable.size} calls)`;
  }

  /** Counts since it was made. */
  get statistics(): RemotingStatistics {
    return this.core.statistics;
  }

  /** Whether it was started and not shut down. */
  get isStarted(): boolean {
    return this.state === 'started';
  }

  /** Whether it was shut down. */
  get isShutdown(): boolean {
    return this.state === 'shut down';
  }

  /** Adds a hook; several run in the order of registration, signing ones last. */
  registerRPCHook(hook: RPCHook): void {
    this.core.hooks.registerRPCHook(hook);
  }

  /** Adds a hook that hears of every call. The returned function takes it out again. */
  registerCallHook(hook: CallHook): () => void {
    return this.core.hooks.registerCallHook(hook);
  }

  /** Adds a hook around every request. The returned function takes it out again. */
  registerRequestHook(hook: RequestHook): () => void {
    return this.core.hooks.registerRequestHook(hook);
  }

  /** Serves a request code; the processor before is replaced. */
  registerProcessor(requestCode: number, processor: AnyRequestProcessor, limits?: ProcessorLimits): void {
    this.dispatcher.registerProcessor(requestCode, processor, limits);
  }

  protected markStarted(): void {
    this.state = 'started';
  }

  protected markShutdown(): void {
    this.state = 'shut down';
  }

  protected checkStarted(): void {
    if (this.state !== 'started') {
      const hint = this.state === 'new' ? 'call start() first' : 'it was shut down';
      throw new RemotingStateError(`the ${this.who} is not running: ${hint}`);
    }
  }

  /**
   * Calls and waits for the answer.
   *
   * @param target where to: a {@link RemotingTarget} of a client, the channel of a client of a server
   * @param timeoutMs milliseconds
   * @returns the response, whatever its code
   * @throws {RemotingConnectError} no channel could be had
   * @throws {RemotingSendRequestError} the frame could not be written, or the channel closed before the answer
   * @throws {RemotingTimeoutError} no permit, no sending or no answer in time
   * @throws {RemotingTooMuchRequestError} no permit, and a time-out of 0 allows no waiting
   * @throws {RemotingAbortedError} `options.signal` was aborted
   * @throws {RemotingStateError} not started, or shut down
   */
  async invokeSync(
    target: Target,
    request: RemotingCommand,
    timeoutMs: number = DEFAULT_TIMEOUT_MS,
    options?: InvokeOptions,
  ): Promise<RemotingCommand> {
    this.checkStarted();
    try {
      return await new Promise((resolve, reject) => {
        const callback = { operationSucceed: resolve as InvokeCallback['operationSucceed'], operationFail: reject };
        this.invoke(target, request, timeoutMs, KIND.SYNC, callback, options);
      });
    } catch (error) {
      throw withStackOfCaller(error);
    }
  }

  /**
   * Calls and tells the callback, once, how it ended.
   *
   * @returns the call, which can be aborted
   * @throws {RemotingStateError} not started, or shut down; all else goes to the callback
   */
  invokeAsync(
    target: Target,
    request: RemotingCommand,
    timeoutMs: number,
    callback: InvokeCallback,
    options?: InvokeOptions,
  ): ResponseFuture {
    this.checkStarted();
    return this.invoke(target, request, timeoutMs, KIND.ASYNC, callback, options);
  }

  /** Sends a request that wants no answer; resolves when it is written to the connection. Errors as `invokeSync`. */
  async invokeOneway(
    target: Target,
    request: RemotingCommand,
    timeoutMs: number = DEFAULT_TIMEOUT_MS,
    options?: InvokeOptions,
  ): Promise<void> {
    this.checkStarted();
    try {
      await new Promise((resolve, reject) => {
        const callback = { operationSucceed: resolve, operationFail: reject };
        this.invoke(target, request, timeoutMs, KIND.ONEWAY, callback, options);
      });
    } catch (error) {
      throw withStackOfCaller(error);
    }
  }

  /** Begins a call and sends it, now or when its channel is there. */
  protected abstract invoke(
    target: Target,
    request: RemotingCommand,
    timeoutMs: number,
    kindIndex: number,
    callback: InvokeCallback,
    options: InvokeOptions | undefined,
  ): ResponseFuture;
}

/** The error was made where the answer did not come; here, in the function that is awaited, the stack leads to who asked. */
function withStackOfCaller(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error, withStackOfCaller);
  return error;
}
