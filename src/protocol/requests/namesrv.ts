import { defineRequests } from '../schema/define-request.js';
import { boolean, int, long, optional, string } from '../schema/field-types.js';
import { topicRequest } from './shared-fields.js';

const broker = { brokerName: string, brokerAddr: string, clusterName: string };

const writePermOfBroker = { brokerName: string };

/** What clients, brokers and tools ask of a name server. */
export const namesrvRequests = defineRequests({
  PUT_KV_CONFIG: {
    code: 100,
    summary: 'Store a value under namespace and key.',
    javaHeader: 'PutKVConfigRequestHeader',
    request: { namespace: string, key: string, value: string },
  },
  GET_KV_CONFIG: {
    code: 101,
    summary: 'Read the value of namespace and key.',
    javaHeader: 'GetKVConfigRequestHeader',
    javaResponseHeader: 'GetKVConfigResponseHeader',
    request: { namespace: string, key: string },
    response: { value: optional(string) },
  },
  DELETE_KV_CONFIG: {
    code: 102,
    summary: 'Delete the value of namespace and key.',
    javaHeader: 'DeleteKVConfigRequestHeader',
    request: { namespace: string, key: string },
  },
  REGISTER_BROKER: {
    code: 103,
    summary: 'Register a broker and its topics; the bodies are RegisterBrokerBody and KVTable.',
    javaHeader: 'RegisterBrokerRequestHeader',
    javaResponseHeader: 'RegisterBrokerResponseHeader',
    request: {
      ...broker,
      haServerAddr: string,
      brokerId: long, // 0: master
      heartbeatTimeoutMillis: optional(long),
      enableActingMaster: optional(boolean),
      compressed: optional(boolean),
      bodyCrc32: optional(int), // CRC-32 of the body & 0x7fffffff; 0: not to be checked
    },
    response: { haServerAddr: optional(string), masterAddr: optional(string) },
  },
  UNREGISTER_BROKER: {
    code: 104,
    summary: 'Take a broker off the name server.',
    javaHeader: 'UnRegisterBrokerRequestHeader',
    request: { ...broker, brokerId: long },
  },
  GET_ROUTEINFO_BY_TOPIC: {
    code: 105,
    summary: 'Ask which brokers have a topic, and how many queues there; the body is TopicRouteData.',
    javaHeader: 'GetRouteInfoRequestHeader',
    request: {
      topic: string,
      acceptStandardJsonOnly: optional(boolean), // true: keys in the body are quoted
      ...topicRequest,
    },
  },
  GET_BROKER_CLUSTER_INFO: { code: 106, summary: 'List clusters and their brokers; the body is ClusterInfo.' },
  WIPE_WRITE_PERM_OF_BROKER: {
    code: 205,
    summary: 'Take the write permission of all topics of a broker.',
    javaHeader: 'WipeWritePermOfBrokerRequestHeader',
    javaResponseHeader: 'WipeWritePermOfBrokerResponseHeader',
    request: writePermOfBroker,
    response: { wipeTopicCount: int },
  },
  GET_ALL_TOPIC_LIST_FROM_NAMESERVER: { code: 206, summary: 'List all topics; the body is TopicList.' },
  DELETE_TOPIC_IN_NAMESRV: {
    code: 216,
    summary: 'Delete the route of a topic.',
    javaHeader: 'DeleteTopicFromNamesrvRequestHeader',
    request: { topic: string, clusterName: optional(string), ...topicRequest },
  },
  REGISTER_TOPIC_IN_NAMESRV: {
    code: 217,
    summary: 'Register the route of one topic; the body is TopicRouteData.',
    javaHeader: 'RegisterTopicRequestHeader',
    request: { topic: string, ...topicRequest },
  },
  GET_KVLIST_BY_NAMESPACE: {
    code: 219,
    summary: 'Read all keys and values of a namespace; the body is KVTable.',
    javaHeader: 'GetKVListByNamespaceRequestHeader',
    request: { namespace: string },
  },
  GET_TOPICS_BY_CLUSTER: {
    code: 224,
    summary: 'List the topics of a cluster; the body is TopicList.',
    javaHeader: 'GetTopicsByClusterRequestHeader',
    request: { cluster: string },
  },
  GET_SYSTEM_TOPIC_LIST_FROM_NS: { code: 304, summary: 'List the system topics; the body is TopicList.' },
  GET_UNIT_TOPIC_LIST: { code: 311, summary: 'List the topics of units; the body is TopicList.' },
  GET_HAS_UNIT_SUB_TOPIC_LIST: {
    code: 312,
    summary: 'List the topics that units subscribe to; the body is TopicList.',
  },
  GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST: {
    code: 313,
    summary: 'List the topics that units subscribe to and that belong to no unit; the body is TopicList.',
  },
  UPDATE_NAMESRV_CONFIG: { code: 318, summary: 'Change the configuration; the body is properties text.' },
  GET_NAMESRV_CONFIG: { code: 319, summary: 'Show the configuration; the body is properties text.' },
  QUERY_DATA_VERSION: {
    code: 322,
    summary: 'Ask whether the topics of a broker are older here than there; the body is DataVersion.',
    javaHeader: 'QueryDataVersionRequestHeader',
    javaResponseHeader: 'QueryDataVersionResponseHeader',
    request: { ...broker, brokerId: long },
    response: { changed: boolean },
  },
  ADD_WRITE_PERM_OF_BROKER: {
    code: 327,
    summary: 'Give the write permission of all topics of a broker back.',
    javaHeader: 'AddWritePermOfBrokerRequestHeader',
    javaResponseHeader: 'AddWritePermOfBrokerResponseHeader',
    request: writePermOfBroker,
    response: { addTopicCount: int },
  },
});
