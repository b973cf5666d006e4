import type { RocketMQError } from '../errors/rocketmq-error.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import type { Channel } from './channel.js';
import { Deadline } from './deadline-wheel.js';
import type { PermitWaiter, Semaphore } from './semaphore.js';
import { type CallKind, callKinds, type CallOutcome } from './statistics.js';

/** Told once how a call ended. Source: Java 5.x `InvokeCallback`. */
export interface InvokeCallback {
  /** The answer, whatever its code. `undefined` for a oneway call: it was written. */
  operationSucceed(response: RemotingCommand | undefined): void;
  operationFail(error: RocketMQError): void;
  /**
   * Takes one frame of a streamed answer that is not its last; given only by callers that accept streams.
   * The last frame comes to `operationSucceed`.
   */
  operationNext?(response: RemotingCommand): void;
}

/** Who ends calls. */
export interface CallOwner {
  abort(call: ResponseFuture, reason: unknown): void;
  timedOut(call: ResponseFuture): void;
  permitGranted(call: ResponseFuture): void;
}

/** Index into `callKinds`. */
export const KIND = { SYNC: 0, ASYNC: 1, ONEWAY: 2 } as const satisfies Record<string, number>;

/**
 * One call with its life: it begins before a channel is looked up and is settled once, by `RemotingCore.finish`.
 * Source: Java `ResponseFuture`.
 */
export class ResponseFuture extends Deadline implements PermitWaiter {
  /** Number of the call on its connection; 0 until its frame is written. */
  opaque = 0;
  /** Where it is sent to; `undefined` until a channel is there. */
  channel: Channel | undefined = undefined;
  /** @internal What the caller named: a `RemotingTarget` of the client. */
  target: unknown = null;
  /** Peer as `host:port`, or `undefined` while a name server is being chosen. */
  address: string | undefined;
  outcome: CallOutcome | undefined = undefined;
  error: RocketMQError | undefined = undefined;
  response: RemotingCommand | undefined = undefined;
  /** Free for hooks: the span of the call, for example. */
  context: unknown = undefined;
  /** @internal In the response table. */
  inTable = false;
  /** @internal The semaphore whose permit it holds. */
  permit: Semaphore | undefined = undefined;
  /** @internal The semaphore that it queues for. */
  waitsFor: Semaphore | undefined = undefined;
  /** @internal Frames of a streamed answer so far. */
  frames = 0;
  /** @internal Sent once more after GO_AWAY. */
  resent = false;
  /** @internal Runs when it is over: an abort listener that must go. */
  onFinished: (() => void) | undefined = undefined;

  constructor(
    private readonly owner: CallOwner,
    readonly request: RemotingCommand,
    readonly timeoutMs: number,
    /** Index into `callKinds`. */
    readonly kindIndex: number,
    /** Told how it ended. */
    public callback: InvokeCallback,
    /** Milliseconds since the process started. */
    readonly beginTimestamp: number,
  ) {
    super();
  }

  get kind(): CallKind {
    return callKinds[this.kindIndex] ?? 'sync';
  }

  get isDone(): boolean {
    return this.outcome !== undefined;
  }

  /** Cancels the call: its permit comes back at once, a later answer is a late reply. Nothing happens when it is over. */
  abort(reason?: unknown): void {
    this.owner.abort(this, reason);
  }

  /** @internal */
  override expire(): void {
    this.owner.timedOut(this);
  }

  /** @internal */
  grantPermit(): void {
    this.owner.permitGranted(this);
  }
}
