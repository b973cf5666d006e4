import { defineRequests } from '../schema/define-request.js';
import { boolean, boundaryType, int, long, optional, string } from '../schema/field-types.js';
import { offsetResponse, queueOfTopic, rpcRequest, topicRequest } from './shared-fields.js';

const resetOffset = {
  group: string,
  topic: string,
  queueId: optional(int), // -1: all queues
  offset: optional(long),
  timestamp: long, // ms since the epoch; -1: the end
  isForce: boolean,
  ...topicRequest,
};

const consumerStatus = { topic: string, group: string, clientAddr: optional(string), ...topicRequest };

/** Offsets of queues and of consumer groups. */
export const offsetRequests = defineRequests({
  QUERY_BROKER_OFFSET: { code: 13, summary: 'Unused: 5.x neither sends nor answers it.' },
  QUERY_CONSUMER_OFFSET: {
    code: 14,
    summary: 'Ask up to which offset a group has consumed a queue.',
    javaHeader: 'QueryConsumerOffsetRequestHeader',
    javaResponseHeader: 'QueryConsumerOffsetResponseHeader',
    request: { consumerGroup: string, ...queueOfTopic, setZeroIfNotFound: optional(boolean), ...topicRequest },
    response: offsetResponse,
  },
  UPDATE_CONSUMER_OFFSET: {
    code: 15,
    summary: 'Store up to which offset a group has consumed a queue.',
    javaHeader: 'UpdateConsumerOffsetRequestHeader',
    javaResponseHeader: 'UpdateConsumerOffsetResponseHeader',
    request: { consumerGroup: string, ...queueOfTopic, commitOffset: long, ...topicRequest },
  },
  SEARCH_OFFSET_BY_TIMESTAMP: {
    code: 29,
    summary: 'Find the offset of a queue that belongs to a store time.',
    javaHeader: 'SearchOffsetRequestHeader',
    javaResponseHeader: 'SearchOffsetResponseHeader',
    request: {
      topic: string,
      liteTopic: optional(string),
      queueId: int,
      timestamp: long, // ms since the epoch
      boundaryType: optional(boundaryType), // LOWER by default
      ...topicRequest,
    },
    response: offsetResponse,
  },
  GET_MAX_OFFSET: {
    code: 30,
    summary: 'Ask for the offset that the next message of a queue will get.',
    javaHeader: 'GetMaxOffsetRequestHeader',
    javaResponseHeader: 'GetMaxOffsetResponseHeader',
    request: { ...queueOfTopic, committed: optional(boolean), ...topicRequest },
    response: offsetResponse,
  },
  GET_MIN_OFFSET: {
    code: 31,
    summary: 'Ask for the lowest offset that a queue still has.',
    javaHeader: 'GetMinOffsetRequestHeader',
    javaResponseHeader: 'GetMinOffsetResponseHeader',
    request: { ...queueOfTopic, ...topicRequest },
    response: offsetResponse,
  },
  GET_EARLIEST_MSG_STORETIME: {
    code: 32,
    summary: 'Ask for the store time of the oldest message of a queue.',
    javaHeader: 'GetEarliestMsgStoretimeRequestHeader',
    javaResponseHeader: 'GetEarliestMsgStoretimeResponseHeader',
    request: { ...queueOfTopic, ...topicRequest },
    response: { timestamp: long }, // ms since the epoch
  },
  GET_ALL_CONSUMER_OFFSET: {
    code: 43,
    summary: 'Slave to master: copy all consumer offsets; the body is ConsumerOffsetSerializeWrapper.',
  },
  GET_ALL_DELAY_OFFSET: { code: 45, summary: 'Slave to master: copy the offsets of the delay levels.' },
  GET_CONSUME_STATS: {
    code: 208,
    summary: 'Ask for the lag and rate of a group; the body is ConsumeStats.',
    javaHeader: 'GetConsumeStatsRequestHeader',
    request: {
      consumerGroup: string,
      topic: optional(string),
      topicList: optional(string), // topics with `;` between them
      ...topicRequest,
    },
  },
  RESET_CONSUMER_OFFSET_IN_CONSUMER: { code: 211, summary: 'Unused: 5.x neither sends nor answers it.' },
  RESET_CONSUMER_OFFSET_IN_BROKER: { code: 212, summary: 'Unused: 5.x neither sends nor answers it.' },
  RESET_CONSUMER_CLIENT_OFFSET: {
    code: 220,
    summary: 'Broker to consumer, oneway: set its offsets to those of the body (ResetOffsetBody).',
    javaHeader: 'ResetOffsetRequestHeader',
    request: resetOffset,
  },
  GET_CONSUMER_STATUS_FROM_CLIENT: {
    code: 221,
    summary: 'Broker to consumer: ask for the offsets it has reached; the body is GetConsumerStatusBody.',
    javaHeader: 'GetConsumerStatusRequestHeader',
    request: consumerStatus,
  },
  INVOKE_BROKER_TO_RESET_OFFSET: {
    code: 222,
    summary: 'Reset the offsets of a group to a time, in the broker and in its online consumers.',
    javaHeader: 'ResetOffsetRequestHeader',
    request: resetOffset,
  },
  INVOKE_BROKER_TO_GET_CONSUMER_STATUS: {
    code: 223,
    summary: 'Ask for the offsets that the consumers of a group have reached; the body is GetConsumerStatusBody.',
    javaHeader: 'GetConsumerStatusRequestHeader',
    request: consumerStatus,
  },
  QUERY_CONSUME_TIME_SPAN: {
    code: 303,
    summary: 'Ask for store times of the first, last and consumed messages; the body is QueryConsumeTimeSpanBody.',
    javaHeader: 'QueryConsumeTimeSpanRequestHeader',
    request: { topic: string, group: string, ...topicRequest },
  },
  QUERY_CORRECTION_OFFSET: {
    code: 308,
    summary: 'Ask for the lowest offsets that other groups have consumed; the body is QueryCorrectionOffsetBody.',
    javaHeader: 'QueryCorrectionOffsetHeader',
    request: { filterGroups: optional(string), compareGroup: string, topic: string, ...topicRequest },
  },
  CLONE_GROUP_OFFSET: {
    code: 314,
    summary: 'Copy the offsets of one group to another.',
    javaHeader: 'CloneGroupOffsetRequestHeader',
    request: {
      srcGroup: string,
      destGroup: string,
      topic: optional(string),
      offline: optional(boolean),
      ...rpcRequest,
    },
  },
});
