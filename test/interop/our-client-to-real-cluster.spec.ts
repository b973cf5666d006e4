import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeClusterInfo } from '../../src/protocol/body/cluster-info.js';
import { decodeKVTable } from '../../src/protocol/body/kv-table.js';
import { decodeTopicList } from '../../src/protocol/body/topic-list.js';
import { decodeTopicRouteData } from '../../src/protocol/body/topic-route-data.js';
import { MQVersion } from '../../src/protocol/mq-version.js';
import { RemotingCommand } from '../../src/protocol/remoting-command.js';
import { requests } from '../../src/protocol/requests/index.js';
import { ResponseCode } from '../../src/protocol/response-codes.js';
import type { RequestDefinition } from '../../src/protocol/schema/define-request.js';
import { RemotingClient } from '../../src/remoting/remoting-client.js';
import { SERIALIZE_TYPES } from './helpers/java-remoting.js';
import { CLUSTER_NAME, type RealBroker, type RealServer, startBroker, startNameServer } from './helpers/rocketmq.js';
import { describeInterop } from './helpers/tools.js';

/** What the servers of a release say of themselves, and the language that a client may name to them. */
const RELEASES = {
  '4.9.7': { version: MQVersion.V4_9_7, description: 'V4_9_7', language: 'OTHER' },
  '5.5.0': { version: MQVersion.V5_5_0, description: 'V5_5_0', language: 'NODE_JS' },
} as const;

const READ_AND_WRITE = 6;

const bodyOf = (response: RemotingCommand): Buffer => {
  if (response.code !== ResponseCode.SUCCESS) throw new Error(`answered ${response.code}: ${response.remark}`);
  return response.body ?? Buffer.alloc(0);
};

describeInterop('our client at a real name server and broker', release => {
  let nameServer: RealServer;
  let broker: RealBroker;

  beforeAll(async () => {
    nameServer = await startNameServer(release);
    broker = await startBroker(release, [nameServer]);
  });
  afterAll(async () => {
    await broker?.kill();
    await nameServer?.kill();
  });

  describe.each(SERIALIZE_TYPES)('with %s headers', serializeType => {
    const topic = `interop-${serializeType}`;
    const namespace = `interop-${serializeType}`;
    let client: RemotingClient;

    beforeAll(() => {
      client = new RemotingClient({ serializeType });
      client.start();
      client.updateNameServerAddressList([nameServer.address]);
    });
    afterAll(() => client.shutdown());

    /** Asks the name server (address null) or a broker. */
    const ask = <Req, Res>(
      address: string | null,
      request: RequestDefinition<Req, Res>,
      header?: Req,
      body?: string,
    ): Promise<RemotingCommand> =>
      client.invokeSync(address, RemotingCommand.createRequestCommand(request, header, body), 10_000);

    it('reads the cluster info, whose broker ids are no JSON keys', async () => {
      const clusterInfo = decodeClusterInfo(bodyOf(await ask(null, requests.GET_BROKER_CLUSTER_INFO)));
      const { brokerName, address } = broker;
      expect(clusterInfo.clusterAddrTable).toEqual({ [CLUSTER_NAME]: [brokerName] });
      expect(clusterInfo.brokerAddrTable).toEqual({
        [brokerName]: expect.objectContaining({ cluster: CLUSTER_NAME, brokerName, brokerAddrs: { 0: address } }),
      });
    });

    it('is told the release of both servers', async () => {
      const { version } = RELEASES[release];
      expect(await ask(null, requests.GET_BROKER_CLUSTER_INFO)).toMatchObject({ version, language: 'JAVA' });
      expect(await ask(broker.address, requests.GET_BROKER_RUNTIME_INFO)).toMatchObject({ version, language: 'JAVA' });
    });

    it('reads the runtime info of the broker', async () => {
      const { table } = decodeKVTable(bodyOf(await ask(broker.address, requests.GET_BROKER_RUNTIME_INFO)));
      expect(table['brokerVersionDesc']).toBe(RELEASES[release].description);
      expect(Number(table['bootTimestamp'])).toBeGreaterThan(0);
    });

    it('creates a topic and finds it in the topic list and by its route', async () => {
      const created = await ask(broker.address, requests.UPDATE_AND_CREATE_TOPIC, {
        topic,
        defaultTopic: 'TBW102',
        readQueueNums: 3,
        writeQueueNums: 2,
        perm: READ_AND_WRITE,
        topicFilterType: 'SINGLE_TAG',
        topicSysFlag: 0,
        order: false,
      });
      expect(created.code).toBe(ResponseCode.SUCCESS);

      // The broker tells its name servers by itself, a moment later.
      let topics: readonly string[] = [];
      while (!topics.includes(topic)) {
        topics = decodeTopicList(bodyOf(await ask(null, requests.GET_ALL_TOPIC_LIST_FROM_NAMESERVER))).topicList;
      }
      expect(topics).toContain('TBW102');

      const { brokerName, address } = broker;
      for (const acceptStandardJsonOnly of [false, true]) {
        const response = await ask(null, requests.GET_ROUTEINFO_BY_TOPIC, { topic, acceptStandardJsonOnly });
        const route = decodeTopicRouteData(bodyOf(response));
        expect(route.queueDatas).toEqual([
          { brokerName, readQueueNums: 3, writeQueueNums: 2, perm: READ_AND_WRITE, topicSysFlag: 0 },
        ]);
        expect(route.brokerDatas).toEqual([
          expect.objectContaining({ cluster: CLUSTER_NAME, brokerName, brokerAddrs: { 0: address } }),
        ]);
      }
    });

    it('reads the route of a client of old, whose broker ids are no JSON keys', async () => {
      const old = new RemotingClient({ serializeType, version: MQVersion.V4_9_3, nameServers: [nameServer.address] });
      old.start();
      try {
        const request = RemotingCommand.createRequestCommand(requests.GET_ROUTEINFO_BY_TOPIC, { topic: 'TBW102' });
        const body = bodyOf(await old.invokeSync(null, request, 10_000));
        expect(body.toString()).toContain('{0:"');
        expect(decodeTopicRouteData(body).brokerDatas[0]?.brokerAddrs).toEqual({ 0: broker.address });
      } finally {
        await old.shutdown();
      }
    });

    it('is refused the route of a topic that is not there', async () => {
      const response = await ask(null, requests.GET_ROUTEINFO_BY_TOPIC, { topic: 'nowhere' });
      expect(response.code).toBe(ResponseCode.TOPIC_NOT_EXIST);
      expect(response.remark).toContain('No topic route info in name server for the topic: nowhere');
    });

    it('puts, gets, lists and deletes what the name server keeps under keys', async () => {
      const value = 'Größe → 5 "Zeichen"';
      const get = (): Promise<RemotingCommand> => ask(null, requests.GET_KV_CONFIG, { namespace, key: 'size' });
      const put = await ask(null, requests.PUT_KV_CONFIG, { namespace, key: 'size', value });
      expect(put.code).toBe(ResponseCode.SUCCESS);

      const found = await get();
      expect(found.code).toBe(ResponseCode.SUCCESS);
      expect(found.decodeHeader(requests.GET_KV_CONFIG.response)).toEqual({ value });

      const listed = await ask(null, requests.GET_KVLIST_BY_NAMESPACE, { namespace });
      expect(decodeKVTable(bodyOf(listed)).table).toEqual({ size: value });

      const deleted = await ask(null, requests.DELETE_KV_CONFIG, { namespace, key: 'size' });
      expect(deleted.code).toBe(ResponseCode.SUCCESS);
      expect((await get()).code).toBe(ResponseCode.QUERY_NOT_FOUND);
    });

    it('names the language that the broker knows, from its second call on', async () => {
      const producerGroup = `producers-${serializeType}`;
      const clientID = `127.0.0.1@${serializeType}`;
      await ask(broker.address, requests.GET_BROKER_RUNTIME_INFO);
      const heartbeat = JSON.stringify({
        clientID,
        producerDataSet: [{ groupName: producerGroup }],
        consumerDataSet: [],
        heartbeatFingerprint: 0,
        withoutSub: false,
      });
      expect((await ask(broker.address, requests.HEART_BEAT, {}, heartbeat)).code).toBe(ResponseCode.SUCCESS);

      const listed = await ask(broker.address, requests.GET_PRODUCER_CONNECTION_LIST, { producerGroup });
      expect(JSON.parse(bodyOf(listed).toString())).toMatchObject({
        connectionSet: [{ clientId: clientID, language: RELEASES[release].language, version: MQVersion.V5_5_0 }],
      });
    });

    it('sends codes that do not fit a ROCKETMQ header whole', async () => {
      const response = await ask(broker.address, requests.POP_MESSAGE, {
        consumerGroup: 'poppers',
        topic: 'nowhere',
        queueId: -1,
        maxMsgNums: 1,
        invisibleTime: 10_000,
        pollTime: 0,
        bornTime: Date.now(),
        initMode: 0,
      });
      expect(response).toMatchObject(
        release === '4.9.7'
          ? { code: ResponseCode.REQUEST_CODE_NOT_SUPPORTED, remark: ' request type 200050 not supported' }
          : { code: ResponseCode.TOPIC_NOT_EXIST },
      );
    });

    it('is answered each of many calls in flight with its own answer', async () => {
      const keys = Array.from({ length: 200 }, (_, index) => `key-${index}`);
      await Promise.all(
        keys.map(key => ask(null, requests.PUT_KV_CONFIG, { namespace: 'many', key, value: `of ${key}` })),
      );
      const found = await Promise.all(keys.map(key => ask(null, requests.GET_KV_CONFIG, { namespace: 'many', key })));
      expect(found.map(response => response.extFields?.['value'])).toEqual(keys.map(key => `of ${key}`));
    });
  });
});
