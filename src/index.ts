export { errorCodes, type RocketMQErrorCode } from './errors/error-codes.js';
export { isRetryable, RocketMQError, type RocketMQErrorDetails } from './errors/rocketmq-error.js';
export {
  RemotingAbortedError,
  RemotingCodecError,
  RemotingCommandError,
  RemotingConnectError,
  RemotingError,
  RemotingSendRequestError,
  RemotingStateError,
  RemotingTimeoutError,
  RemotingTooMuchRequestError,
} from './errors/remoting-errors.js';
export { AbortProcessError, MQBrokerError, MQClientError, type ResponseErrorDetails } from './errors/response-errors.js';
export { OptionsError } from './errors/options.js';
export {
  CommandFlag,
  type ExtFields,
  RemotingCommand,
  type RemotingCommandInit,
  type SerializeType,
} from './protocol/remoting-command.js';
export { RemotingClient } from './remoting/remoting-client.js';
export type { RemotingClientOptions } from './remoting/remoting-client-options.js';
export { RemotingServer } from './remoting/remoting-server.js';
export type { RemotingServerOptions } from './remoting/remoting-server-options.js';
