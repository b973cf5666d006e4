import { anyOf, type Check, type Checks, oneOf, resolveOptions, wholeNumber } from '../errors/options.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import type { Channel } from './channel.js';
import type { RequestTask } from './request-task.js';

/** What a processor returns: the response, or nothing when it answers later by itself or when the request is oneway. */
export type ProcessorResult = RemotingCommand | undefined | void;

/** Serves requests. Source: Java `NettyRequestProcessor`. */
export interface RequestProcessor {
  /**
   * @returns the response; its opaque is set when it is sent. Nothing: no answer is sent, the processor answers by
   * `channel.write` when it can (a long poll)
   * @throws anything: answered SYSTEM_ERROR; an `AbortProcessError` its own code and remark
   */
  processRequest(channel: Channel, request: RemotingCommand): ProcessorResult | Promise<ProcessorResult>;
  /** Whether it takes no requests now: they are answered SYSTEM_BUSY. */
  rejectRequest?(): boolean;
}

/** Serves requests and says itself when each is done. Source: Java 4.9 `AsyncNettyRequestProcessor`. */
export interface AsyncRequestProcessor {
  /** Ends with exactly one `task.complete(response)` or `task.fail(error)`; more are ignored. */
  asyncProcessRequest(task: RequestTask): void;
  rejectRequest?(): boolean;
}

/** A processor of either kind. */
export type AnyRequestProcessor = RequestProcessor | AsyncRequestProcessor;

/** How much a processor takes on. */
export interface ProcessorLimits {
  /** Requests that run at the same time. @default Infinity */
  concurrency?: number;
  /** Requests that wait for one that runs; what is over it is answered SYSTEM_BUSY. @default 10000 */
  queue?: number;
}

/** Requests that wait at most, unless said otherwise. Source: Java thread pool queues of 10,000. */
export const DEFAULT_QUEUE = 10_000;

const defaults: Required<ProcessorLimits> = Object.freeze({
  concurrency: Number.POSITIVE_INFINITY,
  queue: DEFAULT_QUEUE,
});

const atLeast = (min: number): Check =>
  anyOf(`must be a whole number of at least ${min}, or Infinity`, wholeNumber(min), oneOf(Number.POSITIVE_INFINITY));
const checks: Checks<ProcessorLimits> = { concurrency: atLeast(1), queue: atLeast(0) };

/**
 * A processor with its limits and what runs and waits of it. Source: Java `Pair<NettyRequestProcessor, ExecutorService>`.
 */
export class ProcessorPair {
  readonly concurrency: number;
  readonly queue: number;
  /** @internal Either kind of processor in its own field: no look at its shape a request. */
  readonly async: AsyncRequestProcessor | undefined;
  /** @internal */
  readonly sync: RequestProcessor | undefined;
  /** Requests that run. */
  active = 0;
  /** Requests answered SYSTEM_BUSY. */
  rejected = 0;
  private waiting: RequestTask[] = [];
  private head = 0;
  private pumping = false;

  /**
   * @param run begins a request; it ends with {@link leave}
   * @throws {OptionsError} naming the limits that are none
   */
  constructor(
    readonly processor: AnyRequestProcessor,
    limits: ProcessorLimits,
    private readonly run: (pair: ProcessorPair, task: RequestTask) => void,
  ) {
    ({ concurrency: this.concurrency, queue: this.queue } = resolveOptions<Required<ProcessorLimits>>(
      'limits of a processor',
      checks,
      defaults,
      limits,
    ));
    this.async = 'asyncProcessRequest' in processor ? processor : undefined;
    this.sync = 'asyncProcessRequest' in processor ? undefined : processor;
  }

  /** Requests that wait. */
  get queueLength(): number {
    return this.waiting.length - this.head;
  }

  /** @internal Runs a request now or later; `false` when the queue is full. */
  submit(task: RequestTask): boolean {
    if (this.active < this.concurrency) {
      this.enter(task);
      return true;
    }
    if (this.queueLength >= this.queue) return false;
    this.waiting.push(task);
    return true;
  }

  /** @internal A request is done: the one that waits longest takes its place. */
  leave(): void {
    this.active--;
    // requests that end at once would recurse: the outermost call runs them all
    if (this.pumping || this.queueLength === 0) return;
    this.pumping = true;
    try {
      while (this.active < this.concurrency && this.queueLength > 0) this.enter(this.dequeue());
    } finally {
      this.pumping = false;
    }
  }

  private enter(task: RequestTask | undefined): void {
    if (task === undefined) return;
    this.active++;
    task.place = this;
    this.run(this, task);
  }

  private dequeue(): RequestTask | undefined {
    const task = this.waiting[this.head++];
    if (this.head === this.waiting.length || this.head > 1024) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    return task;
  }
}
