import type { Observer, Subscription } from 'rxjs';
import { CommandFlag, type RemotingCommand } from '../protocol/remoting-command.js';
import type { Channel } from '../remoting/channel.js';
import type { RequestTask } from '../remoting/request-task.js';
import { STREAM_END, STREAM_SEQUENCE } from '../remoting/stream.js';

/** Makes and sends the answers of one request. */
export interface AnswerSink {
  /** A value as a response; `undefined` is an empty body. */
  toResponse(value: unknown): RemotingCommand;
  /** The stream is over: nothing else will be sent by it. */
  succeed(response: RemotingCommand): void;
  fail(error: unknown): void;
  /** The caller is gone or wants no more. */
  cancelled(): void;
}

/**
 * Brings the values of an Observable to the caller: each in a frame to one that takes streams, the last alone to any
 * other. A single value takes one plain frame: values wait for the end of their tick, in case the stream ends there.
 */
export class AnswerStream implements Observer<unknown> {
  private held: unknown = undefined;
  private holds = false;
  private sequence = 0;
  private readonly streams: boolean;
  private subscription: Subscription | undefined = undefined;
  private stopListening: (() => void) | undefined = undefined;
  private over = false;

  constructor(
    private readonly task: RequestTask,
    private readonly sink: AnswerSink,
  ) {
    this.streams = (task.request.flag & CommandFlag.STREAM) !== 0;
  }

  /** Follows a subscription that did not end at once: who leaves, or is cut off, must not be produced for. */
  attach(subscription: Subscription, registry: StreamRegistry): void {
    if (this.over) {
      subscription.unsubscribe();
      return;
    }
    this.subscription = subscription;
    this.stopListening = registry.add(this.task.channel, this.task.opaque, this);
  }

  next(value: unknown): void {
    if (this.over) return;
    if (this.streams) {
      if (this.holds) this.sendHeld();
      else process.nextTick(endOfTick, this);
    }
    this.held = value;
    this.holds = true;
  }

  error(error: unknown): void {
    if (this.over) return;
    if (this.streams && this.holds) this.sendHeld();
    this.end();
    this.sink.fail(error);
  }

  complete(): void {
    if (this.over) return;
    const response = this.respond(this.holds ? this.held : undefined);
    if (response === undefined) return;
    if (this.sequence > 0) mark(response, { [STREAM_SEQUENCE]: String(this.sequence), [STREAM_END]: '1' });
    this.end();
    this.sink.succeed(response);
  }

  /** The caller is gone or wants no more. */
  cancel(): void {
    if (this.over) return;
    this.end();
    this.sink.cancelled();
  }

  /** @internal */
  flushHeld(): void {
    if (this.holds && !this.over) this.sendHeld();
  }

  private sendHeld(): void {
    const response = this.respond(this.held);
    this.held = undefined;
    this.holds = false;
    if (response !== undefined) this.task.sendPart(mark(response, { [STREAM_SEQUENCE]: String(this.sequence++) }));
  }

  /** `undefined`: no response can be made of the value, and the stream has failed. */
  private respond(value: unknown): RemotingCommand | undefined {
    try {
      return this.sink.toResponse(value);
    } catch (error) {
      this.end();
      this.sink.fail(error);
      return undefined;
    }
  }

  private end(): void {
    this.over = true;
    this.stopListening?.();
    this.subscription?.unsubscribe();
  }
}

const endOfTick = (stream: AnswerStream): void => stream.flushHeld();

function mark(response: RemotingCommand, extFields: Record<string, string>): RemotingCommand {
  response.extFields = { ...response.extFields, ...extFields };
  return response;
}

/** Streams that are being produced, to be found by connection and opaque. */
export class StreamRegistry {
  private readonly byChannel = new Map<Channel, Map<number, AnswerStream>>();

  /** Adds a stream until the returned function takes it out; it is cancelled when its channel closes. */
  add(channel: Channel, opaque: number, stream: AnswerStream): () => void {
    let streams = this.byChannel.get(channel);
    if (streams === undefined) {
      const opened = new Map<number, AnswerStream>();
      this.byChannel.set(channel, opened);
      channel.onClose(() => {
        this.byChannel.delete(channel);
        for (const each of opened.values()) each.cancel();
      });
      streams = opened;
    }
    streams.set(opaque, stream);
    const mine = streams;
    return () => {
      if (mine.get(opaque) === stream) mine.delete(opaque);
    };
  }

  cancel(channel: Channel, opaque: number): void {
    this.byChannel.get(channel)?.get(opaque)?.cancel();
  }
}
