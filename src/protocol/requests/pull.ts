import { defineRequests } from '../schema/define-request.js';
import { boolean, extField, int, long, optional, string } from '../schema/field-types.js';
import { topicRequest } from './shared-fields.js';

const pull = {
  consumerGroup: string,
  topic: string,
  liteTopic: optional(string),
  queueId: int,
  queueOffset: long,
  maxMsgNums: int,
  sysFlag: int, // 1 commit offset, 2 suspend, 4 subscription present, 8 class filter, 16 lite
  commitOffset: long,
  suspendTimeoutMillis: long,
  subscription: optional(string),
  subVersion: long,
  expressionType: optional(string), // TAG or SQL92
  maxMsgBytes: optional(int),
  requestSource: optional(int),
  proxyFrowardClientId: optional(string),
  ...topicRequest,
};

const pullResponse = {
  suggestWhichBrokerId: long,
  nextBeginOffset: long,
  minOffset: long,
  maxOffset: long,
  offsetDelta: optional(long), // logical minus physical offset of a static topic
  topicSysFlag: optional(int),
  groupSysFlag: optional(int),
  forbiddenType: optional(int),
};

/** Reading of messages by pull, by key and by id. */
export const pullRequests = defineRequests({
  PULL_MESSAGE: {
    code: 11,
    summary: 'Read messages of a queue from an offset on, waiting for the first one if asked to.',
    javaHeader: 'PullMessageRequestHeader',
    javaResponseHeader: 'PullMessageResponseHeader',
    request: pull,
    response: pullResponse,
  },
  QUERY_MESSAGE: {
    code: 12,
    summary: 'Find messages of a topic by key or unique id.',
    javaHeader: 'QueryMessageRequestHeader',
    javaResponseHeader: 'QueryMessageResponseHeader',
    request: {
      topic: string,
      key: string,
      maxNum: int,
      beginTimestamp: long, // ms since the epoch
      endTimestamp: long, // LONG_MAX_VALUE for no end
      indexType: optional(string), // K key, U unique id, T tag
      lastKey: optional(string),
      ...topicRequest,
      _UNIQUE_KEY_QUERY: extField(boolean), // whether `key` is a unique id
    },
    response: { indexLastUpdateTimestamp: long, indexLastUpdatePhyoffset: long },
  },
  VIEW_MESSAGE_BY_ID: {
    code: 33,
    summary: 'Read the message at a commit log offset.',
    javaHeader: 'ViewMessageRequestHeader',
    request: { topic: optional(string), offset: long },
  },
  QUERY_CONSUME_QUEUE: {
    code: 321,
    summary: 'Show entries of a consume queue; the body is QueryConsumeQueueResponseBody.',
    javaHeader: 'QueryConsumeQueueRequestHeader',
    request: {
      topic: optional(string),
      queueId: optional(int),
      index: optional(long),
      count: optional(int),
      consumerGroup: optional(string),
      ...topicRequest,
    },
  },
  LITE_PULL_MESSAGE: {
    code: 361,
    summary: 'Read messages of a queue as a lite pull consumer.',
    javaHeader: 'PullMessageRequestHeader',
    javaResponseHeader: 'PullMessageResponseHeader',
    request: pull,
    response: pullResponse,
  },
});
