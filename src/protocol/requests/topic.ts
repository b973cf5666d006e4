import { defineRequests } from '../schema/define-request.js';
import { boolean, int, optional, string } from '../schema/field-types.js';
import { rpcRequest, topicRequest } from './shared-fields.js';

const createTopic = {
  topic: string,
  defaultTopic: string,
  readQueueNums: int,
  writeQueueNums: int,
  perm: int, // 4 read, 2 write, 1 inherit
  topicFilterType: string, // SINGLE_TAG or MULTI_TAG
  topicSysFlag: optional(int),
  order: boolean,
  attributes: optional(string), // `+key=value,-key`
  force: optional(boolean),
  ...topicRequest,
};

/** Topics and consumer groups of a broker. */
export const topicRequests = defineRequests({
  UPDATE_AND_CREATE_TOPIC: {
    code: 17,
    summary: 'Create or change a topic.',
    javaHeader: 'CreateTopicRequestHeader',
    request: createTopic,
  },
  UPDATE_AND_CREATE_TOPIC_LIST: {
    code: 18,
    summary: 'Create or change many topics; the body is CreateTopicListRequestBody.',
    javaHeader: 'CreateTopicListRequestHeader',
    request: rpcRequest,
  },
  GET_ALL_TOPIC_CONFIG: {
    code: 21,
    summary: 'Copy the topics of a broker, in pages since 5.4; the body is TopicConfigAndMappingSerializeWrapper.',
    javaHeader: 'GetAllTopicConfigRequestHeader',
    javaResponseHeader: 'GetAllTopicConfigResponseHeader',
    request: { topicSeq: int, dataVersion: optional(string), maxTopicNum: optional(int) },
    response: { totalTopicNum: optional(int) },
  },
  GET_TOPIC_CONFIG_LIST: { code: 22, summary: 'Unused: 5.x neither sends nor answers it.' },
  GET_TOPIC_NAME_LIST: { code: 23, summary: 'Unused: 5.x neither sends nor answers it.' },
  UPDATE_AND_CREATE_SUBSCRIPTIONGROUP: {
    code: 200,
    summary: 'Create or change a consumer group; the body is SubscriptionGroupConfig.',
  },
  GET_ALL_SUBSCRIPTIONGROUP_CONFIG: {
    code: 201,
    summary: 'Copy the consumer groups of a broker, in pages since 5.4; the body is SubscriptionGroupWrapper.',
    javaHeader: 'GetAllSubscriptionGroupRequestHeader',
    javaResponseHeader: 'GetAllSubscriptionGroupResponseHeader',
    request: { groupSeq: int, dataVersion: optional(string), maxGroupNum: optional(int) },
    response: { totalGroupNum: int },
  },
  GET_TOPIC_STATS_INFO: {
    code: 202,
    summary: 'Ask for the offsets of every queue of a topic; the body is TopicStatsTable.',
    javaHeader: 'GetTopicStatsInfoRequestHeader',
    request: { topic: string, ...topicRequest },
  },
  DELETE_SUBSCRIPTIONGROUP: {
    code: 207,
    summary: 'Delete a consumer group.',
    javaHeader: 'DeleteSubscriptionGroupRequestHeader',
    request: { groupName: string, cleanOffset: optional(boolean), ...rpcRequest },
  },
  DELETE_TOPIC_IN_BROKER: {
    code: 215,
    summary: 'Delete a topic from a broker.',
    javaHeader: 'DeleteTopicRequestHeader',
    request: { topic: string, ...topicRequest },
  },
  UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST: {
    code: 225,
    summary: 'Create or change many consumer groups; the body is SubscriptionGroupList.',
  },
  GET_SYSTEM_TOPIC_LIST_FROM_BROKER: {
    code: 305,
    summary: 'List the system topics of a broker; the body is TopicList.',
  },
  GET_TOPIC_CONFIG: {
    code: 351,
    summary: 'Show one topic; the body is TopicConfigAndQueueMapping.',
    javaHeader: 'GetTopicConfigRequestHeader',
    request: { topic: string, ...topicRequest },
  },
  GET_SUBSCRIPTIONGROUP_CONFIG: {
    code: 352,
    summary: 'Show one consumer group; the body is SubscriptionGroupConfig.',
    javaHeader: 'GetSubscriptionGroupConfigRequestHeader',
    request: { group: string, ...rpcRequest },
  },
  UPDATE_AND_GET_GROUP_FORBIDDEN: {
    code: 353,
    summary: 'Set or show whether a group may read a topic; the body is GroupForbidden.',
    javaHeader: 'UpdateGroupForbiddenRequestHeader',
    request: { group: string, topic: string, readable: optional(boolean), ...topicRequest },
  },
  UPDATE_AND_CREATE_STATIC_TOPIC: {
    code: 513,
    summary: 'Create or change a static topic; the body is TopicQueueMappingDetail.',
    javaHeader: 'CreateTopicRequestHeader',
    request: createTopic,
  },
});
