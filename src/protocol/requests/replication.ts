import { defineRequests } from '../schema/define-request.js';
import { int, long, optional, string } from '../schema/field-types.js';

const haInfo = {
  masterHaAddress: optional(string),
  masterFlushOffset: optional(long),
  masterAddress: optional(string),
};

/** Brokers of one name among themselves: members, high availability, broker containers. */
export const replicationRequests = defineRequests({
  GET_BROKER_MEMBER_GROUP: {
    code: 901,
    summary: 'List the brokers of one name; the body is GetBrokerMemberGroupResponseBody.',
    javaHeader: 'GetBrokerMemberGroupRequestHeader',
    request: { clusterName: string, brokerName: string },
  },
  ADD_BROKER: {
    code: 902,
    summary: 'Start a broker in a broker container.',
    javaHeader: 'AddBrokerRequestHeader',
    request: { configPath: optional(string) },
  },
  REMOVE_BROKER: {
    code: 903,
    summary: 'Stop a broker in a broker container.',
    javaHeader: 'RemoveBrokerRequestHeader',
    request: { brokerName: string, brokerClusterName: string, brokerId: long },
  },
  BROKER_HEARTBEAT: {
    code: 904,
    summary: 'Tell a name server or controller that a broker lives.',
    javaHeader: 'BrokerHeartbeatRequestHeader',
    request: {
      clusterName: string,
      brokerAddr: string,
      brokerName: string,
      brokerId: optional(long),
      epoch: optional(int),
      maxOffset: optional(long),
      confirmOffset: optional(long),
      heartbeatTimeoutMills: optional(long),
      electionPriority: optional(int),
    },
  },
  NOTIFY_MIN_BROKER_ID_CHANGE: {
    code: 905,
    summary: 'Name server to broker: the lowest broker id alive has changed.',
    javaHeader: 'NotifyMinBrokerIdChangeRequestHeader',
    request: {
      minBrokerId: optional(long),
      brokerName: optional(string),
      minBrokerAddr: optional(string),
      offlineBrokerAddr: optional(string),
      haBrokerAddr: optional(string),
    },
  },
  EXCHANGE_BROKER_HA_INFO: {
    code: 906,
    summary: 'Exchange replication addresses and offsets between master and slave.',
    javaHeader: 'ExchangeHAInfoRequestHeader',
    javaResponseHeader: 'ExchangeHAInfoResponseHeader',
    request: haInfo,
    response: haInfo,
  },
  GET_BROKER_HA_STATUS: { code: 907, summary: 'Show the state of replication; the body is HARuntimeInfo.' },
  RESET_MASTER_FLUSH_OFFSET: {
    code: 908,
    summary: 'Set the flush offset of the master that a slave knows.',
    javaHeader: 'ResetMasterFlushOffsetHeader',
    request: { masterFlushOffset: long },
  },
});
