/**
 * Every error code of this package, with whether the same call may succeed when it is tried again.
 *
 * The one place that owns both facts: error classes, `docs/errors.md` and {@link isRetryable} read it.
 */
export const errorCodes = {
  RMQ_REMOTING: { retryable: false, summary: 'a remoting call failed' },
  RMQ_REMOTING_CONNECT: { retryable: true, summary: 'no connection to the address could be had' },
  RMQ_REMOTING_SEND_REQUEST: {
    retryable: true,
    summary: 'the request could not be written, or its connection closed before the answer',
  },
  RMQ_REMOTING_TIMEOUT: { retryable: true, summary: 'the time-out passed: no permit, not sent in time, or no answer' },
  RMQ_REMOTING_TOO_MUCH_REQUEST: { retryable: false, summary: 'no permit was free and the caller would not wait' },
  RMQ_REMOTING_COMMAND: { retryable: false, summary: 'a header or body does not say what its request code demands' },
  RMQ_REMOTING_CODEC: { retryable: false, summary: 'bytes that are no frame: the connection is closed' },
  RMQ_REMOTING_ABORTED: { retryable: false, summary: 'the caller cancelled the call' },
  RMQ_REMOTING_STATE: { retryable: false, summary: 'called before start() or after shutdown()' },
  RMQ_ABORT_PROCESS: { retryable: false, summary: 'a hook refused the request with its own response code' },
  RMQ_CLIENT: { retryable: false, summary: 'the client could not do what was asked' },
  RMQ_BROKER: { retryable: false, summary: 'the peer answered with an error code' },
  RMQ_OPTIONS: { retryable: false, summary: 'options are wrong: the message names each one' },
} as const satisfies Record<string, { retryable: boolean; summary: string }>;

/** A code of {@link errorCodes}: what `error.code` holds. */
export type RocketMQErrorCode = keyof typeof errorCodes;
