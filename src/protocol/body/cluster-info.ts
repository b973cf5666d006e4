import { decodeBody, listOf, objectOf, orElse, tableOf, text } from './decoder.js';
import { brokerData, type BrokerData } from './topic-route-data.js';

/** Clusters and brokers that a name server knows: the answer to `GET_BROKER_CLUSTER_INFO` (Java `ClusterInfo`). */
export interface ClusterInfo {
  /** Broker name → its brokers. */
  readonly brokerAddrTable: Readonly<Record<string, BrokerData>>;
  /** Cluster name → broker names. */
  readonly clusterAddrTable: Readonly<Record<string, readonly string[]>>;
}

const clusterInfo = objectOf<ClusterInfo>({
  brokerAddrTable: orElse(tableOf(brokerData), {}),
  clusterAddrTable: orElse(tableOf(listOf(text)), {}),
});

/**
 * Decodes the body of the answer to `GET_BROKER_CLUSTER_INFO`.
 *
 * @throws RemotingCommandError when the body is no cluster info.
 */
export function decodeClusterInfo(body: Uint8Array): ClusterInfo {
  return decodeBody('ClusterInfo', clusterInfo, body);
}
