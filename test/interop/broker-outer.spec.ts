import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BrokerOuterAPI } from '../../src/broker-outer/broker-outer-api.js';
import type { BrokerRegistration } from '../../src/broker-outer/registration.js';
import { newDataVersion, nextDataVersion } from '../../src/protocol/body/data-version.js';
import { topicConfigOf } from '../../src/protocol/body/topic-config.js';
import { topicConfigWrapperOf } from '../../src/protocol/body/topic-config-wrapper.js';
import { MQVersion } from '../../src/protocol/mq-version.js';
import { RemotingCommand } from '../../src/protocol/remoting-command.js';
import { requests } from '../../src/protocol/requests/index.js';
import { ResponseCode } from '../../src/protocol/response-codes.js';
import type { RequestDefinition } from '../../src/protocol/schema/define-request.js';
import { RemotingServer } from '../../src/remoting/remoting-server.js';
import { mqadmin } from './helpers/mqadmin.js';
import { CLUSTER_NAME, type RealBroker, type RealServer, startBroker, startNameServer } from './helpers/rocketmq.js';
import { describeInterop } from './helpers/tools.js';

const topicOf = (number: number): string => `copied-${String(number).padStart(2, '0')}`;

const registeredAt = (outcomes: readonly { nameServer: string; result?: unknown }[]): string[] =>
  outcomes.filter(({ result }) => result !== undefined).map(({ nameServer }) => nameServer);

/** A value that mqadmin shows: a flag, a number or a name. */
const parsed = (value = ''): unknown => (/^(true|false|\d+)$/.test(value) ? JSON.parse(value) : value);

/** Our broker's own port: tools ask it for its state. */
const startOurServer = async (): Promise<RemotingServer> => {
  const server = new RemotingServer({ port: 0 });
  server.registerProcessor(requests.GET_BROKER_RUNTIME_INFO.code, {
    processRequest: () =>
      RemotingCommand.createResponseCommand(ResponseCode.SUCCESS, undefined, '{"table":{"brokerVersionDesc":"OURS"}}'),
  });
  await server.start();
  return server;
};

const OUR_CLUSTER = 'OurCluster';
const MANY_TOPICS = 25;

/** Waits for what a server does by itself a moment later. */
const until = async <T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> => {
  const end = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
};

describeInterop('BrokerOuterAPI', release => {
  const isOld = release === '4.9.7';
  let nameServers: RealServer[];
  let broker: RealBroker;
  let api: BrokerOuterAPI;
  const list = () => nameServers.map(({ address }) => address).join(';');
  const namesOfBrokers = async () => Object.keys((await api.getBrokerClusterInfo()).brokerAddrTable);

  const tell = async <Req, Res>(row: RequestDefinition<Req, Res>, header?: Req, body?: string): Promise<void> => {
    const request = RemotingCommand.createRequestCommand(row, header, body);
    const { code, remark } = await api.remotingClient.invokeSync(broker.address, request, 10_000);
    if (code !== ResponseCode.SUCCESS) throw new Error(`${code} ${remark}`);
  };

  const all = (changed: boolean) => nameServers.map(() => ({ changed, error: undefined }));

  beforeAll(async () => {
    nameServers = await Promise.all([startNameServer(release), startNameServer(release)]);
    broker = await startBroker(release, nameServers);
  });
  afterAll(async () => {
    await broker?.kill();
    await Promise.all((nameServers ?? []).map(each => each.kill()));
  });
  beforeEach(() => {
    api = new BrokerOuterAPI({ timeoutMs: 10_000 });
    api.updateNameServerAddressList(list());
    api.start();
  });
  afterEach(() => api.shutdown());

  describe.each([
    ['plain', false],
    ['compressed', true],
  ] as const)('a broker that we register, %s', (how, compressed) => {
    const brokerName = `ours-${how}`;
    const topic = `topic-of-${brokerName}`;
    const version = newDataVersion();
    const topics = [topicConfigOf({ topicName: topic, readQueueNums: 5, writeQueueNums: 3, perm: 6 })];
    const mapping = { topic, scope: '__global__', totalQueues: 2, bname: brokerName, epoch: 1, dirty: false };
    const stretch = { gen: 0, queueId: 4, bname: brokerName, logicOffset: 0, startOffset: 0, endOffset: -1 };
    const detail = {
      ...mapping,
      currIdMap: {},
      hostedQueues: { 1: [{ ...stretch, timeOfStart: -1, timeOfEnd: -1 }] },
    };
    // releases before 5.0 read no attributes in a compressed registration
    const attributes: Record<string, string> = isOld ? {} : { 'message.type': 'two words' };
    let ourServer: RemotingServer;
    let registration: BrokerRegistration;
    let slave: BrokerRegistration;

    beforeAll(async () => {
      ourServer = await startOurServer();
      registration = {
        clusterName: OUR_CLUSTER,
        brokerName,
        brokerAddr: `127.0.0.1:${ourServer.localListenPort()}`,
        brokerId: 0,
        haServerAddr: '127.0.0.1:2',
        enableActingMaster: true,
        topicConfigWrapper: topicConfigWrapperOf(
          [...topics, topicConfigOf({ topicName: brokerName, attributes })],
          version,
          { topicQueueMappingDetailMap: { [topic]: detail } },
        ),
      };
      slave = { ...registration, brokerId: 1, brokerAddr: '127.0.0.1:3', haServerAddr: '127.0.0.1:4' };
    });
    afterAll(() => ourServer?.shutdown());

    it('shows in mqadmin and in routes, knows its master, and is gone after unregistering', async () => {
      const outcomes = await api.registerBrokerAll(registration, { compressed });
      expect(registeredAt(outcomes).toSorted()).toEqual(nameServers.map(each => each.address).toSorted());
      expect(outcomes[0]?.result?.kvTable).toEqual({ table: {} });

      const route = await api.getTopicRouteInfoFromNameServer(topic);
      expect(route.queueDatas).toEqual([{ brokerName, readQueueNums: 5, writeQueueNums: 3, perm: 6, topicSysFlag: 0 }]);
      expect(route.brokerDatas).toEqual([
        expect.objectContaining({ cluster: OUR_CLUSTER, brokerName, brokerAddrs: { 0: registration.brokerAddr } }),
      ]);
      if (!isOld) {
        expect(route.brokerDatas[0]?.enableActingMaster).toBe(true);
        expect(route.topicQueueMappingByBroker?.[brokerName]).toMatchObject({ totalQueues: 2, currIdMap: { 1: 4 } });
      }
      expect((await api.getTopicListFromNameServer()).topicList).toContain(topic);
      expect((await api.getTopicsByCluster(OUR_CLUSTER)).topicList).toContain(topic);

      const [shown, ...clusterLists] = await Promise.all([
        mqadmin(release, 'topicRoute', '-t', topic, '-n', list()),
        ...nameServers.map(({ address }) => mqadmin(release, 'clusterList', '-n', address)),
      ]);
      for (const each of clusterLists) {
        expect(each).toMatch(new RegExp(`${OUR_CLUSTER}\\s+${brokerName}\\s+0\\s+${registration.brokerAddr}\\s+OURS`));
      }
      expect(shown).toContain(registration.brokerAddr);
      expect(JSON.parse(shown.replaceAll(/([{,]\s*)(\d+):/g, '$1"$2":'))).toMatchObject({
        queueDatas: [{ brokerName, readQueueNums: 5, writeQueueNums: 3, perm: 6 }],
      });

      const ofSlave = await api.registerBrokerAll(slave, { compressed });
      expect(ofSlave.map(({ result }) => result)).toEqual(
        nameServers.map(() =>
          expect.objectContaining({ masterAddr: registration.brokerAddr, haServerAddr: '127.0.0.1:2' }),
        ),
      );
      expect(await api.syncBrokerMemberGroup(OUR_CLUSTER, brokerName, { compatibleWithOldNameSrv: isOld })).toEqual({
        cluster: OUR_CLUSTER,
        brokerName,
        brokerAddrs: { 0: registration.brokerAddr, 1: '127.0.0.1:3' },
      });

      for (const each of [slave, registration]) {
        expect(await api.unregisterBrokerAll(each)).toEqual(
          nameServers.map(() => ({ nameServer: expect.any(String) as unknown })),
        );
      }
      await until(namesOfBrokers, names => !names.includes(brokerName));
      await until(
        () => api.getTopicRouteInfoFromNameServer(topic).catch((error: unknown) => error),
        answer => answer instanceof Error,
      );
      await expect(api.getTopicRouteInfoFromNameServer(topic)).rejects.toMatchObject({
        code: 'RMQ_BROKER',
        responseCode: ResponseCode.TOPIC_NOT_EXIST,
        requestCode: requests.GET_ROUTEINFO_BY_TOPIC.code,
        address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      });
      const clusters = await mqadmin(release, 'clusterList', '-n', list());
      expect(clusters).not.toContain(brokerName);
      expect(clusters).toContain(broker.brokerName);
    });

    it('needs to register where its data version is not known', async () => {
      const changes = async (dataVersion = version) =>
        (await api.needRegister(registration, dataVersion)).map(({ changed, error }) => ({ changed, error }));
      expect(await changes()).toEqual(all(true));
      await api.registerBrokerAll(registration, { compressed });
      expect(await changes()).toEqual(all(false));
      expect(await changes(nextDataVersion(version))).toEqual(all(true));
      const [first] = await api.needRegister(registration, nextDataVersion(version));
      expect(first?.dataVersion).toEqual(version);
      await api.unregisterBrokerAll(registration);
      await until(namesOfBrokers, names => !names.includes(brokerName));
    });

    it('can register oneway, and is gone when its connection is', async () => {
      const other = new BrokerOuterAPI({ nameServers: nameServers.map(({ address }) => address) });
      other.start();
      const outcomes = await other.registerBrokerAll(registration, { compressed, oneway: true });
      expect(outcomes).toEqual(nameServers.map(() => ({ nameServer: expect.any(String) as unknown })));
      await until(namesOfBrokers, names => names.includes(brokerName));
      expect((await other.sendHeartbeat(registration)).every(({ error }) => error === undefined)).toBe(true);
      expect((await other.sendHeartbeatViaDataVersion(registration, version)).map(({ error }) => error)).toEqual(
        nameServers.map(() => undefined),
      );
      const asked = await other.sendHeartbeat(registration, { oneway: false, ...(isOld ? { timeoutMs: 300 } : {}) });
      expect(asked.map(({ error }) => error)).toEqual(
        nameServers.map(() =>
          // name servers of 4.x never answer what they do not know
          isOld ? expect.objectContaining({ code: 'RMQ_REMOTING_TIMEOUT', requestCode: 904 }) : undefined,
        ),
      );
      await other.shutdown();
      await until(namesOfBrokers, names => !names.includes(brokerName));
    });

    it('with attributes is for the release that the API names', async () => {
      const ours = new BrokerOuterAPI({
        nameServers: nameServers.map(({ address }) => address),
        version: isOld ? MQVersion.V4_9_7 : MQVersion.V5_5_0,
      });
      ours.start();
      const topicConfigWrapper = topicConfigWrapperOf(
        [...topics, topicConfigOf({ topicName: 'other', attributes: { a: 'b c' } })],
        version,
      );
      const other = { ...registration, topicConfigWrapper };
      const outcomes = await ours.registerBrokerAll(other, { compressed });
      expect(outcomes.map(({ error }) => error)).toEqual(nameServers.map(() => undefined));
      expect((await ours.getTopicRouteInfoFromNameServer('other')).queueDatas).toHaveLength(1);
      await ours.shutdown();
      await until(namesOfBrokers, names => !names.includes(brokerName));
    });

    (isOld ? it.skip : it)('is forgotten after the time-out that it named', async () => {
      // the name server closes the connection of a broker that it forgets: others look whether it is known
      const ours = new BrokerOuterAPI({ nameServers: nameServers.map(({ address }) => address) });
      ours.start();
      await ours.registerBrokerAll({ ...registration, heartbeatTimeoutMs: 500 }, { compressed });
      expect(await namesOfBrokers()).toContain(brokerName);
      // it looks every five seconds
      await until(namesOfBrokers, names => !names.includes(brokerName));
      await until(
        () => Promise.resolve(ours.remotingClient.connectedAddresses),
        connected => connected.length === 0,
      );
      await ours.shutdown();
    });
  });

  it('keeps values in all name servers', async () => {
    const namespace = 'ours';
    await api.putKVConfigValue(namespace, 'key', 'Wert ☕');
    for (const { address } of nameServers) {
      api.updateNameServerAddressList([address]);
      expect(await api.getKVConfigValue(namespace, 'key')).toBe('Wert ☕');
      expect(await api.getKVListByNamespace(namespace)).toEqual({ table: { key: 'Wert ☕' } });
    }
    api.updateNameServerAddressList(list());
    await api.deleteKVConfigValue(namespace, 'key');
    expect(await api.getKVConfigValue(namespace, 'key')).toBeUndefined();
    expect(await api.getKVListByNamespace('nowhere')).toEqual({ table: {} });
  });

  it.each(['system', 'unit', 'hasUnitSub', 'hasUnitSubUnUnit'] as const)('reads the list of %s topics', async kind => {
    expect((await api.getTopicListFromNameServer(kind)).topicList).toEqual(expect.any(Array));
  });

  describe('copies from a real master', () => {
    const group = 'group-to-copy';
    beforeAll(async () => {
      await mqadmin(release, 'updateSubGroup', '-b', broker.address, '-g', group, '-r', '7', '-n', list());
      await mqadmin(release, 'updateTopic', '-b', broker.address, '-t', topicOf(0), '-r', '5', '-w', '3', '-n', list());
    });
    beforeEach(async () => {
      for (let number = 1; number < MANY_TOPICS; number++) {
        await tell(requests.UPDATE_AND_CREATE_TOPIC, {
          topic: topicOf(number),
          defaultTopic: 'TBW102',
          readQueueNums: 1,
          writeQueueNums: 1,
          perm: 6,
          topicFilterType: 'SINGLE_TAG',
          topicSysFlag: 0,
          order: number === 1,
        });
      }
    });

    it('topics, as mqadmin shows them', async () => {
      const { topicConfigTable, dataVersion } = await api.getAllTopicConfig(broker.address);
      expect(topicConfigTable[topicOf(0)]).toEqual(
        topicConfigOf({ topicName: topicOf(0), readQueueNums: 5, writeQueueNums: 3 }),
      );
      // 4.x brokers do not keep it
      expect(topicConfigTable[topicOf(1)]?.order).toBe(!isOld);
      expect(dataVersion.counter).toBeGreaterThan(0);
      const shown = (await mqadmin(release, 'topicList', '-n', list())).split('\n').map(line => line.trim());
      const ours = Object.keys(topicConfigTable).filter(name => name.startsWith('copied-'));
      expect(ours.toSorted()).toEqual(shown.filter(name => name.startsWith('copied-')).toSorted());
      expect(ours).toHaveLength(MANY_TOPICS);
    });

    (isOld ? it.skip : it)('topics and groups, in pages as small as the master wants them', async () => {
      const whole = await api.getAllTopicConfig(broker.address);
      const wholeGroups = await api.getAllSubscriptionGroupConfig(broker.address);
      for (const size of [1, 4]) {
        await tell(requests.UPDATE_BROKER_CONFIG, {}, `splitMetadataSize=${size}\n`);
        expect(await api.getAllTopicConfig(broker.address)).toEqual(whole);
        expect(await api.getAllSubscriptionGroupConfig(broker.address)).toEqual(wholeGroups);
      }
      await tell(requests.UPDATE_BROKER_CONFIG, {}, 'splitMetadataSize=2000\n');
    });

    it('consumer offsets, as a consumer and then mqadmin set them', async () => {
      const queueIds = [0, 1, 2, 3, 4];
      const offsets = async () =>
        (await api.getAllConsumerOffset(broker.address)).offsetTable[`${topicOf(0)}@${group}`];
      for (const queueId of queueIds) {
        const header = { consumerGroup: group, topic: topicOf(0), queueId, commitOffset: queueId };
        await tell(requests.UPDATE_CONSUMER_OFFSET, header);
      }
      expect(await offsets()).toEqual({ 0: 0, 1: 1, 2: 2, 3: 3, 4: 4 });
      // to the end of every queue; none has a message
      await mqadmin(release, 'skipAccumulatedMessage', '-g', group, '-t', topicOf(0), '-n', list());
      expect(await offsets()).toEqual({ 0: 0, 1: 0, 2: 0, 3: 0, 4: 0 });
    });

    it('offsets of the delay levels, as text', async () => {
      const text = await api.getAllDelayOffset(broker.address);
      expect(JSON.parse(text)).toHaveProperty('offsetTable');
    });

    it('consumer groups, as mqadmin made them', async () => {
      const { subscriptionGroupTable } = await api.getAllSubscriptionGroupConfig(broker.address);
      expect(subscriptionGroupTable[group]).toMatchObject({ groupName: group, retryMaxTimes: 7, brokerId: 0 });
      expect(Object.keys(subscriptionGroupTable)).toContain('TOOLS_CONSUMER');
      const shown = await mqadmin(release, 'getConsumerConfig', '-g', group, '-n', list());
      const fields = [...shown.matchAll(/^(\w+) += {2}(\w+)$/gm)].map(([, name = '', value]) => [name, value] as const);
      expect(fields.length).toBeGreaterThanOrEqual(8);
      for (const [name, value] of fields) expect(subscriptionGroupTable[group]).toHaveProperty(name, parsed(value));
    });

    it('where it stands, if it is of 5.x', async () => {
      const asked = api.exchangeBrokerHaInfo(broker.address);
      if (isOld) {
        await expect(asked).rejects.toMatchObject({
          responseCode: ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
          address: broker.address,
          requestCode: 906,
        });
        return;
      }
      expect(await asked).toEqual({
        masterHaAddress: expect.stringMatching(/:\d+$/) as unknown,
        masterFlushOffset: expect.any(Number) as unknown,
        masterAddress: broker.address,
      });
    });

    it('who lives of its name', async () => {
      expect(
        await api.syncBrokerMemberGroup(CLUSTER_NAME, broker.brokerName, { compatibleWithOldNameSrv: isOld }),
      ).toEqual({
        cluster: CLUSTER_NAME,
        brokerName: broker.brokerName,
        brokerAddrs: { 0: broker.address },
      });
      for (const compatibleWithOldNameSrv of isOld ? [true] : [false, true]) {
        const nobody = await api.syncBrokerMemberGroup(CLUSTER_NAME, 'nobody', { compatibleWithOldNameSrv });
        expect(nobody).toEqual({ cluster: CLUSTER_NAME, brokerName: 'nobody', brokerAddrs: {} });
      }
    });
  });
});
