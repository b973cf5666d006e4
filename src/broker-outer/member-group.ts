import { type BrokerMemberGroup, decodeBrokerMemberGroup } from '../protocol/body/broker-member-group.js';
import { decodeClusterInfo } from '../protocol/body/cluster-info.js';
import { requests } from '../protocol/requests/index.js';
import { bodyBy, type CallOptions, type Calls, createRequest } from './calls.js';

/** Options of a question for the brokers of one name. */
export interface MemberGroupOptions extends CallOptions {
  /**
   * Whether the name server may be older than 5.0: such a one never answers the request, so the answer is taken from
   * the cluster info. @default false
   */
  compatibleWithOldNameSrv?: boolean | undefined;
}

/** The brokers of one name that live; no addresses when the name server knows none. */
export async function syncBrokerMemberGroup(
  calls: Calls,
  clusterName: string,
  brokerName: string,
  options: MemberGroupOptions = {},
): Promise<BrokerMemberGroup> {
  const none = { cluster: clusterName, brokerName, brokerAddrs: {} };
  if (options.compatibleWithOldNameSrv !== true) {
    const request = createRequest(requests.GET_BROKER_MEMBER_GROUP, { clusterName, brokerName });
    return (await calls.ask(null, request, bodyBy(decodeBrokerMemberGroup), options)) ?? none;
  }
  const request = createRequest(requests.GET_BROKER_CLUSTER_INFO);
  const { brokerAddrTable } = await calls.ask(null, request, bodyBy(decodeClusterInfo), options);
  const found = Object.hasOwn(brokerAddrTable, brokerName) ? brokerAddrTable[brokerName] : undefined;
  return found?.cluster === clusterName ? { ...none, brokerAddrs: found.brokerAddrs } : none;
}
