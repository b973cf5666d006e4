import { registerBrand, RocketMQError, type RocketMQErrorDetails } from './rocketmq-error.js';
import type { RocketMQErrorCode } from './error-codes.js';

/** A remoting call failed. Family of all `Remoting…Error`s. Source: Java `RemotingException`. */
export class RemotingError extends RocketMQError {
  static override readonly brand: string = 'RemotingError';
  constructor(message: string, details?: RocketMQErrorDetails, code: RocketMQErrorCode = 'RMQ_REMOTING') {
    super(code, message, details);
  }
}

/** No connection to the address could be had. Source: Java `RemotingConnectException`. */
export class RemotingConnectError extends RemotingError {
  static override readonly brand: string = 'RemotingConnectError';
  constructor(message: string, details?: RocketMQErrorDetails) {
    super(message, details, 'RMQ_REMOTING_CONNECT');
  }
}

/**
 * The request could not be written, or its connection closed before the answer came (the peer may have served it).
 * Source: Java `RemotingSendRequestException`.
 */
export class RemotingSendRequestError extends RemotingError {
  static override readonly brand: string = 'RemotingSendRequestError';
  constructor(message: string, details?: RocketMQErrorDetails) {
    super(message, details, 'RMQ_REMOTING_SEND_REQUEST');
  }
}

/** The time-out passed: no permit came free, the frame was not sent in time, or no answer came. Source: Java `RemotingTimeoutException`. */
export class RemotingTimeoutError extends RemotingError {
  static override readonly brand: string = 'RemotingTimeoutError';
  constructor(message: string, details?: RocketMQErrorDetails) {
    super(message, details, 'RMQ_REMOTING_TIMEOUT');
  }
}

/** No permit was free and the time-out allows no waiting. Source: Java `RemotingTooMuchRequestException`. */
export class RemotingTooMuchRequestError extends RemotingError {
  static override readonly brand: string = 'RemotingTooMuchRequestError';
  constructor(message: string, details?: RocketMQErrorDetails) {
    super(message, details, 'RMQ_REMOTING_TOO_MUCH_REQUEST');
  }
}

/** A header or a body does not say what its request code demands. Source: Java `RemotingCommandException`. */
export class RemotingCommandError extends RemotingError {
  static override readonly brand: string = 'RemotingCommandError';
  constructor(message: string, details?: RocketMQErrorDetails) {
    super(message, details, 'RMQ_REMOTING_COMMAND');
  }
}

/** Bytes that are no frame of the protocol: the connection that they came by is closed. */
export class RemotingCodecError extends RemotingError {
  static override readonly brand: string = 'RemotingCodecError';
  constructor(message: string, details?: RocketMQErrorDetails) {
    super(message, details, 'RMQ_REMOTING_CODEC');
  }
}

/** The caller cancelled the call by its `AbortSignal`; `cause` is the signal's reason. */
export class RemotingAbortedError extends RemotingError {
  static override readonly brand: string = 'RemotingAbortedError';
  constructor(message: string, details?: RocketMQErrorDetails) {
    super(message, details, 'RMQ_REMOTING_ABORTED');
  }
}

/** Called before `start()` or after `shutdown()`. */
export class RemotingStateError extends RemotingError {
  static override readonly brand: string = 'RemotingStateError';
  constructor(message: string, details?: RocketMQErrorDetails) {
    super(message, details, 'RMQ_REMOTING_STATE');
  }
}

for (const errorClass of [
  RemotingError,
  RemotingConnectError,
  RemotingSendRequestError,
  RemotingTimeoutError,
  RemotingTooMuchRequestError,
  RemotingCommandError,
  RemotingCodecError,
  RemotingAbortedError,
  RemotingStateError,
]) {
  registerBrand(errorClass);
}
