import type { RemotingCommand } from '../protocol/remoting-command.js';
import type { Channel } from './channel.js';
import type { CallOutcome } from './statistics.js';

/** Who ends requests. */
export interface TaskOwner {
  complete(task: RequestTask, response: RemotingCommand | undefined, outcome?: CallOutcome): void;
  fail(task: RequestTask, error: unknown): void;
  respondPart(task: RequestTask, response: RemotingCommand): void;
}

/** One request that is being served. Source: Java `RequestTask`. */
export class RequestTask {
  /** How it ended; `undefined` while it runs. */
  outcome: CallOutcome | undefined = undefined;
  /** What the processor threw. */
  error: unknown = undefined;
  /** What was answered. */
  response: RemotingCommand | undefined = undefined;
  /** Free for hooks: the span of the request, for example. */
  context: unknown = undefined;
  /** Opaque of the request, which its response repeats. */
  readonly opaque: number;
  /** Whether no answer is wanted. */
  readonly isOneway: boolean;
  /** @internal The processor whose place it occupies while it runs. */
  place: { leave(): void } | undefined = undefined;

  constructor(
    private readonly owner: TaskOwner,
    readonly channel: Channel,
    readonly request: RemotingCommand,
    /** Milliseconds since the process started. */
    readonly beginTimestamp: number,
  ) {
    this.opaque = request.opaque;
    this.isOneway = request.isOneway;
  }

  get isDone(): boolean {
    return this.outcome !== undefined;
  }

  /** Ends it with a response, or with none when the processor answers later by itself. Ignored when it is done. */
  complete(response?: RemotingCommand): void {
    this.owner.complete(this, response);
  }

  /** Ends it without an answer: its caller left. Ignored when it is done. */
  abandon(): void {
    this.owner.complete(this, undefined, 'aborted');
  }

  /** Ends it with an error: SYSTEM_ERROR, or the code of an `AbortProcessError`. Ignored when it is done. */
  fail(error: unknown): void {
    this.owner.fail(this, error);
  }

  /** Sends a response that is not the last one (a stream). Nothing is sent when it is done or oneway. */
  sendPart(response: RemotingCommand): void {
    if (!this.isDone && !this.isOneway) this.owner.respondPart(this, response);
  }
}
