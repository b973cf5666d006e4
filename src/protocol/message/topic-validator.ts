import { MQClientError } from '../../errors/response-errors.js';
import { ResponseCode } from '../response-codes.js';
import type { Message } from './message.js';

/** Topics of messages that consumers gave back begin so, and go on with the group. */
export const RETRY_GROUP_TOPIC_PREFIX = '%RETRY%';
/** Topics of messages that were given back too often begin so, and go on with the group. */
export const DLQ_GROUP_TOPIC_PREFIX = '%DLQ%';
/** Groups of brokers' own begin so. */
const SYSTEM_GROUP_PREFIX = 'CID_RMQ_SYS_';
/** Topics of brokers' own may begin so. */
const SYSTEM_TOPIC_PREFIX = 'rmq_sys_';
/** The topic whose route stands for topics that do not exist yet. */
export const AUTO_CREATE_TOPIC = 'TBW102';

/** Most characters of a topic. */
const TOPIC_MAX_LENGTH = 127;
/** Most characters of a topic that begins with `%RETRY%` or `%DLQ%`. */
const RETRY_OR_DLQ_TOPIC_MAX_LENGTH = 255;
/** Most characters of a group. */
const GROUP_MAX_LENGTH = 120;
/** Most bytes of a body, before it is compressed, when nobody configures another number: 4 MiB. */
export const DEFAULT_MAX_MESSAGE_BYTES = 4_194_304;

/** Topics of brokers' own that clients cannot send to. Source: Java `TopicValidator`. */
export const notAllowedSendTopics: ReadonlySet<string> = new Set([
  'OFFSET_MOVED_EVENT',
  'RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC',
  'RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC',
  'RMQ_SYS_TRANS_HALF_TOPIC',
  'RMQ_SYS_TRANS_OP_HALF_TOPIC',
  'SCHEDULE_TOPIC_XXXX',
  'SELF_TEST_TOPIC',
  'TRANS_CHECK_MAX_TIME_TOPIC',
]);

/** Topics of brokers' own, without those that begin with `rmq_sys_`. Source: Java `TopicValidator`. */
export const systemTopics: ReadonlySet<string> = new Set([
  ...notAllowedSendTopics,
  AUTO_CREATE_TOPIC,
  'BenchmarkTest',
  'CHECKPOINT_TOPIC',
  'RMQ_SYS_TRACE_TOPIC',
]);

/** Groups that exist everywhere. Source: Java `MixAll.isPredefinedGroup`. */
const predefinedGroups: ReadonlySet<string> = new Set([
  'DEFAULT_CONSUMER',
  'DEFAULT_PRODUCER',
  'TOOLS_CONSUMER',
  'SCHEDULE_CONSUMER',
  'FILTERSRV_CONSUMER',
  '__MONITOR_CONSUMER',
  'CLIENT_INNER_PRODUCER',
  'SELF_TEST_P_GROUP',
  'SELF_TEST_C_GROUP',
  'CID_ONS-HTTP-PROXY',
  'CID_ONSAPI_PERMISSION',
  'CID_ONSAPI_OWNER',
  'CID_ONSAPI_PULL',
  'CID_RMQ_SYS_TRANS',
]);

const LEGAL = /^[%|a-zA-Z0-9_-]*$/;
const LEGAL_TEXT = '^[%|a-zA-Z0-9_-]+$';

/** Whether the topic is a broker's own. */
export function isSystemTopic(topic: string): boolean {
  return systemTopics.has(topic) || topic.startsWith(SYSTEM_TOPIC_PREFIX);
}

/** Whether the group is a broker's own. Source: Java `MixAll.isSysConsumerGroup`. */
export function isSystemGroup(group: string): boolean {
  return group.startsWith(SYSTEM_GROUP_PREFIX);
}

/** Whether the group exists everywhere, without anybody creating it. */
export function isPredefinedGroup(group: string): boolean {
  return predefinedGroups.has(group);
}

/**
 * What is wrong with the name of a topic, in the words of a broker's remark; `undefined` when nothing is.
 * Source: Java `TopicValidator.validateTopic`.
 */
export function topicFault(topic: string): string | undefined {
  const fault = characterFault('topic', topic);
  if (fault !== undefined) return fault;
  if (topic.startsWith(RETRY_GROUP_TOPIC_PREFIX) || topic.startsWith(DLQ_GROUP_TOPIC_PREFIX)) {
    return topic.length > RETRY_OR_DLQ_TOPIC_MAX_LENGTH
      ? `The specified topic is DLQ or Retry topic: ${topic}, and it's longer than topic max length: ${RETRY_OR_DLQ_TOPIC_MAX_LENGTH}`
      : undefined;
  }
  return lengthFault('topic', topic, TOPIC_MAX_LENGTH);
}

/**
 * What is wrong with the name of a group, in the words of a broker's remark; `undefined` when nothing is.
 * Source: Java `TopicValidator.validateGroup`.
 */
export function groupFault(group: string): string | undefined {
  return characterFault('group', group) ?? lengthFault('group', group, GROUP_MAX_LENGTH);
}

/**
 * Checks the name of a topic before anything is sent.
 *
 * @throws {MQClientError} saying what is wrong with it
 */
export function checkTopic(topic: string): void {
  refuse(topicFault(topic));
}

/**
 * Checks the name of a group before anything is sent.
 *
 * @throws {MQClientError} saying what is wrong with it
 */
export function checkGroup(group: string): void {
  refuse(groupFault(group));
}

/**
 * Checks a message before it is sent: its topic, whether clients may send to it, and the size of its body.
 * Source: Java `Validators.checkMessage`.
 *
 * @param maxMessageBytes most bytes of the body, before it is compressed
 * @throws {MQClientError} saying what is wrong; `MESSAGE_ILLEGAL` where it is the body
 */
export function checkMessage(
  message: Pick<Message, 'topic' | 'body'>,
  maxMessageBytes: number = DEFAULT_MAX_MESSAGE_BYTES,
): void {
  checkTopic(message.topic);
  if (notAllowedSendTopics.has(message.topic)) {
    refuse(`Sending message to topic[${message.topic}] is forbidden.`);
  }
  const bytes = message.body.length;
  if (bytes === 0) refuse('the message body length is zero: send at least one byte', ResponseCode.MESSAGE_ILLEGAL);
  if (bytes > maxMessageBytes) {
    refuse(
      `the message body size over max value: ${bytes} bytes, MAX: ${maxMessageBytes} (maxMessageBytes)`,
      ResponseCode.MESSAGE_ILLEGAL,
    );
  }
}

function characterFault(what: string, name: string): string | undefined {
  if (name.trim() === '') return `The specified ${what} is blank.`;
  return LEGAL.test(name)
    ? undefined
    : `The specified ${what}: ${name}, contains illegal characters, allowing only ${LEGAL_TEXT}`;
}

function lengthFault(what: string, name: string, max: number): string | undefined {
  return name.length > max ? `The specified ${what}: ${name}, is longer than ${what} max length: ${max}` : undefined;
}

function refuse(fault: string | undefined, responseCode?: number): void {
  if (fault !== undefined) throw new MQClientError(fault, responseCode === undefined ? {} : { responseCode });
}
