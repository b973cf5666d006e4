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
export {
  AbortProcessError,
  MQBrokerError,
  MQClientError,
  type ResponseErrorDetails,
} from './errors/response-errors.js';
export { OptionsError } from './errors/options.js';
export {
  CommandFlag,
  RemotingCommand,
  type RemotingCommandInit,
  type SerializeType,
} from './protocol/remoting-command.js';
export { decodeFrame } from './protocol/frame-decoder.js';
export { encodeFrame, FrameWriter } from './protocol/frame-writer.js';
export { defaultFrameLimits, type FrameLimits } from './protocol/frame-limits.js';
export type { LanguageCode } from './protocol/language-code.js';
export { MQVersion } from './protocol/mq-version.js';
export { isRetryableResponse, ResponseCode, type ResponseName, responseNameOf } from './protocol/response-codes.js';
export { requestNameOf, requests } from './protocol/requests/index.js';
export { NEST_PATTERN, STREAM_CANCEL, USER_CODES_FROM, USER_CODES_TO } from './protocol/reserved-codes.js';
export {
  defineRequest,
  defineRequests,
  type RequestDefinition,
  type RequestHeader,
  type RequestRow,
  type ResponseHeader,
} from './protocol/schema/define-request.js';
export { boolean, int, long, LONG_MAX_VALUE, LONG_MIN_VALUE, optional, string } from './protocol/schema/field-types.js';
export type { HeaderSchema } from './protocol/schema/header-schema.js';
export { stringifyTolerantJson } from './protocol/body/json-writer.js';
export { parseTolerantJson } from './protocol/body/tolerant-json.js';
export { type ClusterInfo, decodeClusterInfo } from './protocol/body/cluster-info.js';
export type { BrokerMemberGroup } from './protocol/body/broker-member-group.js';
export type { ConsumerOffsetSerializeWrapper } from './protocol/body/consumer-offset-wrapper.js';
export { type DataVersion, newDataVersion, nextDataVersion } from './protocol/body/data-version.js';
export type {
  GroupRetryPolicy,
  SimpleSubscriptionData,
  SubscriptionGroupConfig,
  SubscriptionGroupWrapper,
} from './protocol/body/subscription-group-wrapper.js';
export { type TopicConfig, topicConfigOf } from './protocol/body/topic-config.js';
export { type TopicConfigSerializeWrapper, topicConfigWrapperOf } from './protocol/body/topic-config-wrapper.js';
export type { LogicQueueMappingItem, TopicQueueMappingDetail } from './protocol/body/topic-queue-mapping.js';
export { decodeKVTable, type KVTable } from './protocol/body/kv-table.js';
export { decodeTopicList, type TopicList } from './protocol/body/topic-list.js';
export { decodeTopicRouteData, type TopicRouteData } from './protocol/body/topic-route-data.js';
export type { Message, MessageExt, MessageProperties, MessageQueue } from './protocol/message/message.js';
export { MessageConst } from './protocol/message/message-const.js';
export { type CompressionType, MessageSysFlag } from './protocol/message/message-sys-flag.js';
export { createMessageId, decodeMessageId, decodeUniqID } from './protocol/message/message-ids.js';
export { unwrapInnerBatches } from './protocol/message/inner-batch.js';
export {
  type BadRecord,
  decodeStoredMessage,
  decodeStoredMessages,
  type StoredMessageDecoding,
  type StoredMessages,
} from './protocol/message/stored-message.js';
export { type AclOptions, AclClientRPCHook } from './remoting/acl-rpc-hook.js';
export { AclVerifyHook } from './remoting/acl-verify-hook.js';
export { AddressRing } from './remoting/address-ring.js';
export type { Channel } from './remoting/channel.js';
export type { ChannelEventListener } from './remoting/channel-events.js';
export type { RemotingLogger } from './remoting/logger.js';
export { type HoldsRemoting, OBSERVED_REMOTING, type ObservedRemoting } from './remoting/observed.js';
export { RemotingClient, type RemotingTarget } from './remoting/remoting-client.js';
export type { RemotingClientOptions } from './remoting/remoting-client-options.js';
export type { InvokeOptions } from './remoting/remoting-core.js';
export { RemotingServer } from './remoting/remoting-server.js';
export type { RemotingServerOptions } from './remoting/remoting-server-options.js';
export type {
  AnyRequestProcessor,
  AsyncRequestProcessor,
  ProcessorLimits,
  ProcessorPair,
  RequestProcessor,
} from './remoting/request-processor.js';
export type { RequestTask } from './remoting/request-task.js';
export type { InvokeCallback, ResponseFuture } from './remoting/response-future.js';
export type { CallHook, RequestHook, RPCHook } from './remoting/rpc-hook.js';
export type { CallKind, CallOutcome, RemotingStatistics } from './remoting/statistics.js';
export { type NameServerUpdateCallback, TopAddressing } from './remoting/top-addressing.js';
export type { TopAddressingOptions } from './remoting/top-addressing-options.js';
export type { RemotingServerTlsOptions, RemotingTlsOptions, TlsMode } from './remoting/tls-options.js';
export { BrokerOuterAPI, type TopicListKind } from './broker-outer/broker-outer-api.js';
export type { BrokerOuterOptions } from './broker-outer/broker-outer-options.js';
export type { CallOptions, NameServerOutcome, OnewayOptions } from './broker-outer/calls.js';
export type { DataVersionOutcome } from './broker-outer/data-version-query.js';
export type { BrokerHaInfo } from './broker-outer/ha-info.js';
export type { MemberGroupOptions } from './broker-outer/member-group.js';
export type {
  BrokerIdentity,
  BrokerRegistration,
  RegisterBrokerResult,
  RegisterOptions,
} from './broker-outer/registration.js';
export { ClientRemoting } from './transport/client-remoting.js';
export type {
  AnswerDeserializer,
  CallSerializer,
  ClientRemotingOptions,
  OutgoingCall,
} from './transport/client-remoting-options.js';
export { ExtFields } from './transport/ext-fields.decorator.js';
export { REMOTING, RemotingStatus } from './transport/remoting.constants.js';
export { RemotingContext } from './transport/remoting.context.js';
export {
  RemotingRecord,
  RemotingRecordBuilder,
  type RemotingRecordOptions,
} from './transport/remoting.record-builder.js';
export { RequestCode, type RequestCodeOptions } from './transport/request-code.decorator.js';
export type { RemotingRpcError } from './transport/rpc-errors.js';
export { ServerRemoting } from './transport/server-remoting.js';
export type {
  AnswerSerializer,
  OutgoingAnswer,
  RequestDeserializer,
  ServerAclOptions,
  ServerRemotingOptions,
} from './transport/server-remoting-options.js';
export { type RemotingHealth, RemotingHealthIndicator, type RemotingHealthResult } from './transport/health.js';
export { RocketMQModule } from './transport/rocketmq.module.js';
export {
  clientRemotingToken,
  InjectClientRemoting,
  type RocketMQModuleAsyncOptions,
  type RocketMQModuleOptions,
} from './transport/rocketmq.module-options.js';
export { RocketMQCollector } from './metrics/rocketmq-collector.js';
export type { RocketMQCollectorOptions, RocketMQMetricsOptions } from './metrics/rocketmq-metrics-options.js';
export { type RocketMQMetricsAsyncOptions, RocketMQMetricsModule } from './metrics/rocketmq-metrics.module.js';
export { RocketMQTracing } from './tracing/rocketmq-tracing.js';
export type { RocketMQTracingOptions } from './tracing/rocketmq-tracing-options.js';
export { type RocketMQTracingAsyncOptions, RocketMQTracingModule } from './tracing/rocketmq-tracing.module.js';
