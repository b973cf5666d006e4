import { setMaxListeners } from 'node:events';
import { messageOf } from '../errors/message-of.js';
import {
  RemotingAbortedError,
  RemotingCommandError,
  RemotingSendRequestError,
  RemotingStateError,
  RemotingTimeoutError,
  RemotingTooMuchRequestError,
} from '../errors/remoting-errors.js';
import type { RocketMQError } from '../errors/rocketmq-error.js';
import { CommandFlag, RemotingCommand } from '../protocol/remoting-command.js';
import { NEST_PATTERN, STREAM_CANCEL } from '../protocol/reserved-codes.js';
import { ResponseCode } from '../protocol/response-codes.js';
import type { Channel } from './channel.js';
import { CoarseClock } from './clock.js';
import { DeadlineWheel } from './deadline-wheel.js';
import { RateLimitedLog, type RemotingLogger } from './logger.js';
import { type CallOwner, type InvokeCallback, KIND, ResponseFuture } from './response-future.js';
import { HookRegistry } from './rpc-hook.js';
import { Semaphore } from './semaphore.js';
import { type CallOutcome, callOutcomes, RemotingStatistics } from './statistics.js';
import { STREAM_END, STREAM_OPAQUE, STREAM_SEQUENCE } from './stream.js';

const LARGEST_OPAQUE = 0x7fffffff;
const SCAN_GRACE_MS = 1000;
const NOBODY: InvokeCallback = { operationSucceed: () => undefined, operationFail: () => undefined };

/** Limits and manners of calls. */
export interface CoreOptions {
  /** Oneway calls that may be unwritten at the same time. */
  readonly permitsOneway: number;
  /** Calls that may wait for an answer at the same time. */
  readonly permitsAsync: number;
  /** Whether a call that waited too long costs its connection. */
  readonly clientCloseSocketIfTimeout: boolean;
  readonly logger: RemotingLogger;
}

/** Options of one call. */
export interface InvokeOptions {
  /** Cancels the call. */
  signal?: AbortSignal | undefined;
}

/**
 * Calls of one client or server: who waits for which answer, and what ends the wait. A call ends in {@link finish},
 * once. Source: Java `NettyRemotingAbstract`.
 */
export class RemotingCore implements CallOwner {
  /** Calls whose frame is out and whose answer is not in, by opaque. */
  readonly responseTable = new Map<number, ResponseFuture>();
  readonly semaphoreOneway: Semaphore;
  readonly semaphoreAsync: Semaphore;
  readonly clock = new CoarseClock();
  readonly hooks = new HookRegistry();
  readonly statistics = new RemotingStatistics();
  /** @internal Takes a call that was sent away: finds another channel and calls {@link transmit}. */
  onGoAway: ((call: ResponseFuture) => void) | undefined = undefined;
  private readonly wheel = new DeadlineWheel(this.clock);
  private readonly lateReplies: RateLimitedLog;
  private opaque = 0;
  private opaqueWrapped = false;

  constructor(private readonly options: CoreOptions) {
    this.semaphoreOneway = new Semaphore(options.permitsOneway);
    this.semaphoreAsync = new Semaphore(options.permitsAsync);
    this.lateReplies = new RateLimitedLog(options.logger, 'debug');
  }

  /**
   * Begins a call: its time runs from here, before a channel is looked up.
   *
   * @param target what the caller named; an address is a string
   */
  begin(
    request: RemotingCommand,
    timeoutMs: number,
    kindIndex: number,
    callback: InvokeCallback,
    options?: InvokeOptions,
    target?: unknown,
  ): ResponseFuture {
    const call = new ResponseFuture(this, request, timeoutMs, kindIndex, callback, this.clock.now());
    call.target = target;
    if (typeof target === 'string') call.address = target;
    this.wheel.add(call, timeoutMs);
    for (const hook of this.hooks.callHooks) {
      try {
        hook.onCallBegun?.(call);
      } catch (error) {
        this.callbackFailed('onCallBegun', error);
      }
    }
    const signal = options?.signal;
    if (signal !== undefined) this.abortBy(signal, call);
    return call;
  }

  private abortBy(signal: AbortSignal, call: ResponseFuture): void {
    if (signal.aborted) {
      this.abort(call, signal.reason);
      return;
    }
    const onAbort = (): void => this.abort(call, signal.reason);
    // one signal for any number of calls is no leak that Node should warn of
    setMaxListeners(0, signal);
    signal.addEventListener('abort', onAbort, { once: true });
    call.onFinished = () => signal.removeEventListener('abort', onAbort);
  }

  /** Sends the request of a call by a channel, when its permit is there. */
  send(call: ResponseFuture, channel: Channel): void {
    if (call.isDone) return;
    call.channel = channel;
    call.address ??= channel.remoteAddress;
    if (this.hooks.rpcHooks.length > 0) this.doBeforeRequest(call, call.address);
    // a hook may have aborted it, or taken all of its time
    if (call.isDone) return;
    const semaphore = call.kindIndex === KIND.ONEWAY ? this.semaphoreOneway : this.semaphoreAsync;
    if (semaphore.tryAcquire()) {
      call.permit = semaphore;
      this.transmit(call);
    } else if (call.timeoutMs <= 0) {
      const message = `invoke too fast: all ${semaphore.limit} permits are taken and the time-out allows no waiting`;
      this.finish(call, 'too_much_request', new RemotingTooMuchRequestError(message, this.detailsOf(call)));
    } else {
      call.waitsFor = semaphore;
      semaphore.enqueue(call);
    }
  }

  private doBeforeRequest(call: ResponseFuture, address: string): void {
    const begun = performance.now();
    for (const hook of this.hooks.rpcHooks) {
      try {
        hook.doBeforeRequest?.(address, call.request, call);
      } catch (error) {
        this.callbackFailed('doBeforeRequest', error);
      }
    }
    // while they ran, no deadline could come
    const { timeoutMs } = call;
    if (timeoutMs > 0 && performance.now() - begun >= timeoutMs && !call.isDone) this.timedOut(call);
  }

  /** @internal */
  permitGranted(call: ResponseFuture): void {
    call.permit = call.waitsFor;
    call.waitsFor = undefined;
    this.transmit(call);
  }

  /** @internal Writes the frame of a call that has its permit. */
  transmit(call: ResponseFuture): void {
    const { channel, request } = call;
    if (channel === undefined || channel.closed) {
      this.failSend(call, undefined);
      return;
    }
    request.opaque = this.nextOpaque();
    call.opaque = request.opaque;
    try {
      if (call.kindIndex === KIND.ONEWAY) {
        this.transmitOneway(call, channel);
        return;
      }
      request.flag = call.callback.operationNext === undefined ? 0 : CommandFlag.STREAM;
      this.responseTable.set(call.opaque, call);
      call.inTable = true;
      channel.write(request);
    } catch (error) {
      // the frame would exceed the limits: nothing of it was sent
      this.finish(call, 'send_error', error instanceof RemotingCommandError ? error : this.sendError(call, error));
    }
  }

  /** The permit goes back when the frame is written, even if the caller stopped waiting for that. */
  private transmitOneway(call: ResponseFuture, channel: Channel): void {
    call.request.flag = CommandFlag.ONEWAY;
    const { permit } = call;
    channel.write(call.request, error => {
      permit?.release();
      if (error === undefined || error === null) this.finish(call, 'success');
      else this.failSend(call, error);
    });
    call.permit = undefined;
  }

  private nextOpaque(): number {
    for (;;) {
      if (this.opaque === LARGEST_OPAQUE) {
        this.opaqueWrapped = true;
        this.opaque = 0;
      }
      this.opaque++;
      // a number comes twice only after all have been used
      if (!this.opaqueWrapped || !this.responseTable.has(this.opaque)) return this.opaque;
    }
  }

  /** Takes an answer from a channel. Source: Java `NettyRemotingAbstract.processResponseCommand`. */
  receive(channel: Channel, response: RemotingCommand): void {
    const call = this.responseTable.get(response.opaque);
    // an opaque counts on its own connection only: no peer answers for another
    if (call === undefined || call.channel !== channel) {
      this.statistics.lateReplies++;
      this.lateReplies.log(`late reply ${response.opaque} from ${channel.remoteAddress}`);
      return;
    }
    channel.noteVersion(response.version);
    if ((response.flag & CommandFlag.STREAM) !== 0) channel.streams = true;
    const { extFields } = response;
    if (extFields !== undefined && call.callback.operationNext !== undefined && STREAM_SEQUENCE in extFields) {
      if (this.receivePart(call, channel, response, extFields)) return;
    }
    if (response.code === ResponseCode.GO_AWAY && this.onGoAway !== undefined) {
      this.goAway(call, channel);
      return;
    }
    call.response = response;
    for (const hook of this.hooks.rpcHooks) {
      try {
        hook.doAfterResponse?.(channel.remoteAddress, call.request, response);
      } catch (error) {
        this.callbackFailed('doAfterResponse', error);
      }
    }
    this.finish(call, response.code === ResponseCode.SUCCESS ? 'success' : 'error');
  }

  /** `true`: more frames follow, or the stream is broken and the call over. */
  private receivePart(
    call: ResponseFuture,
    channel: Channel,
    response: RemotingCommand,
    extFields: Readonly<Record<string, string>>,
  ): boolean {
    channel.streams = true;
    if (extFields[STREAM_SEQUENCE] !== String(call.frames)) {
      const message = `frame ${call.frames} of a streamed answer is missing`;
      this.finish(call, 'send_error', new RemotingCommandError(message, this.detailsOf(call)));
      this.cancelStream(call);
      return true;
    }
    call.frames++;
    if (STREAM_END in extFields) return false;
    // the time-out of a stream is the longest silence
    this.wheel.delete(call);
    this.wheel.add(call, call.timeoutMs);
    try {
      const told: unknown = call.callback.operationNext?.(response);
      if (told instanceof Promise) told.catch(failure => this.callbackFailed('operationNext', failure));
    } catch (error) {
      this.callbackFailed('operationNext', error);
    }
    return true;
  }

  /** The peer drains: the call goes once more, over a new connection. Source: Java `NettyRemotingClient.invokeImpl`. */
  private goAway(call: ResponseFuture, channel: Channel): void {
    channel.goingAway = true;
    if (call.resent) {
      const message = `<${channel.remoteAddress}> answered GO_AWAY to the second try as well. Try again later.`;
      this.finish(call, 'send_error', new RemotingSendRequestError(message, this.detailsOf(call)));
      return;
    }
    call.resent = true;
    this.responseTable.delete(call.opaque);
    call.inTable = false;
    this.statistics.goAwayResends++;
    this.onGoAway?.(call);
  }

  /**
   * Ends calls whose time has been over for a second: whatever went wrong with their deadline, no call stays for ever.
   * Source: Java `scanResponseTable`.
   */
  scanResponseTable(now: number): void {
    for (const call of this.responseTable.values()) {
      const isStream = call.frames > 0;
      if (!isStream && now - call.beginTimestamp > call.timeoutMs + SCAN_GRACE_MS) this.timedOut(call);
    }
  }

  /** @internal */
  timedOut(call: ResponseFuture): void {
    const { channel, waitsFor, timeoutMs } = call;
    const isSent = call.opaque !== 0;
    let message = `invoke call timeout, ${timeoutMs}ms passed before the request to ${call.address ?? 'a name server'} could be sent`;
    if (waitsFor !== undefined) {
      message =
        `invoke tryAcquire semaphore timeout, ${timeoutMs}ms, waiting: ${waitsFor.queueLength}, ` +
        `available permits: ${waitsFor.availablePermits} of ${waitsFor.limit}`;
    } else if (isSent && channel !== undefined) {
      message = `wait response on the channel <${channel.remoteAddress}> timeout, ${timeoutMs}(ms)`;
    }
    const error = new RemotingTimeoutError(`${message}. Raise the time-out or relieve the peer.`, this.detailsOf(call));
    this.finish(call, 'timeout', error);
    this.cancelStream(call);
    if (this.options.clientCloseSocketIfTimeout && isSent) channel?.destroy(error);
  }

  /** @internal */
  abort(call: ResponseFuture, reason: unknown): void {
    if (call.isDone) return;
    const details = { ...this.detailsOf(call), cause: reason };
    this.finish(call, 'aborted', new RemotingAbortedError('the call was aborted by its caller', details));
    this.cancelStream(call);
  }

  /** Asks a peer that is known to stream to stop producing what nobody reads. */
  private cancelStream(call: ResponseFuture): void {
    const { channel, opaque, callback } = call;
    // a Nest pattern is served by our server alone
    const isOurs = channel?.streams === true || call.request.code === NEST_PATTERN;
    if (callback.operationNext === undefined || opaque === 0 || channel === undefined || !isOurs) return;
    const cancel = new RemotingCommand({ code: STREAM_CANCEL, extFields: { [STREAM_OPAQUE]: String(opaque) } });
    this.send(this.begin(cancel, call.timeoutMs, KIND.ONEWAY, NOBODY), channel);
  }

  /** Fails a call whose frame could not be written or whose connection closed. */
  failSend(call: ResponseFuture, cause: unknown): void {
    if (!call.isDone) this.finish(call, 'send_error', this.sendError(call, cause));
  }

  private sendError(call: ResponseFuture, cause: unknown): RocketMQError {
    const why = cause === undefined ? '' : `: ${messageOf(cause)}`;
    const message = `send request to <${call.address ?? 'unknown'}> failed, the channel was closed before the answer${why}`;
    return new RemotingSendRequestError(message, { ...this.detailsOf(call), cause });
  }

  /** Fails every call whose answer would have come by this channel. Source: Java `failFast`. */
  failFast(channel: Channel, cause: unknown): void {
    for (const call of this.responseTable.values()) if (call.channel === channel) this.failSend(call, cause);
  }

  /** @internal What errors say of a call. */
  detailsOf(call: ResponseFuture): { address?: string | undefined; opaque?: number; requestCode: number } {
    const { address, opaque, request } = call;
    return opaque === 0 ? { address, requestCode: request.code } : { address, opaque, requestCode: request.code };
  }

  /**
   * Ends a call: the one place where its deadline, its row in the response table and its permit go, and where hooks
   * and callback hear of it. Nothing happens when it is over.
   */
  finish(call: ResponseFuture, outcome: CallOutcome, error?: RocketMQError): void {
    if (call.outcome !== undefined) return;
    call.outcome = outcome;
    call.error = error;
    this.wheel.delete(call);
    if (call.inTable) this.responseTable.delete(call.opaque);
    call.onFinished?.();
    const ms = this.clock.now() - call.beginTimestamp;
    this.statistics.calls.of(call.request.code).record(call.kindIndex, callOutcomes.indexOf(outcome), ms);
    for (const hook of this.hooks.callHooks) {
      try {
        hook.onCallFinished(call);
      } catch (failure) {
        this.callbackFailed('onCallFinished', failure);
      }
    }
    call.waitsFor?.cancel(call);
    call.waitsFor = undefined;
    try {
      const { callback, response } = call;
      const told: unknown = error === undefined ? callback.operationSucceed(response) : callback.operationFail(error);
      // an async callback has nobody else who would hear of its failure
      if (told instanceof Promise) told.catch(failure => this.callbackFailed('the callback of a call', failure));
    } catch (failure) {
      this.callbackFailed('the callback of a call', failure);
    }
    call.permit?.release();
    call.permit = undefined;
  }

  /** @internal */
  callbackFailed(what: string, error: unknown): void {
    this.statistics.callbackErrors++;
    this.options.logger.error(`${what} threw`, error);
  }

  /** Ends every call that is not over, with the reason. */
  shutdown(who: string): void {
    this.wheel.forEach(each => {
      const call = each as ResponseFuture;
      const message = `the ${who} was shut down before the answer came`;
      this.finish(call, 'shutdown', new RemotingStateError(message, this.detailsOf(call)));
    });
    // a callback may have begun a new call, after a new start
    if (this.wheel.size === 0) this.wheel.stop();
  }
}
