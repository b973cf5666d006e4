import type { BrokerMemberGroup } from '../protocol/body/broker-member-group.js';
import { type ClusterInfo, decodeClusterInfo } from '../protocol/body/cluster-info.js';
import {
  type ConsumerOffsetSerializeWrapper,
  decodeConsumerOffsetWrapper,
} from '../protocol/body/consumer-offset-wrapper.js';
import type { DataVersion } from '../protocol/body/data-version.js';
import type { KVTable } from '../protocol/body/kv-table.js';
import type { SubscriptionGroupWrapper } from '../protocol/body/subscription-group-wrapper.js';
import type { TopicConfigSerializeWrapper } from '../protocol/body/topic-config-wrapper.js';
import { decodeTopicList, type TopicList } from '../protocol/body/topic-list.js';
import { decodeTopicRouteData, type TopicRouteData } from '../protocol/body/topic-route-data.js';
import { MQVersion } from '../protocol/mq-version.js';
import { requests } from '../protocol/requests/index.js';
import { AclClientRPCHook } from '../remoting/acl-rpc-hook.js';
import { parseAddressList } from '../remoting/address-list.js';
import { type HoldsRemoting, OBSERVED_REMOTING, type ObservedRemoting } from '../remoting/observed.js';
import { RemotingClient } from '../remoting/remoting-client.js';
import type { RPCHook } from '../remoting/rpc-hook.js';
import { TopAddressing } from '../remoting/top-addressing.js';
import { type BrokerOuterOptions, splitBrokerOuterOptions } from './broker-outer-options.js';
import {
  bodyBy,
  type CallOptions,
  Calls,
  createRequest,
  type NameServerOutcome,
  noAnswer,
  type OnewayOptions,
} from './calls.js';
import { type DataVersionOutcome, queryDataVersion, queryDataVersionMaker } from './data-version-query.js';
import { type BrokerHaInfo, exchangeBrokerHaInfo } from './ha-info.js';
import { getKVConfigValue, getKVListByNamespace } from './kv-config.js';
import { type MemberGroupOptions, syncBrokerMemberGroup } from './member-group.js';
import {
  type BrokerIdentity,
  type BrokerRegistration,
  readRegistration,
  type RegisterBrokerResult,
  registrationMaker,
  type RegisterOptions,
} from './registration.js';
import { allGroups, allTopics, copyAll } from './slave-sync.js';

/** Lists of topics that a name server has, by the request that asks for each. */
const topicLists = {
  all: requests.GET_ALL_TOPIC_LIST_FROM_NAMESERVER,
  system: requests.GET_SYSTEM_TOPIC_LIST_FROM_NS,
  unit: requests.GET_UNIT_TOPIC_LIST,
  hasUnitSub: requests.GET_HAS_UNIT_SUB_TOPIC_LIST,
  hasUnitSubUnUnit: requests.GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST,
} as const;

/** Name of a list of topics that a name server has. */
export type TopicListKind = keyof typeof topicLists;

/**
 * What a broker asks of name servers and of other brokers: to be known, and to copy its master. Source: Java
 * `BrokerOuterAPI`.
 *
 * Calls to one peer reject with an `MQBrokerError` when it answers with another code than SUCCESS, with an
 * `MQClientError` when its answer cannot be read, and with a `RemotingError` when there is none; each names address and
 * request code. Calls to all name servers run at the same time and resolve with an outcome for each, so that one that
 * fails neither delays nor hides another.
 *
 * @example
 * const api = new BrokerOuterAPI({ nameServers: ['127.0.0.1:9876'] });
 * api.start();
 * const outcomes = await api.registerBrokerAll({ clusterName, brokerName, brokerAddr, brokerId: 0, haServerAddr, topicConfigWrapper });
 */
export class BrokerOuterAPI implements HoldsRemoting {
  /** The client beneath: for what the API does not name. */
  readonly remotingClient: RemotingClient;
  /** Where addresses of name servers are asked for. */
  readonly topAddressing: TopAddressing;
  private readonly calls: Calls;
  private readonly version: number;
  private readonly pollsAddresses: boolean;
  private readonly observed: readonly ObservedRemoting[];

  /** @throws {OptionsError} naming all wrong options */
  constructor(options: BrokerOuterOptions = {}, rpcHook?: RPCHook) {
    const { own, remoting } = splitBrokerOuterOptions(options);
    const { logger, nameServers } = remoting;
    this.remotingClient = new RemotingClient(remoting);
    if (nameServers !== undefined) this.updateNameServerAddressList(nameServers);
    this.version = remoting.version ?? MQVersion.V5_5_0;
    this.calls = new Calls(this.remotingClient, own.timeoutMs);
    this.observed = [{ role: 'client', name: own.name, remoting: this.remotingClient }];
    this.topAddressing = new TopAddressing({ ...(logger === undefined ? {} : { logger }), ...own.topAddressing });
    this.topAddressing.registerChangeCallBack({
      onNameServerAddressChange: addresses => this.updateNameServerAddressList(addresses),
    });
    this.pollsAddresses = own.fetchNamesrvAddrByAddressServer;
    if (own.acl !== undefined) this.registerRPCHook(new AclClientRPCHook(own.acl));
    if (rpcHook !== undefined) this.registerRPCHook(rpcHook);
  }

  [OBSERVED_REMOTING](): readonly ObservedRemoting[] {
    return this.observed;
  }

  /** Makes calls possible, also after `shutdown()`; nothing is connected yet. */
  start(): void {
    this.remotingClient.start();
    if (this.pollsAddresses) this.topAddressing.start();
  }

  /** Fails what is in flight and closes all connections. Resolves when they are closed. Idempotent. */
  async shutdown(): Promise<void> {
    this.topAddressing.shutdown();
    await this.remotingClient.shutdown();
  }

  /** Adds a hook that sees requests and answers. */
  registerRPCHook(rpcHook: RPCHook): void {
    this.remotingClient.registerRPCHook(rpcHook);
  }

  /**
   * Asks the address server now, and uses what it names when that has changed. Never rejects: a failure is told as
   * {@link TopAddressing.fetchNSAddr} does, and the old list stays.
   *
   * @returns the list that was learnt last, `;` between the addresses; `undefined` when none was yet
   */
  async fetchNameServerAddr(): Promise<string | undefined> {
    return this.topAddressing.fetchNSAddr();
  }

  /**
   * Sets the name servers: a list, or text with `;` between them. The same ones in another order change nothing, none
   * at all neither.
   *
   * @throws {OptionsError} when one is no `host:port`; then the old list stays
   */
  updateNameServerAddressList(addresses: string | readonly string[]): void {
    this.remotingClient.updateNameServerAddressList(parseAddressList(addresses));
  }

  /** The name servers in the order in which they are tried. */
  getNameServerAddressList(): readonly string[] {
    return this.remotingClient.getNameServerAddressList();
  }

  /** Registers a broker with one name server; `undefined` where no answer was wanted. Errors as the class says. */
  async registerBroker(
    nameServer: string,
    registration: BrokerRegistration,
    options: RegisterOptions = {},
  ): Promise<RegisterBrokerResult | undefined> {
    const make = registrationMaker(registration, options.compressed === true, this.version);
    return this.calls.tell(nameServer, make(), readRegistration, options);
  }

  /**
   * Registers a broker with all name servers.
   *
   * @throws {RemotingCommandError} when the registration cannot be written; what name servers do is in the outcomes
   */
  async registerBrokerAll(
    registration: BrokerRegistration,
    options: RegisterOptions = {},
  ): Promise<NameServerOutcome<RegisterBrokerResult>[]> {
    const make = registrationMaker(registration, options.compressed === true, this.version);
    return this.calls.tellAll(make, readRegistration, options);
  }

  /** Takes a broker off one name server. */
  async unregisterBroker(nameServer: string, broker: BrokerIdentity, options?: CallOptions): Promise<void> {
    await this.calls.ask(nameServer, createRequest(requests.UNREGISTER_BROKER, broker), noAnswer, options);
  }

  /** Takes a broker off all name servers. */
  async unregisterBrokerAll(broker: BrokerIdentity, options: CallOptions = {}): Promise<NameServerOutcome[]> {
    return this.calls.tellAll(() => createRequest(requests.UNREGISTER_BROKER, broker), noAnswer, options);
  }

  /**
   * Asks all name servers whether they know another version of a broker's topics, so that it must register. One that
   * cannot be asked counts as changed. Name servers take the question for a sign of life.
   */
  async needRegister(
    broker: BrokerIdentity,
    dataVersion: DataVersion,
    options: CallOptions = {},
  ): Promise<DataVersionOutcome[]> {
    return queryDataVersion(this.calls, broker, dataVersion, options);
  }

  /**
   * Tells all name servers that a broker lives; oneway unless `options.oneway` is false. Those before 5.0 ignore it and
   * never answer: {@link sendHeartbeatViaDataVersion} is for them.
   */
  async sendHeartbeat(broker: BrokerIdentity, options: OnewayOptions = {}): Promise<NameServerOutcome[]> {
    const make = () => createRequest(requests.BROKER_HEARTBEAT, broker);
    return this.calls.tellAll(make, noAnswer, { oneway: true, ...options });
  }

  /** As {@link sendHeartbeat}, for name servers of every release that have the topics of that version. */
  async sendHeartbeatViaDataVersion(
    broker: BrokerIdentity,
    dataVersion: DataVersion,
    options: OnewayOptions = {},
  ): Promise<NameServerOutcome[]> {
    const make = queryDataVersionMaker(broker, dataVersion);
    return this.calls.tellAll(make, noAnswer, { oneway: true, ...options });
  }

  /**
   * The brokers of one name that live, from one name server; no addresses when it knows none. A name server before 5.0
   * never answers, unless `options.compatibleWithOldNameSrv` is set.
   */
  async syncBrokerMemberGroup(
    clusterName: string,
    brokerName: string,
    options?: MemberGroupOptions,
  ): Promise<BrokerMemberGroup> {
    return syncBrokerMemberGroup(this.calls, clusterName, brokerName, options);
  }

  /** Clusters and brokers that one name server knows. */
  async getBrokerClusterInfo(options?: CallOptions): Promise<ClusterInfo> {
    return this.calls.ask(null, createRequest(requests.GET_BROKER_CLUSTER_INFO), bodyBy(decodeClusterInfo), options);
  }

  /** Where a topic is, from one name server; for an unknown one an `MQBrokerError` with TOPIC_NOT_EXIST. */
  async getTopicRouteInfoFromNameServer(topic: string, options?: CallOptions): Promise<TopicRouteData> {
    const request = createRequest(requests.GET_ROUTEINFO_BY_TOPIC, { topic });
    return this.calls.ask(null, request, bodyBy(decodeTopicRouteData), options);
  }

  /** Names of topics from one name server: all, or those of a kind. */
  async getTopicListFromNameServer(kind: TopicListKind = 'all', options?: CallOptions): Promise<TopicList> {
    return this.calls.ask(null, createRequest(topicLists[kind]), bodyBy(decodeTopicList), options);
  }

  /** Names of the topics of a cluster from one name server. */
  async getTopicsByCluster(cluster: string, options?: CallOptions): Promise<TopicList> {
    const request = createRequest(requests.GET_TOPICS_BY_CLUSTER, { cluster });
    return this.calls.ask(null, request, bodyBy(decodeTopicList), options);
  }

  /** Stores a value in all name servers; rejects when one of them does not have it then. */
  async putKVConfigValue(namespace: string, key: string, value: string, options?: CallOptions): Promise<void> {
    await this.calls.allMust(() => createRequest(requests.PUT_KV_CONFIG, { namespace, key, value }), options);
  }

  /** The value under namespace and key of one name server; `undefined` where there is none. */
  async getKVConfigValue(namespace: string, key: string, options?: CallOptions): Promise<string | undefined> {
    return getKVConfigValue(this.calls, namespace, key, options);
  }

  /** All keys and values of a namespace of one name server; an empty table where there are none. */
  async getKVListByNamespace(namespace: string, options?: CallOptions): Promise<KVTable> {
    return getKVListByNamespace(this.calls, namespace, options);
  }

  /** Deletes a value from all name servers; rejects when one of them may still have it. */
  async deleteKVConfigValue(namespace: string, key: string, options?: CallOptions): Promise<void> {
    await this.calls.allMust(() => createRequest(requests.DELETE_KV_CONFIG, { namespace, key }), options);
  }

  /** All topics of a master (`host:port`), copied in pages where it has many; the time-out is that of a page. */
  async getAllTopicConfig(address: string, options?: CallOptions): Promise<TopicConfigSerializeWrapper> {
    return copyAll(this.calls, address, allTopics, options);
  }

  /** How far groups have consumed the queues of a master. */
  async getAllConsumerOffset(address: string, options?: CallOptions): Promise<ConsumerOffsetSerializeWrapper> {
    return this.calls.ask(
      address,
      createRequest(requests.GET_ALL_CONSUMER_OFFSET),
      bodyBy(decodeConsumerOffsetWrapper),
      options,
    );
  }

  /** Offsets of the delay levels of a master: the text of its file, as it is. */
  async getAllDelayOffset(address: string, options?: CallOptions): Promise<string> {
    return this.calls.ask(
      address,
      createRequest(requests.GET_ALL_DELAY_OFFSET),
      response => response.bodyText,
      options,
    );
  }

  /** All consumer groups of a master, copied as {@link getAllTopicConfig} does. */
  async getAllSubscriptionGroupConfig(address: string, options?: CallOptions): Promise<SubscriptionGroupWrapper> {
    return copyAll(this.calls, address, allGroups, options);
  }

  /**
   * Asks a master for its replication addresses and offset; or tells them to a slave, when `info` is given.
   *
   * @returns what the master says; empty from a slave
   */
  async exchangeBrokerHaInfo(address: string, info?: BrokerHaInfo, options?: CallOptions): Promise<BrokerHaInfo> {
    return exchangeBrokerHaInfo(this.calls, address, info, options);
  }
}
