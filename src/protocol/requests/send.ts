import { defineRequests } from '../schema/define-request.js';
import { boolean, int, long, optional, string } from '../schema/field-types.js';
import { rpcRequest, sendExtFields, topicRequest } from './shared-fields.js';

const message = {
  producerGroup: string,
  topic: string,
  defaultTopic: string, // topic whose route and permissions a new topic takes over
  defaultTopicQueueNums: int,
  queueId: int,
  sysFlag: int,
  bornTimestamp: long, // ms since the epoch
  flag: int,
  properties: optional(string),
  reconsumeTimes: optional(int),
  unitMode: optional(boolean),
  ...topicRequest,
};

const sendMessage = { ...message, batch: optional(boolean), maxReconsumeTimes: optional(int) };

/** {@link sendMessage} with names of one letter. */
const sendMessageV2 = {
  a: string, // producerGroup
  b: string, // topic
  c: string, // defaultTopic
  d: int, // defaultTopicQueueNums
  e: int, // queueId
  f: int, // sysFlag
  g: long, // bornTimestamp
  h: int, // flag
  i: optional(string), // properties
  j: optional(int), // reconsumeTimes
  k: optional(boolean), // unitMode
  l: optional(int), // maxReconsumeTimes
  m: optional(boolean), // batch
  n: optional(string), // broker name
  ...topicRequest,
};

const sendResponse = {
  msgId: string, // the offset message id: address and commit log offset
  queueId: int,
  queueOffset: long,
  transactionId: optional(string),
  batchUniqId: optional(string),
  recallHandle: optional(string), // for RECALL_MESSAGE
  ...sendExtFields,
};

const transaction = {
  tranStateTableOffset: long, // queue offset of the half message
  commitLogOffset: long,
};

/** Messages on their way to a broker, and what becomes of them there. */
export const sendRequests = defineRequests({
  SEND_MESSAGE: {
    code: 10,
    summary: 'Store one message; the body is the message body.',
    javaHeader: 'SendMessageRequestHeader',
    javaResponseHeader: 'SendMessageResponseHeader',
    request: sendMessage,
    response: sendResponse,
  },
  CONSUMER_SEND_MSG_BACK: {
    code: 36,
    summary: 'Give a message that could not be consumed back to the broker, to be delivered again later.',
    javaHeader: 'ConsumerSendMsgBackRequestHeader',
    request: {
      offset: long, // commit log offset
      group: string,
      delayLevel: int, // 0: the broker chooses by the number of tries; below 0: dead-letter queue at once
      originMsgId: optional(string),
      originTopic: optional(string),
      unitMode: optional(boolean),
      maxReconsumeTimes: optional(int),
      ...rpcRequest,
    },
  },
  END_TRANSACTION: {
    code: 37,
    summary: 'Commit or roll back a half message.',
    javaHeader: 'EndTransactionRequestHeader',
    request: {
      topic: optional(string),
      producerGroup: string,
      ...transaction,
      commitOrRollback: int, // the transaction bits of a message's sysFlag
      fromTransactionCheck: optional(boolean),
      msgId: string,
      transactionId: optional(string),
      ...rpcRequest,
    },
  },
  CHECK_TRANSACTION_STATE: {
    code: 39,
    summary: 'Broker to producer, oneway: ask for the outcome of a transaction; the body is the half message.',
    javaHeader: 'CheckTransactionStateRequestHeader',
    request: {
      topic: optional(string),
      ...transaction,
      msgId: optional(string),
      transactionId: optional(string),
      offsetMsgId: optional(string),
      ...rpcRequest,
    },
  },
  SEND_MESSAGE_V2: {
    code: 310,
    summary: 'Store one message, with short names in the header.',
    javaHeader: 'SendMessageRequestHeaderV2',
    javaResponseHeader: 'SendMessageResponseHeader',
    request: sendMessageV2,
    response: sendResponse,
  },
  SEND_BATCH_MESSAGE: {
    code: 320,
    summary: 'Store a batch of messages of one topic; the body is the encoded batch.',
    javaHeader: 'SendMessageRequestHeaderV2',
    javaResponseHeader: 'SendMessageResponseHeader',
    request: sendMessageV2,
    response: sendResponse,
  },
  RESUME_CHECK_HALF_MESSAGE: {
    code: 323,
    summary: 'Check the transaction of a half message again that was given up.',
    javaHeader: 'ResumeCheckHalfMessageRequestHeader',
    request: { topic: optional(string), msgId: optional(string) },
  },
  SEND_REPLY_MESSAGE: {
    code: 324,
    summary: 'Send the reply of a request-reply message to the broker that its asker is connected to.',
    javaHeader: 'SendMessageRequestHeader',
    javaResponseHeader: 'SendMessageResponseHeader',
    request: sendMessage,
    response: sendResponse,
  },
  SEND_REPLY_MESSAGE_V2: {
    code: 325,
    summary: 'Send the reply of a request-reply message, with short names in the header.',
    javaHeader: 'SendMessageRequestHeaderV2',
    javaResponseHeader: 'SendMessageResponseHeader',
    request: sendMessageV2,
    response: sendResponse,
  },
  PUSH_REPLY_MESSAGE_TO_CLIENT: {
    code: 326,
    summary: 'Broker to producer: hand over the reply of a request-reply message; the body is the message body.',
    javaHeader: 'ReplyMessageRequestHeader',
    request: {
      ...message,
      bornHost: string, // host:port
      storeHost: string, // host:port
      storeTimestamp: long, // ms since the epoch
    },
  },
  RECALL_MESSAGE: {
    code: 370,
    summary: 'Take a timer message back before it is due.',
    javaHeader: 'RecallMessageRequestHeader',
    javaResponseHeader: 'RecallMessageResponseHeader',
    request: { producerGroup: optional(string), topic: string, recallHandle: string, ...topicRequest },
    response: { msgId: string, MSG_REGION: sendExtFields.MSG_REGION },
  },
});
