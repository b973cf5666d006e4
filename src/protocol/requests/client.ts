import { defineRequests } from '../schema/define-request.js';
import { boolean, extField, int, optional, string } from '../schema/field-types.js';
import { rpcRequest, topicRequest } from './shared-fields.js';

const ofGroup = { consumerGroup: string, ...rpcRequest };

/** Clients of a broker: their life, their groups, and what they are asked about themselves. */
export const clientRequests = defineRequests({
  HEART_BEAT: {
    code: 34,
    summary: 'Tell a broker the groups and subscriptions of a client; the body is HeartbeatData.',
    javaHeader: 'HeartbeatRequestHeader',
    request: rpcRequest,
    response: { IS_SUPPORT_HEART_BEAT_V2: extField(boolean), IS_SUB_CHANGE: extField(boolean) },
  },
  UNREGISTER_CLIENT: {
    code: 35,
    summary: 'Take a client and its groups off a broker.',
    javaHeader: 'UnregisterClientRequestHeader',
    javaResponseHeader: 'UnregisterClientResponseHeader',
    request: {
      clientID: string,
      producerGroup: optional(string),
      consumerGroup: optional(string),
      ...rpcRequest,
    },
  },
  GET_CONSUMER_LIST_BY_GROUP: {
    code: 38,
    summary: 'Ask for the client ids of a consumer group; the body is GetConsumerListByGroupResponseBody.',
    javaHeader: 'GetConsumerListByGroupRequestHeader',
    javaResponseHeader: 'GetConsumerListByGroupResponseHeader',
    request: ofGroup,
  },
  NOTIFY_CONSUMER_IDS_CHANGED: {
    code: 40,
    summary: 'Broker to consumer, oneway: the members of the group have changed.',
    javaHeader: 'NotifyConsumerIdsChangedRequestHeader',
    request: ofGroup,
  },
  LOCK_BATCH_MQ: {
    code: 41,
    summary: 'Lock queues for orderly consumption; the bodies are LockBatchRequestBody and LockBatchResponseBody.',
    javaHeader: 'LockBatchMqRequestHeader',
    request: rpcRequest,
  },
  UNLOCK_BATCH_MQ: {
    code: 42,
    summary: 'Unlock queues; the body is UnlockBatchRequestBody.',
    javaHeader: 'UnlockBatchMqRequestHeader',
    request: rpcRequest,
  },
  CHECK_CLIENT_CONFIG: {
    code: 46,
    summary: 'Let a broker check the SQL92 expression of a subscription; the body is CheckClientRequestBody.',
  },
  GET_CLIENT_CONFIG: { code: 47, summary: 'Unused: 5.x neither sends nor answers it.' },
  GET_CONSUMER_CONNECTION_LIST: {
    code: 203,
    summary: 'List the connections of a consumer group; the body is ConsumerConnection.',
    javaHeader: 'GetConsumerConnectionListRequestHeader',
    request: ofGroup,
  },
  GET_PRODUCER_CONNECTION_LIST: {
    code: 204,
    summary: 'List the connections of a producer group; the body is ProducerConnection.',
    javaHeader: 'GetProducerConnectionListRequestHeader',
    request: { producerGroup: string, ...rpcRequest },
  },
  SUSPEND_CONSUMER: { code: 209, summary: 'Unused: 5.x neither sends nor answers it.' },
  RESUME_CONSUMER: { code: 210, summary: 'Unused: 5.x neither sends nor answers it.' },
  ADJUST_CONSUMER_THREAD_POOL: { code: 213, summary: 'Unused: 5.x neither sends nor answers it.' },
  WHO_CONSUME_THE_MESSAGE: { code: 214, summary: 'Unused: 5.x neither sends nor answers it.' },
  QUERY_TOPIC_CONSUME_BY_WHO: {
    code: 300,
    summary: 'List the consumer groups of a topic; the body is GroupList.',
    javaHeader: 'QueryTopicConsumeByWhoRequestHeader',
    request: { topic: string, ...topicRequest },
  },
  GET_CONSUMER_RUNNING_INFO: {
    code: 307,
    summary: 'Ask a consumer, through its broker, about its state; the body is ConsumerRunningInfo.',
    javaHeader: 'GetConsumerRunningInfoRequestHeader',
    request: { consumerGroup: string, clientId: string, jstackEnable: optional(boolean), ...rpcRequest },
  },
  CONSUME_MESSAGE_DIRECTLY: {
    code: 309,
    summary: 'Let a consumer, through its broker, consume one message now; the answer is ConsumeMessageDirectlyResult.',
    javaHeader: 'ConsumeMessageDirectlyResultRequestHeader',
    request: {
      consumerGroup: string,
      clientId: optional(string),
      msgId: optional(string),
      brokerName: optional(string),
      topic: optional(string),
      topicSysFlag: optional(int),
      groupSysFlag: optional(int),
      ...topicRequest,
    },
  },
  GET_ALL_PRODUCER_INFO: {
    code: 328,
    summary: 'List the producers of a broker; the body is ProducerTableInfo.',
    javaHeader: 'GetAllProducerInfoRequestHeader',
  },
  QUERY_TOPICS_BY_CONSUMER: {
    code: 343,
    summary: 'List the topics of a consumer group; the body is TopicList.',
    javaHeader: 'QueryTopicsByConsumerRequestHeader',
    request: { group: string, ...rpcRequest },
  },
  QUERY_SUBSCRIPTION_BY_CONSUMER: {
    code: 345,
    summary: 'Ask how a group subscribes to a topic; the body is QuerySubscriptionResponseBody.',
    javaHeader: 'QuerySubscriptionByConsumerRequestHeader',
    request: { group: string, topic: optional(string), ...topicRequest },
  },
});
