import { registerBrand, RocketMQError, type RocketMQErrorDetails } from './rocketmq-error.js';

/** Details of an error that carries a response code. */
export interface ResponseErrorDetails extends RocketMQErrorDetails {
  /** Response code on the wire. */
  responseCode: number;
  /** Remark of the response. */
  remark?: string | undefined;
}

/** The client could not do what was asked, or refused to. Source: Java `MQClientException`. */
export class MQClientError extends RocketMQError {
  static override readonly brand: string = 'MQClientError';
  /** Java's client error code (10001…), or the response code that the error stands for. */
  readonly responseCode: number | undefined;
  constructor(message: string, details: RocketMQErrorDetails & { responseCode?: number } = {}) {
    super('RMQ_CLIENT', message, details);
    this.responseCode = details.responseCode;
  }
}

/** The peer answered with an error code. Source: Java `MQBrokerException`. */
export class MQBrokerError extends RocketMQError {
  static override readonly brand: string = 'MQBrokerError';
  /** Response code that the peer gave. */
  readonly responseCode: number;
  /** Remark that the peer gave. */
  readonly remark: string | undefined;
  constructor(message: string, details: ResponseErrorDetails) {
    super('RMQ_BROKER', message, details);
    this.responseCode = details.responseCode;
    this.remark = details.remark;
  }
}

/**
 * Thrown by a server's hook to refuse a request: the caller gets this response code and remark.
 * Source: Java `AbortProcessException`.
 */
export class AbortProcessError extends RocketMQError {
  static override readonly brand: string = 'AbortProcessError';
  /** Response code for the caller. */
  readonly responseCode: number;
  /** Remark for the caller. */
  readonly remark: string;
  constructor(responseCode: number, remark: string, details?: RocketMQErrorDetails) {
    super('RMQ_ABORT_PROCESS', remark, details);
    this.responseCode = responseCode;
    this.remark = remark;
  }
}

for (const errorClass of [MQClientError, MQBrokerError, AbortProcessError]) registerBrand(errorClass);
