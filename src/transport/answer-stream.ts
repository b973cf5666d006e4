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
    const { channel, opaque } = this.task;
    this.subscription = subscription;
    this.stopListening = registry.add(channel, opaque, this);
    if (registry.isLeft(channel, opaque)) this.cancel();
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
    if (response === undefined) return;
    this.task.sendPart(mark(response, { [STREAM_SEQUENCE]: String(this.sequence++) }));
    // it could not be sent, and the caller knows: nothing more is to be produced
    if (this.task.isDone) this.cancel();
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

/** What is being produced for one connection. */
interface ChannelStreams {
  readonly running: Map<number, AnswerStream>;
  /** Calls that were left before their handler gave its stream. */
  readonly left: Set<number>;
}

/** Left calls that are remembered for each connection: most of them have no stream to come. */
const LEFT_LIMIT = 1000;

/** Streams that are being produced, to be found by connection and opaque. */
export class StreamRegistry {
  private readonly byChannel = new Map<Channel, ChannelStreams>();

  /** Adds a stream until the returned function takes it out; it is cancelled when its channel closes. */
  add(channel: Channel, opaque: number, stream: AnswerStream): () => void {
    const { running } = this.streamsOf(channel);
    running.set(opaque, stream);
    return () => {
      if (running.get(opaque) === stream) running.delete(opaque);
    };
  }

  /** Whether nobody waits for the stream any more: its caller left before it began, or the connection is closed. */
  isLeft(channel: Channel, opaque: number): boolean {
    return channel.closed || (this.byChannel.get(channel)?.left.delete(opaque) ?? false);
  }

  /** Ends the stream of a call, or keeps it from beginning. */
  cancel(channel: Channel, opaque: number): void {
    const { running, left } = this.streamsOf(channel);
    const stream = running.get(opaque);
    if (stream === undefined) {
      left.add(opaque);
      const [oldest] = left;
      if (left.size > LEFT_LIMIT && oldest !== undefined) left.delete(oldest);
    } else {
      stream.cancel();
    }
  }

  private streamsOf(channel: Channel): ChannelStreams {
    const known = this.byChannel.get(channel);
    if (known !== undefined) return known;
    const streams: ChannelStreams = { running: new Map(), left: new Set() };
    this.byChannel.set(channel, streams);
    channel.onClose(() => {
      this.byChannel.delete(channel);
      for (const each of streams.running.values()) each.cancel();
    });
    return streams;
  }
}
