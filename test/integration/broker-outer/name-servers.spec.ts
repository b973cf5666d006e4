import { describe, expect, it } from '@jest/globals';
import { newDataVersion } from '../../../src/protocol/body/data-version.js';
import { decodeRegisterBrokerBody } from '../../../src/protocol/body/register-broker-body.js';
import { topicConfigOf } from '../../../src/protocol/body/topic-config.js';
import { topicConfigWrapperOf } from '../../../src/protocol/body/topic-config-wrapper.js';
import type { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { requests } from '../../../src/protocol/requests/index.js';
import { ResponseCode } from '../../../src/protocol/response-codes.js';
import type { RequestProcessor } from '../../../src/remoting/request-processor.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { addressServer } from './support/address-server.js';
import { answering, brokerOuter, refusal, silence, success } from './support/name-servers.js';

const loopback = useLoopback();

const version = newDataVersion(7);
const registration = {
  clusterName: 'C',
  brokerName: 'b-a',
  brokerAddr: '10.0.0.1:10911',
  brokerId: 1,
  haServerAddr: '10.0.0.1:10912',
  topicConfigWrapper: topicConfigWrapperOf([topicConfigOf({ topicName: 'T' })], version),
};
const { REGISTER_BROKER, UNREGISTER_BROKER, QUERY_DATA_VERSION, BROKER_HEARTBEAT, PUT_KV_CONFIG } = requests;

/** Name servers that answer one code alike, or each in its own way. */
const serve = async (code: number, ...processors: RequestProcessor[]): Promise<string[]> =>
  Promise.all(processors.map(async each => (await loopback.server({}, { [code]: each })).address));

describe('registering with all name servers', () => {
  it('gives what each of them answers', async () => {
    const seen: RemotingCommand[] = [];
    const knows = answering(request => {
      seen.push(request);
      return success({ masterAddr: 'm:1', haServerAddr: 'h:2' }, '{"table":{"T":"b-a:4"}}');
    });
    const nameServers = await serve(REGISTER_BROKER.code, knows, knows);
    const api = brokerOuter(loopback, { nameServers });
    const result = { masterAddr: 'm:1', haServerAddr: 'h:2', kvTable: { table: { T: 'b-a:4' } } };
    expect(await api.registerBrokerAll(registration, { compressed: true })).toEqual(
      api.getNameServerAddressList().map(nameServer => ({ nameServer, result })),
    );
    expect(seen).toHaveLength(2);
    for (const request of seen) {
      expect(request.decodeHeader(REGISTER_BROKER.request)).toMatchObject({ brokerId: 1, compressed: true });
      const body = decodeRegisterBrokerBody(request.body ?? Buffer.alloc(0), true);
      expect(body.topicConfigSerializeWrapper).toEqual(registration.topicConfigWrapper);
    }
    expect(await api.registerBroker(nameServers[0] ?? '', registration)).toEqual(result);
  });

  it('asks them at the same time: one that is down, silent, wrong or against it delays and hides no other', async () => {
    const [healthy = '', refusing = '', garbled = '', silent = ''] = await serve(
      REGISTER_BROKER.code,
      answering(() => success()),
      answering(() => refusal(ResponseCode.SYSTEM_ERROR, 'register broker failed')),
      answering(() => success({}, 'no JSON')),
      silence,
    );
    const down = `127.0.0.1:${await loopback.closedPort()}`;
    const api = brokerOuter(loopback, { nameServers: [down, silent, garbled, refusing, healthy], timeoutMs: 300 });
    const arrived: string[] = [];
    api.registerRPCHook({ doAfterResponse: address => arrived.push(address) });
    const registering = api.registerBrokerAll(registration);
    await eventually(
      () => arrived.includes(healthy),
      'the healthy one has answered while the silent one is waited for',
      250,
    );
    const outcomes = new Map((await registering).map(each => [each.nameServer, each]));

    const requestCode = REGISTER_BROKER.code;
    expect(outcomes.get(healthy)).toEqual({
      nameServer: healthy,
      result: { masterAddr: undefined, haServerAddr: undefined, kvTable: { table: {} } },
    });
    expect(outcomes.get(refusing)?.error).toMatchObject({
      code: 'RMQ_BROKER',
      responseCode: ResponseCode.SYSTEM_ERROR,
      remark: 'register broker failed',
      address: refusing,
      requestCode,
      message: `${refusing} answered REGISTER_BROKER with SYSTEM_ERROR (1): register broker failed`,
    });
    expect(outcomes.get(garbled)?.error).toMatchObject({ code: 'RMQ_CLIENT', address: garbled, requestCode });
    expect(outcomes.get(silent)?.error).toMatchObject({ code: 'RMQ_REMOTING_TIMEOUT', address: silent, requestCode });
    expect(outcomes.get(down)?.error).toMatchObject({ code: 'RMQ_REMOTING_CONNECT', address: down, requestCode });
    expect([...outcomes.values()].filter(({ result }) => result !== undefined)).toHaveLength(1);
  });

  it('waits for no answer when it is oneway, and gives none', async () => {
    const seen: boolean[] = [];
    const noting = answering(request => {
      seen.push(request.isOneway);
      return undefined;
    });
    const nameServers = await serve(REGISTER_BROKER.code, noting, noting);
    const api = brokerOuter(loopback, { nameServers });
    expect(await api.registerBrokerAll(registration, { oneway: true })).toEqual(
      api.getNameServerAddressList().map(nameServer => ({ nameServer })),
    );
    expect(await api.registerBroker(nameServers[0] ?? '', registration, { oneway: true })).toBeUndefined();
    await eventually(() => seen.length === 3, 'all of them have it');
    expect(seen).toEqual([true, true, true]);
  });

  it('has no outcome without name servers, and rejects what cannot be written', async () => {
    const api = brokerOuter(loopback);
    expect(await api.registerBrokerAll(registration)).toEqual([]);
    api.updateNameServerAddressList(await serve(REGISTER_BROKER.code, silence));
    const topicConfigWrapper = topicConfigWrapperOf([topicConfigOf({ topicName: 'a b' })], version);
    await expect(api.registerBrokerAll({ ...registration, topicConfigWrapper }, { compressed: true })).rejects.toThrow(
      'topic "a b" has a space in its name',
    );
    await expect(api.registerBrokerAll({ ...registration, haServerAddr: undefined as never })).rejects.toThrow(
      'REGISTER_BROKER request: field "haServerAddr" is missing',
    );
  });

  it('can be cancelled', async () => {
    const api = brokerOuter(loopback, { nameServers: await serve(REGISTER_BROKER.code, silence) });
    const [outcome] = await api.registerBrokerAll(registration, { signal: AbortSignal.abort(new Error('enough')) });
    expect(outcome?.error).toMatchObject({ code: 'RMQ_REMOTING_ABORTED' });
  });
});

describe('unregistering', () => {
  it('tells every name server, and says which did not take it', async () => {
    const seen: unknown[] = [];
    const [healthy = '', refusing = ''] = await serve(
      UNREGISTER_BROKER.code,
      answering(request => {
        seen.push(request.decodeHeader(UNREGISTER_BROKER.request));
        return success();
      }),
      answering(() => refusal(ResponseCode.SYSTEM_ERROR, 'busy')),
    );
    const api = brokerOuter(loopback, { nameServers: [healthy, refusing] });
    const outcomes = new Map((await api.unregisterBrokerAll(registration)).map(each => [each.nameServer, each]));
    expect(outcomes.get(healthy)).toEqual({ nameServer: healthy });
    expect(outcomes.get(refusing)?.error).toMatchObject({ remark: 'busy', address: refusing, requestCode: 104 });
    const { clusterName, brokerName, brokerAddr, brokerId } = registration;
    expect(seen).toEqual([{ clusterName, brokerName, brokerAddr, brokerId }]);
    await api.unregisterBroker(healthy, registration);
    await expect(api.unregisterBroker(refusing, registration)).rejects.toMatchObject({ remark: 'busy' });
  });
});

describe('the data version', () => {
  it('that another name server has, or that cannot be learnt, asks for a registration', async () => {
    const body = (counter: number) => JSON.stringify({ ...version, counter });
    const [same = '', stale = '', says = '', empty = '', refusing = ''] = await serve(
      QUERY_DATA_VERSION.code,
      answering(request => success({ changed: 'false' }, request.body)),
      answering(() => success({ changed: 'false' }, body(9))),
      answering(request => success({ changed: 'true' }, request.body)),
      answering(() => success({ changed: 'true' })),
      answering(() => refusal(ResponseCode.SYSTEM_ERROR, 'no')),
    );
    const api = brokerOuter(loopback, { nameServers: [same, stale, says, empty, refusing] });
    const outcomes = new Map((await api.needRegister(registration, version)).map(each => [each.nameServer, each]));
    expect(outcomes.get(same)).toEqual({ nameServer: same, changed: false, dataVersion: version });
    expect(outcomes.get(stale)).toMatchObject({ changed: true, dataVersion: { counter: 9 } });
    expect(outcomes.get(says)).toMatchObject({ changed: true });
    expect(outcomes.get(empty)).toEqual({ nameServer: empty, changed: true });
    expect(outcomes.get(refusing)).toMatchObject({ changed: true, error: { remark: 'no', requestCode: 322 } });
  });

  it('is a heartbeat too, oneway as heartbeats are unless they are not', async () => {
    const seen: [code: number, isOneway: boolean][] = [];
    const note = answering(request => {
      seen.push([request.code, request.isOneway]);
      return success({ changed: 'false' });
    });
    const server = await loopback.server({}, { [BROKER_HEARTBEAT.code]: note, [QUERY_DATA_VERSION.code]: note });
    const nameServer = server.address;
    const api = brokerOuter(loopback, { nameServers: [nameServer] });
    expect(await api.sendHeartbeat(registration)).toEqual([{ nameServer }]);
    expect(await api.sendHeartbeatViaDataVersion(registration, version)).toEqual([{ nameServer }]);
    expect(await api.sendHeartbeat(registration, { oneway: false })).toEqual([{ nameServer }]);
    expect(seen).toEqual([
      [904, true],
      [322, true],
      [904, false],
    ]);
  });
});

describe('values under keys', () => {
  it('are stored in all name servers or the call fails', async () => {
    const [healthy = '', refusing = '', other = ''] = await serve(
      PUT_KV_CONFIG.code,
      answering(() => success()),
      answering(() => refusal(ResponseCode.SYSTEM_ERROR, 'disk full')),
      answering(() => refusal(ResponseCode.SYSTEM_ERROR, 'disk gone')),
    );
    const api = brokerOuter(loopback, { nameServers: [healthy] });
    await api.putKVConfigValue('n', 'k', 'v');
    api.updateNameServerAddressList([healthy, refusing]);
    await expect(api.putKVConfigValue('n', 'k', 'v')).rejects.toMatchObject({
      code: 'RMQ_BROKER',
      remark: 'disk full',
      address: refusing,
      requestCode: 100,
    });
    api.updateNameServerAddressList([healthy, refusing, other]);
    await expect(api.putKVConfigValue('n', 'k', 'v')).rejects.toMatchObject({
      code: 'RMQ_CLIENT',
      message: expect.stringMatching(/^2 of 3 name servers failed: .*disk (full|gone).*disk (full|gone)/),
    });
    await expect(brokerOuter(loopback).putKVConfigValue('n', 'k', 'v')).rejects.toMatchObject({ responseCode: 10_004 });
  });

  it('that are not there are undefined, and other refusals are errors', async () => {
    const [nothing = '', refusing = ''] = await serve(
      requests.GET_KV_CONFIG.code,
      answering(() => refusal(ResponseCode.QUERY_NOT_FOUND, 'No config item')),
      answering(() => refusal(ResponseCode.SYSTEM_BUSY, 'later')),
    );
    const api = brokerOuter(loopback, { nameServers: [nothing] });
    expect(await api.getKVConfigValue('n', 'k')).toBeUndefined();
    api.updateNameServerAddressList([refusing]);
    await expect(api.getKVConfigValue('n', 'k')).rejects.toMatchObject({
      responseCode: ResponseCode.SYSTEM_BUSY,
      retryable: true,
      address: refusing,
    });
  });
});

describe('name servers from an address server', () => {
  it('are used, and kept when the next answer is none', async () => {
    const clusters = requests.GET_BROKER_CLUSTER_INFO.code;
    const [one = '', two = ''] = await serve(
      clusters,
      answering(() => success({}, '{"clusterAddrTable":{"one":[]}}')),
      answering(() => success({}, '{"clusterAddrTable":{"two":[]}}')),
    );
    const answers = [one, `${one}\n`, '<html>', two];
    const domain = await addressServer(loopback, (_request, response) => response.end(answers.shift()));
    const api = brokerOuter(loopback, { topAddressing: { domain } });
    const inUse = async () => Object.keys((await api.getBrokerClusterInfo()).clusterAddrTable);
    expect(await api.fetchNameServerAddr()).toBe(one);
    expect(await inUse()).toEqual(['one']);
    expect(await api.fetchNameServerAddr()).toBe(one);
    expect(await api.fetchNameServerAddr()).toBe(one);
    expect(api.topAddressing.lastError?.message).toContain('"<html>" must be host:port');
    expect(await inUse()).toEqual(['one']);
    expect(await api.fetchNameServerAddr()).toBe(two);
    expect(await inUse()).toEqual(['two']);
  });

  it('are asked for by itself between start() and shutdown(), where that is wanted', async () => {
    const [nameServer = ''] = await serve(requests.GET_BROKER_CLUSTER_INFO.code, silence);
    const domain = await addressServer(loopback, (_request, response) => response.end(nameServer));
    const topAddressing = { domain, firstFetchDelayMs: 1 };
    const api = brokerOuter(loopback, { topAddressing, fetchNamesrvAddrByAddressServer: true });
    await eventually(() => api.getNameServerAddressList().length === 1, 'it has learnt the name server');
    expect(api.getNameServerAddressList()).toEqual([nameServer]);
    await api.shutdown();
  });
});

it('hooks see requests and answers, and requests are signed', async () => {
  const seen: (string | undefined)[] = [];
  const [nameServer = ''] = await serve(
    requests.GET_BROKER_CLUSTER_INFO.code,
    answering(request => {
      seen.push(request.extFields?.['AccessKey'], request.extFields?.['zone']);
      return success({}, '{}');
    }),
  );
  const api = brokerOuter(loopback, { nameServers: [nameServer], acl: { accessKey: 'me', secretKey: 'secret' } });
  api.registerRPCHook({
    doBeforeRequest: (_address, request) => {
      request.extFields = { ...request.extFields, zone: 'z' };
    },
  });
  await api.getBrokerClusterInfo();
  expect(seen).toEqual(['me', 'z']);
});

it('calls before start() and after shutdown() say so', async () => {
  const api = brokerOuter(loopback, { nameServers: ['127.0.0.1:1'] });
  await api.shutdown();
  await expect(api.getBrokerClusterInfo()).rejects.toMatchObject({ code: 'RMQ_REMOTING_STATE' });
  api.start();
  await expect(api.getBrokerClusterInfo()).rejects.toMatchObject({ code: 'RMQ_REMOTING_CONNECT' });
});
