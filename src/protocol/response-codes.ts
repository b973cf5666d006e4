import { type Codes, codesOf, namesByCode } from './schema/code-table.js';

/**
 * Every response code of RocketMQ 5.5.0 (Java `ResponseCode`, `RemotingSysResponseCode`). A producer tries another
 * broker after a `retryable` one (Java `DefaultMQProducer.retryResponseCodes`).
 */
const RESPONSES = {
  RPC_TIME_OUT: { code: -1006, retryable: false },
  RPC_SEND_TO_CHANNEL_FAILED: { code: -1004, retryable: false },
  RPC_ADDR_IS_NULL: { code: -1002, retryable: false },
  RPC_UNKNOWN: { code: -1000, retryable: false },
  SUCCESS: { code: 0, retryable: false },
  SYSTEM_ERROR: { code: 1, retryable: true },
  SYSTEM_BUSY: { code: 2, retryable: true },
  REQUEST_CODE_NOT_SUPPORTED: { code: 3, retryable: false },
  TRANSACTION_FAILED: { code: 4, retryable: false },
  FLUSH_DISK_TIMEOUT: { code: 10, retryable: false },
  SLAVE_NOT_AVAILABLE: { code: 11, retryable: false },
  FLUSH_SLAVE_TIMEOUT: { code: 12, retryable: false },
  MESSAGE_ILLEGAL: { code: 13, retryable: false },
  SERVICE_NOT_AVAILABLE: { code: 14, retryable: true },
  VERSION_NOT_SUPPORTED: { code: 15, retryable: false },
  NO_PERMISSION: { code: 16, retryable: true },
  TOPIC_NOT_EXIST: { code: 17, retryable: true },
  TOPIC_EXIST_ALREADY: { code: 18, retryable: false },
  PULL_NOT_FOUND: { code: 19, retryable: false },
  PULL_RETRY_IMMEDIATELY: { code: 20, retryable: false },
  PULL_OFFSET_MOVED: { code: 21, retryable: false },
  QUERY_NOT_FOUND: { code: 22, retryable: false },
  SUBSCRIPTION_PARSE_FAILED: { code: 23, retryable: false },
  SUBSCRIPTION_NOT_EXIST: { code: 24, retryable: false },
  SUBSCRIPTION_NOT_LATEST: { code: 25, retryable: false },
  SUBSCRIPTION_GROUP_NOT_EXIST: { code: 26, retryable: false },
  FILTER_DATA_NOT_EXIST: { code: 27, retryable: false },
  FILTER_DATA_NOT_LATEST: { code: 28, retryable: false },
  INVALID_PARAMETER: { code: 29, retryable: false },
  TRANSACTION_SHOULD_COMMIT: { code: 200, retryable: false },
  TRANSACTION_SHOULD_ROLLBACK: { code: 201, retryable: false },
  TRANSACTION_STATE_UNKNOW: { code: 202, retryable: false },
  TRANSACTION_STATE_GROUP_WRONG: { code: 203, retryable: false },
  NO_BUYER_ID: { code: 204, retryable: true },
  NOT_IN_CURRENT_UNIT: { code: 205, retryable: true },
  CONSUMER_NOT_ONLINE: { code: 206, retryable: false },
  CONSUME_MSG_TIMEOUT: { code: 207, retryable: false },
  NO_MESSAGE: { code: 208, retryable: false },
  POLLING_FULL: { code: 209, retryable: false },
  POLLING_TIMEOUT: { code: 210, retryable: false },
  BROKER_NOT_EXIST: { code: 211, retryable: false },
  BROKER_DISPATCH_NOT_COMPLETE: { code: 212, retryable: false },
  BROADCAST_CONSUMPTION: { code: 213, retryable: false },
  FLOW_CONTROL: { code: 215, retryable: false },
  NOT_LEADER_FOR_QUEUE: { code: 501, retryable: false },
  ILLEGAL_OPERATION: { code: 604, retryable: false },
  GO_AWAY: { code: 1500, retryable: true },
  CONTROLLER_FENCED_MASTER_EPOCH: { code: 2000, retryable: false },
  CONTROLLER_FENCED_SYNC_STATE_SET_EPOCH: { code: 2001, retryable: false },
  CONTROLLER_INVALID_MASTER: { code: 2002, retryable: false },
  CONTROLLER_INVALID_REPLICAS: { code: 2003, retryable: false },
  CONTROLLER_MASTER_NOT_AVAILABLE: { code: 2004, retryable: false },
  CONTROLLER_INVALID_REQUEST: { code: 2005, retryable: false },
  CONTROLLER_BROKER_NOT_ALIVE: { code: 2006, retryable: false },
  CONTROLLER_NOT_LEADER: { code: 2007, retryable: false },
  CONTROLLER_BROKER_METADATA_NOT_EXIST: { code: 2008, retryable: false },
  CONTROLLER_INVALID_CLEAN_BROKER_METADATA: { code: 2009, retryable: false },
  CONTROLLER_BROKER_NEED_TO_BE_REGISTERED: { code: 2010, retryable: false },
  CONTROLLER_MASTER_STILL_EXIST: { code: 2011, retryable: false },
  CONTROLLER_ELECT_MASTER_FAILED: { code: 2012, retryable: false },
  CONTROLLER_ALTER_SYNC_STATE_SET_FAILED: { code: 2013, retryable: false },
  CONTROLLER_BROKER_ID_INVALID: { code: 2014, retryable: false },
  CONTROLLER_JRAFT_INTERNAL_ERROR: { code: 2015, retryable: false },
  CONTROLLER_BROKER_LIVE_INFO_NOT_EXISTS: { code: 2016, retryable: false },
  LMQ_QUOTA_EXCEEDED: { code: 2017, retryable: false },
  LITE_SUBSCRIPTION_QUOTA_EXCEEDED: { code: 2018, retryable: false },
  USER_NOT_EXIST: { code: 3001, retryable: false },
  POLICY_NOT_EXIST: { code: 3002, retryable: false },
} as const;

/** Name of a response code of RocketMQ, for example `TOPIC_NOT_EXIST`. */
export type ResponseName = keyof typeof RESPONSES;

/** Response codes by name: `ResponseCode.TOPIC_NOT_EXIST` is 17. */
export const ResponseCode: Codes<typeof RESPONSES> = codesOf(RESPONSES);

const names = namesByCode(RESPONSES);

const retryable = new Set<number>(Object.values(RESPONSES).flatMap(row => (row.retryable ? [row.code] : [])));

/** The name of a response code, or `undefined` when it is none of RocketMQ's. */
export function responseNameOf(code: number): string | undefined {
  return names.get(code);
}

/** Whether a producer tries another broker after this response code. */
export function isRetryableResponse(code: number): boolean {
  return retryable.has(code);
}
