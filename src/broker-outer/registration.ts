import {
  bodyCrc32,
  compressRegisterBrokerBody,
  encodeRegisterBrokerBody,
  type RegisterBrokerBody,
} from '../protocol/body/register-broker-body.js';
import { decodeKVTable, type KVTable } from '../protocol/body/kv-table.js';
import type { TopicConfigSerializeWrapper } from '../protocol/body/topic-config-wrapper.js';
import { topicQueueMappingInfoOf } from '../protocol/body/topic-queue-mapping.js';
import { MQVersion } from '../protocol/mq-version.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { requests } from '../protocol/requests/index.js';
import { createRequest, type OnewayOptions } from './calls.js';

/** Which broker of which cluster. */
export interface BrokerIdentity {
  readonly clusterName: string;
  readonly brokerName: string;
  /** `host:port` under which clients reach it. */
  readonly brokerAddr: string;
  /** 0: master; above: slave. */
  readonly brokerId: number;
}

/** What a broker tells name servers of itself. */
export interface BrokerRegistration extends BrokerIdentity {
  /** `host:port` from which slaves copy. */
  readonly haServerAddr: string;
  /**
   * Its topics. Static topics are told from `topicQueueMappingInfoMap`, and from `topicQueueMappingDetailMap` what is
   * not there. Name servers since 5.0 refuse a first registration of exactly one topic: real brokers always have
   * several of their own.
   */
  readonly topicConfigWrapper: TopicConfigSerializeWrapper;
  /** Filter servers. @default none */
  readonly filterServerList?: readonly string[] | undefined;
  /**
   * Milliseconds without a word after which name servers forget it and close its connection, since 5.0.
   * @default 120000, theirs
   */
  readonly heartbeatTimeoutMs?: number | undefined;
  /** Whether its slave with the lowest id serves reads while there is no master. @default false */
  readonly enableActingMaster?: boolean | undefined;
}

/** Options of one registration. */
export interface RegisterOptions extends OnewayOptions {
  /**
   * Whether the topics go compressed. Name servers before 5.0 do not read attributes of topics in that form: for them
   * set the option `version` of the API below 413, which leaves attributes out. @default false
   */
  compressed?: boolean | undefined;
}

/** What a name server answers to a registration (Java `RegisterBrokerResult`). */
export interface RegisterBrokerResult {
  /** Address of the master of that broker name; told to slaves. */
  readonly masterAddr: string | undefined;
  /** Address from which a slave copies; told to slaves. */
  readonly haServerAddr: string | undefined;
  /** Orders of the queues of ordered topics. */
  readonly kvTable: KVTable;
}

/**
 * Makes requests to register; each call of the function returned gives another one, of the same bytes. `compressed`
 * and `bodyCrc32` say what the body is: 5.x brokers write `false` over a compressed one.
 *
 * @param version ordinal that the commands name: since 5.0 a compressed body has attributes and mappings
 * @throws {RemotingCommandError} a topic cannot be written
 */
export function registrationMaker(
  registration: BrokerRegistration,
  compressed: boolean,
  version: number,
): () => RemotingCommand {
  const { clusterName, brokerName, brokerAddr, brokerId, haServerAddr } = registration;
  const content = bodyOf(registration);
  const body = compressed
    ? compressRegisterBrokerBody(content, version >= MQVersion.V5_0_0)
    : encodeRegisterBrokerBody(content);
  const header = {
    clusterName,
    brokerName,
    brokerAddr,
    brokerId,
    haServerAddr,
    heartbeatTimeoutMillis: registration.heartbeatTimeoutMs,
    enableActingMaster: registration.enableActingMaster ?? false,
    compressed,
    bodyCrc32: bodyCrc32(body),
  };
  return () => createRequest(requests.REGISTER_BROKER, header, body);
}

/** Reads the answer to a registration. */
export function readRegistration(response: RemotingCommand): RegisterBrokerResult {
  const { masterAddr, haServerAddr } = response.decodeHeader(requests.REGISTER_BROKER.response);
  const { body } = response;
  const kvTable = body === undefined || body.length === 0 ? { table: {} } : decodeKVTable(body);
  return { masterAddr, haServerAddr, kvTable };
}

/** The histories of static topics stay at home. */
function bodyOf({ topicConfigWrapper: wrapper, filterServerList = [] }: BrokerRegistration): RegisterBrokerBody {
  const details = Object.entries(wrapper.topicQueueMappingDetailMap);
  const infos = Object.fromEntries(details.map(([topic, detail]) => [topic, topicQueueMappingInfoOf(detail)]));
  const topicQueueMappingInfoMap = { ...infos, ...wrapper.topicQueueMappingInfoMap };
  return {
    filterServerList,
    topicConfigSerializeWrapper: { ...wrapper, topicQueueMappingDetailMap: {}, topicQueueMappingInfoMap },
  };
}
