import { descriptionOf } from '../errors/message-of.js';
import { RemotingCommandError } from '../errors/remoting-errors.js';
import { AbortProcessError } from '../errors/response-errors.js';
import { CommandFlag, RemotingCommand } from '../protocol/remoting-command.js';
import { MQVersion } from '../protocol/mq-version.js';
import { requestNameOf } from '../protocol/requests/index.js';
import { ResponseCode } from '../protocol/response-codes.js';
import type { Channel } from './channel.js';
import type { CoarseClock } from './clock.js';
import { RateLimitedLog, type RemotingLogger } from './logger.js';
import { type AnyRequestProcessor, type ProcessorLimits, ProcessorPair } from './request-processor.js';
import { RequestTask, type TaskOwner } from './request-task.js';
import { KIND } from './response-future.js';
import type { HookRegistry } from './rpc-hook.js';
import { type CallOutcome, callOutcomes, OTHER_CODE, type RemotingStatistics } from './statistics.js';

const REJECTED = '[REJECTREQUEST]system busy, start flow control for a while';
const OVERLOADED = '[OVERLOAD]system busy, start flow control for a while';
const INTERNAL_ERROR = 'Internal server error';

/** What a dispatcher works with. */
export interface DispatcherEnvironment {
  readonly hooks: HookRegistry;
  readonly statistics: RemotingStatistics;
  readonly clock: CoarseClock;
  readonly logger: RemotingLogger;
  /** Whether callers are told what a processor threw. */
  readonly exposeErrors: boolean;
}

/**
 * Brings requests to their processors and the answers back.
 * Source: Java `NettyRemotingAbstract.processRequestCommand`.
 */
export class RequestDispatcher implements TaskOwner {
  /** Processors by request code. */
  readonly processorTable = new Map<number, ProcessorPair>();
  /** Serves codes without a processor of their own. */
  defaultPair: ProcessorPair | undefined = undefined;
  /** While it drains, callers that understand it are sent elsewhere by GO_AWAY. */
  draining = false;
  /** Requests that run or wait. */
  pending = 0;
  private idleListeners: (() => void)[] = [];
  private readonly busyWarning: RateLimitedLog;

  constructor(private readonly environment: DispatcherEnvironment) {
    this.busyWarning = new RateLimitedLog(environment.logger, 'warn');
  }

  registerProcessor(requestCode: number, processor: AnyRequestProcessor, limits: ProcessorLimits = {}): void {
    this.processorTable.set(requestCode, new ProcessorPair(processor, limits, this.run));
  }

  registerDefaultProcessor(processor: AnyRequestProcessor, limits: ProcessorLimits = {}): void {
    this.defaultPair = new ProcessorPair(processor, limits, this.run);
  }

  /** Resolves when nothing runs and nothing waits. */
  async whenIdle(): Promise<void> {
    if (this.pending > 0) await new Promise<void>(resolve => this.idleListeners.push(resolve));
  }

  dispatch(channel: Channel, request: RemotingCommand): void {
    channel.noteVersion(request.version);
    const pair = this.processorTable.get(request.code) ?? this.defaultPair;
    const task = new RequestTask(this, channel, request, this.environment.clock.now());
    this.pending++;
    for (const hook of this.environment.hooks.requestHooks) {
      try {
        hook.onRequestReceived?.(task);
      } catch (error) {
        this.callbackFailed('onRequestReceived', error);
      }
    }
    if (pair === undefined) {
      this.refuse(
        task,
        ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
        ` request type ${request.code} not supported`,
        'error',
      );
    } else if (this.draining && !task.isOneway && (request.version ?? 0) > MQVersion.V5_3_1) {
      this.refuse(task, ResponseCode.GO_AWAY, 'please go away', 'shutdown');
    } else if (this.rejects(pair)) {
      this.busy(pair, task, REJECTED);
    } else if (!pair.submit(task)) {
      this.busy(pair, task, OVERLOADED);
    }
  }

  private rejects(pair: ProcessorPair): boolean {
    if (pair.processor.rejectRequest === undefined) return false;
    try {
      return pair.processor.rejectRequest();
    } catch (error) {
      this.callbackFailed('rejectRequest', error);
      return false;
    }
  }

  private busy(pair: ProcessorPair, task: RequestTask, remark: string): void {
    pair.rejected++;
    const { channel, request } = task;
    this.busyWarning.log(`request ${request.code} from ${channel.remoteAddress} refused: ${remark}`);
    this.refuse(task, ResponseCode.SYSTEM_BUSY, remark, 'too_much_request');
  }

  private refuse(task: RequestTask, code: number, remark: string, outcome: CallOutcome): void {
    task.response = RemotingCommand.createResponseCommand(code, remark);
    if (!task.isOneway) this.respond(task, task.response);
    this.settle(task, outcome);
  }

  private readonly run = (pair: ProcessorPair, task: RequestTask): void => {
    const hooks = this.environment.hooks.requestHooks;
    if (hooks.length === 0) this.process(pair, task);
    else this.runInside(hooks.length - 1, pair, task);
  };

  /** The hook that was registered first is the outermost. */
  private runInside(last: number, pair: ProcessorPair, task: RequestTask, at = 0): void {
    const hook = this.environment.hooks.requestHooks[at];
    let entered = false;
    const next = (): void => {
      if (entered) return;
      entered = true;
      if (at >= last) this.process(pair, task);
      else this.runInside(last, pair, task, at + 1);
    };
    if (hook?.aroundRequest === undefined) {
      next();
      return;
    }
    try {
      hook.aroundRequest(task, next);
    } catch (error) {
      this.callbackFailed('aroundRequest', error);
    }
    // a hook that failed to go on must not cost the request its answer
    next();
  }

  private process(pair: ProcessorPair, task: RequestTask): void {
    try {
      for (const hook of this.environment.hooks.rpcHooks)
        hook.doBeforeRequest?.(task.channel.remoteAddress, task.request);
      if (pair.async !== undefined) pair.async.asyncProcessRequest(task);
      else this.processPlain(pair, task);
    } catch (error) {
      this.fail(task, error);
    }
  }

  private processPlain(pair: ProcessorPair, task: RequestTask): void {
    const result = pair.sync?.processRequest(task.channel, task.request) ?? undefined;
    // any thenable: a Promise of another realm, or of a library, is no instance of this one
    if (result !== undefined && 'then' in result) {
      result.then(
        response => this.complete(task, response ?? undefined),
        (error: unknown) => this.fail(task, error),
      );
    } else {
      this.complete(task, result);
    }
  }

  complete(task: RequestTask, response: RemotingCommand | undefined, outcome = outcomeOf(response)): void {
    if (task.isDone) return;
    task.response = response;
    for (const hook of this.environment.hooks.rpcHooks) {
      try {
        hook.doAfterResponse?.(task.channel.remoteAddress, task.request, response);
      } catch (error) {
        this.callbackFailed('doAfterResponse', error);
      }
    }
    if (response !== undefined && !task.isOneway) this.respond(task, response);
    this.settle(task, outcome);
  }

  fail(task: RequestTask, error: unknown): void {
    if (task.isDone) return;
    task.error = error;
    if (error instanceof AbortProcessError) {
      this.complete(task, RemotingCommand.createResponseCommand(error.responseCode, error.remark));
      return;
    }
    const { request, channel } = task;
    this.environment.logger.error(`request ${request.code} from ${channel.remoteAddress} failed`, error);
    const remark = this.environment.exposeErrors ? descriptionOf(error) : INTERNAL_ERROR;
    this.complete(task, RemotingCommand.createResponseCommand(ResponseCode.SYSTEM_ERROR, remark));
  }

  respond(task: RequestTask, response: RemotingCommand): boolean {
    try {
      response.opaque = task.opaque;
      // a caller that takes streams is told that it may cancel them here
      response.flag |= CommandFlag.RESPONSE | (task.request.flag & CommandFlag.STREAM);
      // a peer is answered in the form that it speaks. Source: Java RemotingCommand.serializeTypeCurrentRPC of the request
      response.serializeType = task.request.serializeType;
      task.channel.write(response);
      return true;
    } catch (error) {
      this.environment.logger.error(`response to request ${task.request.code} could not be sent`, error);
      const instead = RemotingCommand.createResponseCommand(
        ResponseCode.SYSTEM_ERROR,
        error instanceof RemotingCommandError
          ? 'the response cannot be sent: it breaks the frame limits'
          : INTERNAL_ERROR,
      );
      instead.opaque = task.opaque;
      task.channel.write(instead);
      return false;
    }
  }

  /** A part of a streamed answer; one that cannot be sent ends the answer with an error. */
  respondPart(task: RequestTask, response: RemotingCommand): void {
    if (!this.respond(task, response)) this.settle(task, 'error');
  }

  private settle(task: RequestTask, outcome: CallOutcome): void {
    task.outcome = outcome;
    const { statistics, hooks, clock } = this.environment;
    const { code } = task.request;
    const { requests } = statistics;
    // peers may send any number, so only codes that are known for some reason have a row
    const known = this.processorTable.has(code) || requests.byCode.has(code) || requestNameOf(code) !== undefined;
    const ms = clock.now() - task.beginTimestamp;
    requests
      .of(known ? code : OTHER_CODE)
      .record(task.isOneway ? KIND.ONEWAY : KIND.SYNC, callOutcomes.indexOf(outcome), ms);
    for (const hook of hooks.requestHooks) {
      try {
        hook.onRequestFinished?.(task);
      } catch (error) {
        this.callbackFailed('onRequestFinished', error);
      }
    }
    task.place?.leave();
    if (--this.pending === 0 && this.idleListeners.length > 0) {
      const listeners = this.idleListeners;
      this.idleListeners = [];
      for (const each of listeners) each();
    }
  }

  private callbackFailed(what: string, error: unknown): void {
    this.environment.statistics.callbackErrors++;
    this.environment.logger.error(`${what} threw`, error);
  }
}

const outcomeOf = (response: RemotingCommand | undefined): CallOutcome =>
  response === undefined || response.code === ResponseCode.SUCCESS ? 'success' : 'error';
