import { inspect } from 'node:util';
import { RemotingStateError } from '../errors/remoting-errors.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { guarded } from './logger.js';
import { ChannelGroup, type ChannelGroupOptions } from './channel-group.js';
import { RemotingCore, type CoreOptions } from './remoting-core.js';
import { RequestDispatcher } from './request-dispatcher.js';
import type { AnyRequestProcessor, ProcessorLimits } from './request-processor.js';
import type { InvokeCallback } from './response-future.js';
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
export abstract class RemotingService {
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

  /** A call as a Promise; what it rejects with carries the stack of the caller. */
  protected async settled(invoke: (callback: InvokeCallback) => void): Promise<RemotingCommand | undefined> {
    try {
      return await new Promise((resolve, reject) => {
        invoke({ operationSucceed: resolve, operationFail: reject });
      });
    } catch (error) {
      // the error was made where the answer did not come; here the stack leads to who asked
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    }
  }
}
