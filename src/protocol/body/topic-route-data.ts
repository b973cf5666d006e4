import { decodeBody, type Decoder, flag, integer, listOf, objectOf, orElse, tableOf, text } from './decoder.js';

/** How many queues of a topic a broker has (Java `QueueData`). */
export interface QueueData {
  readonly brokerName: string;
  /** Queues to read from. */
  readonly readQueueNums: number;
  /** Queues to write to. */
  readonly writeQueueNums: number;
  /** Bits: 4 read, 2 write, 1 inherit. */
  readonly perm: number;
  readonly topicSysFlag: number;
}

/** The brokers of one name: a master and its slaves (Java `BrokerData`). */
export interface BrokerData {
  readonly cluster: string;
  readonly brokerName: string;
  /** Broker id → `host:port`; id 0 is the master. */
  readonly brokerAddrs: Readonly<Record<number, string>>;
  /** Whether a slave may stand in for a missing master. */
  readonly enableActingMaster: boolean;
  readonly zoneName?: string | undefined;
}

/** The logical queues of a static topic that one broker has (Java `TopicQueueMappingInfo`). */
export interface TopicQueueMappingInfo {
  readonly topic?: string | undefined;
  readonly scope?: string | undefined;
  readonly totalQueues: number;
  /** Name of the broker. */
  readonly bname?: string | undefined;
  readonly epoch: number;
  readonly dirty: boolean;
  /** Logical queue id → physical queue id. */
  readonly currIdMap: Readonly<Record<number, number>>;
}

/** Where a topic is: the answer to `GET_ROUTEINFO_BY_TOPIC` (Java `TopicRouteData`). */
export interface TopicRouteData {
  /** `broker:number` with `;` between them, where the topic is an ordered one. */
  readonly orderTopicConf?: string | undefined;
  readonly queueDatas: readonly QueueData[];
  readonly brokerDatas: readonly BrokerData[];
  /** Broker address → filter servers; empty since 5.x. */
  readonly filterServerTable: Readonly<Record<string, readonly string[]>>;
  /** Broker name → logical queues, where the topic is a static one. */
  readonly topicQueueMappingByBroker?: Readonly<Record<string, TopicQueueMappingInfo>> | undefined;
}

const optionalText = orElse(text, undefined);

const queueData = objectOf<QueueData>({
  brokerName: text,
  readQueueNums: integer,
  writeQueueNums: integer,
  perm: integer,
  topicSysFlag: orElse(integer, 0),
});

/** @internal */
export const brokerData: Decoder<BrokerData> = objectOf<BrokerData>({
  cluster: text,
  brokerName: text,
  brokerAddrs: tableOf(text),
  enableActingMaster: orElse(flag, false),
  zoneName: optionalText,
});

/** @internal */
export const mappingInfo: Decoder<TopicQueueMappingInfo> = objectOf<TopicQueueMappingInfo>({
  topic: optionalText,
  scope: optionalText,
  totalQueues: orElse(integer, 0),
  bname: optionalText,
  epoch: orElse(integer, 0),
  dirty: orElse(flag, false),
  currIdMap: orElse(tableOf(integer), {}),
});

const topicRouteData = objectOf<TopicRouteData>({
  orderTopicConf: optionalText,
  queueDatas: orElse(listOf(queueData), []),
  brokerDatas: orElse(listOf(brokerData), []),
  filterServerTable: orElse(tableOf(listOf(text)), {}),
  topicQueueMappingByBroker: orElse(tableOf(mappingInfo), undefined),
});

/**
 * Decodes the body of the answer to `GET_ROUTEINFO_BY_TOPIC`.
 *
 * @throws RemotingCommandError when the body is no route.
 */
export function decodeTopicRouteData(body: Uint8Array): TopicRouteData {
  return decodeBody('TopicRouteData', topicRouteData, body);
}
