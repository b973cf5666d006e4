import { defineRequests } from '../schema/define-request.js';
import { boolean, int, long, optional, string } from '../schema/field-types.js';

const master = {
  masterBrokerId: optional(long),
  masterAddress: optional(string),
  masterEpoch: optional(int),
};

const masterAndSyncStateSet = { ...master, syncStateSetEpoch: optional(int) };

const brokerOfCluster = { clusterName: optional(string), brokerName: optional(string) };

/** The controller, which elects masters. */
export const controllerRequests = defineRequests({
  CONTROLLER_ALTER_SYNC_STATE_SET: {
    code: 1001,
    summary: 'Master to controller: change the set of replicas in sync; the body is SyncStateSet.',
    javaHeader: 'AlterSyncStateSetRequestHeader',
    javaResponseHeader: 'AlterSyncStateSetResponseHeader',
    request: {
      brokerName: optional(string),
      masterBrokerId: optional(long),
      masterEpoch: optional(int),
      invokeTime: optional(long),
    },
    response: { newSyncStateSetEpoch: optional(int) },
  },
  CONTROLLER_ELECT_MASTER: {
    code: 1002,
    summary: 'Elect a master; the body is ElectMasterResponseBody.',
    javaHeader: 'ElectMasterRequestHeader',
    javaResponseHeader: 'ElectMasterResponseHeader',
    request: {
      clusterName: string,
      brokerName: string,
      brokerId: long,
      designateElect: boolean,
      invokeTime: optional(long),
    },
    response: masterAndSyncStateSet,
  },
  CONTROLLER_REGISTER_BROKER: {
    code: 1003,
    summary: 'Register a broker with its controller; the body is SyncStateSet.',
    javaHeader: 'RegisterBrokerToControllerRequestHeader',
    javaResponseHeader: 'RegisterBrokerToControllerResponseHeader',
    request: {
      ...brokerOfCluster,
      brokerId: optional(long),
      brokerAddress: optional(string),
      invokeTime: optional(long),
    },
    response: { ...brokerOfCluster, ...masterAndSyncStateSet },
  },
  CONTROLLER_GET_REPLICA_INFO: {
    code: 1004,
    summary: 'Ask for the master of a broker name; the body is SyncStateSet.',
    javaHeader: 'GetReplicaInfoRequestHeader',
    javaResponseHeader: 'GetReplicaInfoResponseHeader',
    request: { brokerName: optional(string) },
    response: master,
  },
  CONTROLLER_GET_METADATA_INFO: {
    code: 1005,
    summary: 'Ask for the leader and the peers of a controller group.',
    javaResponseHeader: 'GetMetaDataResponseHeader',
    response: {
      group: optional(string),
      controllerLeaderId: optional(string),
      controllerLeaderAddress: optional(string),
      isLeader: optional(boolean),
      peers: optional(string),
    },
  },
  CONTROLLER_GET_SYNC_STATE_DATA: {
    code: 1006,
    summary: 'Ask which replicas of some broker names are in sync; the body is BrokerReplicasInfo.',
  },
  GET_BROKER_EPOCH_CACHE: { code: 1007, summary: 'Show the epochs of a broker; the body is EpochEntryCache.' },
  NOTIFY_BROKER_ROLE_CHANGED: {
    code: 1008,
    summary: 'Controller to broker: its role has changed; the body is SyncStateSet.',
    javaHeader: 'NotifyBrokerRoleChangedRequestHeader',
    request: masterAndSyncStateSet,
  },
  UPDATE_CONTROLLER_CONFIG: { code: 1009, summary: 'Change the configuration; the body is properties text.' },
  GET_CONTROLLER_CONFIG: { code: 1010, summary: 'Show the configuration; the body is properties text.' },
  CLEAN_BROKER_DATA: {
    code: 1011,
    summary: 'Delete what a controller knows of a broker.',
    javaHeader: 'CleanControllerBrokerDataRequestHeader',
    request: {
      clusterName: optional(string),
      brokerName: string,
      brokerControllerIdsToClean: optional(string), // ids with `;` between them
      isCleanLivingBroker: optional(boolean),
      invokeTime: optional(long),
    },
  },
  CONTROLLER_GET_NEXT_BROKER_ID: {
    code: 1012,
    summary: 'Ask for the next free broker id of a broker name.',
    javaHeader: 'GetNextBrokerIdRequestHeader',
    javaResponseHeader: 'GetNextBrokerIdResponseHeader',
    request: brokerOfCluster,
    response: { ...brokerOfCluster, nextBrokerId: optional(long) },
  },
  CONTROLLER_APPLY_BROKER_ID: {
    code: 1013,
    summary: 'Take a broker id.',
    javaHeader: 'ApplyBrokerIdRequestHeader',
    javaResponseHeader: 'ApplyBrokerIdResponseHeader',
    request: { ...brokerOfCluster, appliedBrokerId: optional(long), registerCheckCode: optional(string) },
    response: brokerOfCluster,
  },
});
