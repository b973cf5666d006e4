import { defineRequests } from '../schema/define-request.js';
import { boolean, int, long, optional, string } from '../schema/field-types.js';
import { queueOfTopic, rpcRequest, topicRequest } from './shared-fields.js';

const queueOfGroup = { consumerGroup: string, ...queueOfTopic };

const popped = {
  popTime: long, // ms since the epoch
  invisibleTime: long, // ms
  reviveQid: int,
};

const poppedMessages = {
  startOffsetInfo: optional(string),
  msgOffsetInfo: optional(string),
  orderCountInfo: optional(string),
};

const popResponse = { ...popped, restNum: long, ...poppedMessages };

const longPoll = {
  pollTime: long, // ms
  bornTime: long, // ms since the epoch; the broker puts its own time for 0
};

const popFilter = {
  expType: optional(string), // TAG or SQL92
  exp: optional(string),
  order: optional(boolean),
  attemptId: optional(string),
};

/** Consumption by pop, where the broker keeps the offsets, and the modes of consumption. */
export const popRequests = defineRequests({
  QUERY_ASSIGNMENT: {
    code: 400,
    summary:
      'Ask the broker for the queues of a consumer; the bodies are QueryAssignmentRequestBody and -ResponseBody.',
  },
  SET_MESSAGE_REQUEST_MODE: {
    code: 401,
    summary: 'Set whether a group pulls or pops a topic; the body is SetMessageRequestModeRequestBody.',
  },
  GET_ALL_MESSAGE_REQUEST_MODE: {
    code: 402,
    summary: 'Slave to master: copy the message request modes; the body is MessageRequestModeSerializeWrapper.',
  },
  POP_MESSAGE: {
    code: 200050,
    summary: 'Take messages out of the sight of others for a time, waiting for the first one if asked to.',
    javaHeader: 'PopMessageRequestHeader',
    javaResponseHeader: 'PopMessageResponseHeader',
    request: {
      ...queueOfGroup, // queueId -1: any queue
      maxMsgNums: int,
      invisibleTime: long, // ms
      ...longPoll,
      initMode: int, // 0 from the oldest message, 1 from the newest
      ...popFilter,
      ...topicRequest,
    },
    response: popResponse,
  },
  ACK_MESSAGE: {
    code: 200051,
    summary: 'Acknowledge one popped message.',
    javaHeader: 'AckMessageRequestHeader',
    request: {
      ...queueOfGroup,
      extraInfo: string, // the POP_CK property of the message
      offset: long,
      liteTopic: optional(string),
      ...topicRequest,
    },
  },
  PEEK_MESSAGE: {
    code: 200052,
    summary: 'Read what would be popped next, without popping it.',
    javaHeader: 'PeekMessageRequestHeader',
    javaResponseHeader: 'PopMessageResponseHeader',
    request: { ...queueOfGroup, maxMsgNums: int, ...topicRequest },
    response: popResponse,
  },
  CHANGE_MESSAGE_INVISIBLETIME: {
    code: 200053,
    summary: 'Change how long a popped message stays out of the sight of others.',
    javaHeader: 'ChangeInvisibleTimeRequestHeader',
    javaResponseHeader: 'ChangeInvisibleTimeResponseHeader',
    request: {
      ...queueOfGroup,
      extraInfo: string, // the POP_CK property of the message; the answer makes a new one
      offset: long,
      invisibleTime: long, // ms
      liteTopic: optional(string),
      suspend: optional(boolean),
      ...topicRequest,
    },
    response: popped,
  },
  NOTIFICATION: {
    code: 200054,
    summary: 'Wait until there is a message to pop.',
    javaHeader: 'NotificationRequestHeader',
    javaResponseHeader: 'NotificationResponseHeader',
    request: { ...queueOfGroup, ...longPoll, ...popFilter, ...topicRequest },
    response: { hasMsg: boolean, pollingFull: optional(boolean) },
  },
  POLLING_INFO: {
    code: 200055,
    summary: 'Ask how many calls wait for a message of a queue.',
    javaHeader: 'PollingInfoRequestHeader',
    javaResponseHeader: 'PollingInfoResponseHeader',
    request: { ...queueOfGroup, ...topicRequest },
    response: { pollingNum: int },
  },
  POP_ROLLBACK: {
    code: 200056,
    summary: 'Turn the pop consumption state in RocksDB back into the older form.',
  },
  POP_LITE_MESSAGE: {
    code: 200070,
    summary: 'Pop messages of the lite topics that a client has subscribed to.',
    javaHeader: 'PopLiteMessageRequestHeader',
    javaResponseHeader: 'PopLiteMessageResponseHeader',
    request: {
      clientId: string,
      consumerGroup: string,
      topic: string,
      maxMsgNum: int,
      invisibleTime: long, // ms
      ...longPoll,
      attemptId: optional(string),
      ...rpcRequest,
    },
    response: { ...popped, ...poppedMessages },
  },
  BATCH_ACK_MESSAGE: {
    code: 200151,
    summary: 'Acknowledge many popped messages; the body is BatchAckMessageRequestBody.',
  },
});
