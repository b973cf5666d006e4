import type { Subscriber } from 'rxjs';
import { messageOf } from '../errors/message-of.js';
import { RemotingCommandError } from '../errors/remoting-errors.js';
import type { RocketMQError } from '../errors/rocketmq-error.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { ResponseCode } from '../protocol/response-codes.js';
import type { InvokeCallback, ResponseFuture } from '../remoting/response-future.js';
import { rpcExceptionOf, rpcExceptionOfResponse } from './rpc-errors.js';

/** Reads answers. */
export interface CallReader {
  /** The value of a body, or with a deserializer what it makes of the response: a packet, or a Promise of one. */
  read(response: RemotingCommand): unknown;
  readonly deserializes: boolean;
}

/** Brings the answers of a call to the subscriber of its Observable. */
export class CallObserver implements InvokeCallback {
  /** The call, once it has begun. */
  call: ResponseFuture | undefined = undefined;
  // answers of a deserializer that takes its time stay in order
  private queue: Promise<void> | undefined = undefined;

  constructor(
    private readonly reader: CallReader,
    private readonly subscriber: Subscriber<unknown>,
  ) {}

  operationNext(response: RemotingCommand): void {
    if (this.reader.deserializes) this.enqueue(response, false);
    else if (response.firstBodyByte >= 0) this.value(response);
  }

  operationSucceed(response: RemotingCommand | undefined): void {
    const { subscriber } = this;
    if (response === undefined) {
      subscriber.complete();
    } else if (response.code !== ResponseCode.SUCCESS) {
      const { address, request } = this.call ?? {};
      this.after(() => subscriber.error(rpcExceptionOfResponse(response, address, request?.code ?? 0)));
    } else if (this.reader.deserializes) {
      this.enqueue(response, true);
    } else if (response.firstBodyByte < 0 || this.value(response)) {
      subscriber.complete();
    }
  }

  operationFail(error: RocketMQError): void {
    this.after(() => this.subscriber.error(rpcExceptionOf(error)));
  }

  /** `false`: the body could not be read, and the subscriber has the error. */
  private value(response: RemotingCommand): boolean {
    let value: unknown;
    try {
      value = this.reader.read(response);
    } catch (error) {
      this.unreadable(error);
      return false;
    }
    this.subscriber.next(value);
    return true;
  }

  private enqueue(response: RemotingCommand, last: boolean): void {
    this.queue = this.deserialized(this.queue, response, last);
  }

  private async deserialized(
    before: Promise<void> | undefined,
    response: RemotingCommand,
    last: boolean,
  ): Promise<void> {
    await before;
    try {
      const packet = (await this.reader.read(response)) as { response?: unknown } | undefined;
      if (packet?.response !== undefined) this.subscriber.next(packet.response);
      if (last) this.subscriber.complete();
    } catch (error) {
      this.unreadable(error);
    }
  }

  private unreadable(cause: unknown): void {
    const { address, request } = this.call ?? {};
    const message = `the answer cannot be read: ${messageOf(cause)}`;
    const error = new RemotingCommandError(message, { address, requestCode: request?.code, cause });
    this.subscriber.error(rpcExceptionOf(error));
  }

  private after(end: () => void): void {
    if (this.queue === undefined) end();
    else void this.queue.then(end);
  }
}
