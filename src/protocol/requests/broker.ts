import { defineRequests } from '../schema/define-request.js';
import { boolean, extField, int, long, optional, string } from '../schema/field-types.js';

/** Administration of one broker. */
export const brokerRequests = defineRequests({
  UPDATE_BROKER_CONFIG: { code: 25, summary: 'Change the configuration of a broker; the body is properties text.' },
  GET_BROKER_CONFIG: {
    code: 26,
    summary: 'Show the configuration of a broker; the body is properties text.',
    javaResponseHeader: 'GetBrokerConfigResponseHeader',
    response: { version: string },
  },
  TRIGGER_DELETE_FILES: { code: 27, summary: 'Unused: 5.x neither sends nor answers it.' },
  GET_BROKER_RUNTIME_INFO: { code: 28, summary: 'Show the state of a broker; the body is KVTable.' },
  GET_TIMER_CHECK_POINT: {
    code: 60,
    summary: 'Slave to master: copy the check point of timer messages; the body is binary.',
  },
  GET_TIMER_METRICS: {
    code: 61,
    summary: 'Slave to master: copy the counts of timer messages; the body is TimerMetricsSerializeWrapper.',
  },
  REGISTER_FILTER_SERVER: { code: 301, summary: 'Unused: filter servers are gone in 5.x.' },
  REGISTER_MESSAGE_FILTER_CLASS: { code: 302, summary: 'Unused: filter servers are gone in 5.x.' },
  CLEAN_EXPIRED_CONSUMEQUEUE: { code: 306, summary: 'Delete consume queue files whose messages are gone.' },
  VIEW_BROKER_STATS_DATA: {
    code: 315,
    summary: 'Show one statistic by minute, hour and day; the body is BrokerStatsData.',
    javaHeader: 'ViewBrokerStatsDataRequestHeader',
    request: { statsName: string, statsKey: string },
  },
  CLEAN_UNUSED_TOPIC: { code: 316, summary: 'Delete consume queues of topics that no longer exist.' },
  GET_BROKER_CONSUME_STATS: {
    code: 317,
    summary: 'Show the lag of every group of a broker; the body is ConsumeStatsList.',
    javaHeader: 'GetConsumeStatsInBrokerHeader',
    request: { isOrder: boolean },
  },
  DELETE_EXPIRED_COMMITLOG: { code: 329, summary: 'Delete commit log files that have expired.' },
  CHECK_ROCKSDB_CQ_WRITE_PROGRESS: {
    code: 354,
    summary: 'Compare the consume queues in files with those in RocksDB.',
    javaHeader: 'CheckRocksdbCqWriteProgressRequestHeader',
    request: { topic: string, checkStoreTime: optional(long) },
  },
  EXPORT_ROCKSDB_CONFIG_TO_JSON: {
    code: 355,
    summary: 'Write configuration in RocksDB to JSON files.',
    javaHeader: 'ExportRocksDBConfigToJsonRequestHeader',
    request: { configType: string }, // topics, subscriptionGroups, consumerOffsets, with `;` between them
  },
  UPDATE_COLD_DATA_FLOW_CTR_CONFIG: {
    code: 2001,
    summary: 'Set the limits of groups for reading cold data; the body is properties text.',
  },
  REMOVE_COLD_DATA_FLOW_CTR_CONFIG: {
    code: 2002,
    summary: 'Remove the limit of a group for reading cold data; the body is the group.',
  },
  GET_COLD_DATA_FLOW_CTR_INFO: { code: 2003, summary: 'Show how groups read cold data; the body is JSON.' },
  SET_COMMITLOG_READ_MODE: {
    code: 2004,
    summary: 'Set whether the system reads ahead in the commit log.',
    request: { READ_AHEAD_MODE: extField(int) }, // 0 normal, 1 random, as madvise has them
  },
  SWITCH_TIMER_ENGINE: { code: 5001, summary: 'Change between the engines of timer messages.' },
});
