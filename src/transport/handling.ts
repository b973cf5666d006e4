import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom, type Observable } from 'rxjs';
import { RemotingCommand } from '../protocol/remoting-command.js';
import { ResponseCode } from '../protocol/response-codes.js';
import type { RequestTask } from '../remoting/request-task.js';
import { type AnswerSink, AnswerStream, type StreamRegistry } from './answer-stream.js';
import type { RemotingContext } from './remoting.context.js';

/** What handlings of one server share. */
export interface HandlingEnvironment {
  readonly streams: StreamRegistry;
  /** A value as a response, or one that the serializer made. Throws what {@link failure} takes. */
  toResponse(value: unknown, pattern: string): RemotingCommand;
  /** The serializer's work; `undefined` where none is set. */
  readonly serialize: ((value: unknown, pattern: string) => Promise<RemotingCommand>) | undefined;
  /** A stream of values with each one serialized. */
  serializeAll(values: Observable<unknown>, pattern: string): Observable<unknown>;
  failure(error: unknown): RemotingCommand;
  eventFailed(pattern: string, error: unknown): void;
  /** Nest's end hook. */
  ended(context: RemotingContext): void;
}

/** One request on its way through a handler of Nest: what the handler gives becomes the answer. */
export class Handling implements AnswerSink {
  private timer: NodeJS.Timeout | undefined = undefined;
  private stream: AnswerStream | undefined = undefined;
  private began = false;
  private over = false;

  constructor(
    private readonly environment: HandlingEnvironment,
    private readonly task: RequestTask,
    private readonly pattern: string,
    private readonly context: RemotingContext,
  ) {}

  /** Answers an error when the handler is not done in time; what it gives later is dropped. */
  limit(timeoutMs: number): void {
    this.timer = setTimeout(() => {
      const { request, isOneway } = this.task;
      const error = {
        message: `request type ${request.code} not done within ${timeoutMs} ms (timeoutMs of its handler)`,
      };
      if (isOneway) this.environment.eventFailed(this.pattern, error);
      this.fail(error);
    }, timeoutMs);
  }

  /** Runs the handler; resolves when it has given its value (a stream may go on). Never rejects. */
  run(handler: MessageHandler<unknown, RemotingContext, unknown>, data: unknown): Promise<void> {
    if (this.began) return Promise.resolve();
    this.began = true;
    if (this.over) {
      // the start hook put it off for longer than it may take
      this.environment.ended(this.context);
      return Promise.resolve();
    }
    let result: Promise<unknown>;
    try {
      result = handler(data, this.context);
    } catch (error) {
      result = Promise.reject(error);
    }
    if (!(result instanceof Promise)) result = Promise.resolve(result);
    if (this.task.isOneway || handler.isEventHandler === true) return this.runEvent(result);
    return result.then(
      value => this.answer(value),
      (error: unknown) => this.fail(error),
    );
  }

  private answer(value: unknown): void {
    if (this.over) return;
    const { serialize } = this.environment;
    if (isObservable(value)) this.subscribe(value);
    else if (serialize === undefined) this.succeedWith(value);
    else {
      serialize(value, this.pattern).then(
        response => this.succeed(response),
        (error: unknown) => this.fail(error),
      );
    }
  }

  private succeedWith(value: unknown): void {
    let response: RemotingCommand;
    try {
      response = this.toResponse(value);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.succeed(response);
  }

  private subscribe(values: Observable<unknown>): void {
    this.stream = new AnswerStream(this.task, this);
    const subscription = this.environment.serializeAll(values, this.pattern).subscribe(this.stream);
    if (!subscription.closed) this.stream.attach(subscription, this.environment.streams);
  }

  /** An event, or a message that was sent oneway: its values count for nothing, that it failed does. */
  private async runEvent(result: Promise<unknown>): Promise<void> {
    try {
      const value = await result;
      if (isObservable(value)) await lastValueFrom(value, { defaultValue: undefined });
      this.succeed(RemotingCommand.createResponseCommand(ResponseCode.SUCCESS));
    } catch (error) {
      this.environment.eventFailed(this.pattern, error);
      this.fail(error);
    }
  }

  toResponse(value: unknown): RemotingCommand {
    return this.environment.toResponse(value, this.pattern);
  }

  succeed(response: RemotingCommand): void {
    this.task.complete(response);
    this.end();
  }

  fail(error: unknown): void {
    if (!this.task.isDone) {
      this.task.error = error;
      this.task.complete(this.environment.failure(error));
    }
    this.end();
    this.stream?.cancel();
  }

  /** The caller left its stream. */
  cancelled(): void {
    this.task.abandon();
    this.end();
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    if (this.began) this.environment.ended(this.context);
  }
}
