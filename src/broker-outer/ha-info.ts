import { requests } from '../protocol/requests/index.js';
import { type CallOptions, type Calls, createRequest } from './calls.js';

const { EXCHANGE_BROKER_HA_INFO } = requests;

/** From where, and up to where, a slave copies (Java `BrokerSyncInfo`). */
export interface BrokerHaInfo {
  /** `host:port` from which slaves copy. */
  readonly masterHaAddress?: string | undefined;
  /** Offset in the commit log up to which the master is on disk when it starts. */
  readonly masterFlushOffset?: number | undefined;
  /** `host:port` of the master. */
  readonly masterAddress?: string | undefined;
}

/**
 * Asks a master, or tells a slave, about replication: with a `masterHaAddress` the peer takes it, without one a master
 * answers with its own. Source: Java `BrokerOuterAPI.retrieveBrokerHaInfo` and `sendBrokerHaInfo`.
 */
export async function exchangeBrokerHaInfo(
  calls: Calls,
  address: string,
  info: BrokerHaInfo = {},
  options?: CallOptions,
): Promise<BrokerHaInfo> {
  const request = createRequest(EXCHANGE_BROKER_HA_INFO, info);
  return calls.ask(address, request, response => response.decodeHeader(EXCHANGE_BROKER_HA_INFO.response), options);
}
