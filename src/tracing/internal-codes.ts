import { type RequestName, requestCodes } from '../protocol/requests/index.js';
import { STREAM_CANCEL } from '../protocol/reserved-codes.js';

/** What clients, brokers, name servers and controllers ask each other by themselves, over and over. */
const INTERNAL: readonly RequestName[] = [
  // a client keeps itself known and its routes fresh
  'HEART_BEAT',
  'UNREGISTER_CLIENT',
  'CHECK_CLIENT_CONFIG',
  'GET_ROUTEINFO_BY_TOPIC',
  // a consumer shares queues out, fetches, and says how far it is
  'GET_CONSUMER_LIST_BY_GROUP',
  'QUERY_ASSIGNMENT',
  'LOCK_BATCH_MQ',
  'UNLOCK_BATCH_MQ',
  'PULL_MESSAGE',
  'LITE_PULL_MESSAGE',
  'POP_MESSAGE',
  'POP_LITE_MESSAGE',
  'NOTIFICATION',
  'POLLING_INFO',
  'ACK_MESSAGE',
  'BATCH_ACK_MESSAGE',
  'ACK_LITE_MESSAGE',
  'CHANGE_MESSAGE_INVISIBLETIME',
  'LITE_SUBSCRIPTION_CTL',
  'QUERY_CONSUMER_OFFSET',
  'UPDATE_CONSUMER_OFFSET',
  'GET_MAX_OFFSET',
  'GET_MIN_OFFSET',
  'SEARCH_OFFSET_BY_TIMESTAMP',
  // brokers tell clients that something changed
  'NOTIFY_CONSUMER_IDS_CHANGED',
  'NOTIFY_UNSUBSCRIBE_LITE',
  // brokers register, follow their master, are told who leads
  'REGISTER_BROKER',
  'UNREGISTER_BROKER',
  'BROKER_HEARTBEAT',
  'QUERY_DATA_VERSION',
  'GET_BROKER_MEMBER_GROUP',
  'EXCHANGE_BROKER_HA_INFO',
  'NOTIFY_MIN_BROKER_ID_CHANGE',
  'NOTIFY_BROKER_ROLE_CHANGED',
  'GET_ALL_TOPIC_CONFIG',
  'GET_ALL_CONSUMER_OFFSET',
  'GET_ALL_DELAY_OFFSET',
  'GET_ALL_SUBSCRIPTIONGROUP_CONFIG',
  'GET_ALL_MESSAGE_REQUEST_MODE',
  'GET_TIMER_CHECK_POINT',
  'GET_TIMER_METRICS',
  'CONTROLLER_GET_METADATA_INFO',
  'CONTROLLER_GET_REPLICA_INFO',
  'CONTROLLER_ALTER_SYNC_STATE_SET',
];

/** Request codes that get no spans unless `traceInternalCalls` is on. */
export const internalCodes: ReadonlySet<number> = new Set([...INTERNAL.map(name => requestCodes[name]), STREAM_CANCEL]);
