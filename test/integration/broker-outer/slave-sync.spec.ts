import { describe, expect, it } from '@jest/globals';
import { type DataVersion, newDataVersion, nextDataVersion } from '../../../src/protocol/body/data-version.js';
import { topicConfigOf } from '../../../src/protocol/body/topic-config.js';
import { encodeTopicConfigWrapper, topicConfigWrapperOf } from '../../../src/protocol/body/topic-config-wrapper.js';
import type { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { requests } from '../../../src/protocol/requests/index.js';
import { ResponseCode } from '../../../src/protocol/response-codes.js';
import { useLoopback } from '../../helpers/loopback.js';
import { answering, brokerOuter, refusal, success } from './support/name-servers.js';

const loopback = useLoopback();
const { GET_ALL_TOPIC_CONFIG, GET_ALL_SUBSCRIPTIONGROUP_CONFIG } = requests;

const serve = async (code: number, answer: (request: RemotingCommand) => RemotingCommand) => {
  const { address } = await loopback.server({}, { [code]: answering(answer) });
  return { address, api: brokerOuter(loopback) };
};

/** A master with topics `t0`, `t1`, …: pages of `size`, as 5.5.0 cuts them; it changes before the pages named. */
class PagingMaster {
  version: DataVersion = newDataVersion(1);
  pages = 0;

  constructor(
    private readonly topics: number,
    private readonly size: number,
    private readonly changesBefore: (page: number) => boolean = () => false,
  ) {}

  answer(request: RemotingCommand): RemotingCommand {
    if (this.changesBefore(++this.pages)) this.version = nextDataVersion(this.version, 1);
    const { topicSeq, dataVersion } = request.decodeHeader(GET_ALL_TOPIC_CONFIG.request);
    const from = dataVersion === JSON.stringify(this.version) ? topicSeq : 0;
    const names = Array.from({ length: this.topics }, (_, at) => `t${at}`).slice(from, from + this.size);
    const topics = names.map(topicName => topicConfigOf({ topicName }));
    const body = encodeTopicConfigWrapper(topicConfigWrapperOf(topics, this.version));
    return success({ totalTopicNum: String(this.topics) }, body);
  }
}

describe('topics of a master', () => {
  it.each([
    [0, 3, 1],
    [1, 3, 1],
    [3, 3, 1],
    [4, 3, 2],
    [9, 3, 3],
    [10, 3, 4],
  ])('%i of them in pages of %i are copied in %i calls, the last one too', async (topics, size, calls) => {
    const master = new PagingMaster(topics, size);
    const { api, address } = await serve(GET_ALL_TOPIC_CONFIG.code, request => master.answer(request));
    const { topicConfigTable, dataVersion } = await api.getAllTopicConfig(address);
    expect(Object.keys(topicConfigTable)).toEqual(Array.from({ length: topics }, (_, at) => `t${at}`));
    expect(dataVersion).toEqual(master.version);
    expect(master.pages).toBe(calls);
  });

  it('that change meanwhile are copied from the start again', async () => {
    const master = new PagingMaster(5, 2, page => page === 2);
    const { api, address } = await serve(GET_ALL_TOPIC_CONFIG.code, request => master.answer(request));
    const { topicConfigTable, dataVersion } = await api.getAllTopicConfig(address);
    expect(Object.keys(topicConfigTable)).toHaveLength(5);
    expect(dataVersion.counter).toBe(1);
    expect(master.pages).toBe(2 + 3);
  });

  it('that never stop changing end in an error', async () => {
    const master = new PagingMaster(5, 2, () => true);
    const { api, address } = await serve(GET_ALL_TOPIC_CONFIG.code, request => master.answer(request));
    await expect(api.getAllTopicConfig(address)).rejects.toMatchObject({
      code: 'RMQ_CLIENT',
      retryable: true,
      address,
      requestCode: 21,
    });
    expect(master.pages).toBe(20);
  });

  it('come at once from a master that knows no pages', async () => {
    let calls = 0;
    const { api, address } = await serve(GET_ALL_TOPIC_CONFIG.code, () => {
      calls++;
      return success(
        undefined,
        '{"dataVersion":{"counter":1,"timestamp":2},"topicConfigTable":{"T":{"topicName":"T"}}}',
      );
    });
    expect(await api.getAllTopicConfig(address)).toMatchObject({
      dataVersion: { counter: 1, timestamp: 2 },
      topicConfigTable: { T: topicConfigOf({ topicName: 'T' }) },
    });
    expect(calls).toBe(1);
  });

  it('that say they are more than there are end as well', async () => {
    const { api, address } = await serve(GET_ALL_TOPIC_CONFIG.code, () => success({ totalTopicNum: '5' }, '{}'));
    expect((await api.getAllTopicConfig(address)).topicConfigTable).toEqual({});
  });
});

it('groups and what they are forbidden are put together from pages', async () => {
  const { api, address } = await serve(GET_ALL_SUBSCRIPTIONGROUP_CONFIG.code, request => {
    const name = `g${request.decodeHeader(GET_ALL_SUBSCRIPTIONGROUP_CONFIG.request).groupSeq}`;
    const body = { subscriptionGroupTable: { [name]: { groupName: name } }, forbiddenTable: { [name]: { T: 1 } } };
    return success({ totalGroupNum: '3' }, JSON.stringify(body));
  });
  const { subscriptionGroupTable, forbiddenTable } = await api.getAllSubscriptionGroupConfig(address);
  expect(Object.keys(subscriptionGroupTable)).toEqual(['g0', 'g1', 'g2']);
  expect(forbiddenTable).toEqual({ g0: { T: 1 }, g1: { T: 1 }, g2: { T: 1 } });
});

it('delay offsets are the text that the master has, whatever it is', async () => {
  const text = '{\n\t"offsetTable":{1:5}\n} ☕';
  const { api, address } = await serve(requests.GET_ALL_DELAY_OFFSET.code, () => success(undefined, text));
  expect(await api.getAllDelayOffset(address)).toBe(text);
});

describe('what is no answer', () => {
  it('names master and request', async () => {
    const { api, address } = await serve(requests.GET_ALL_CONSUMER_OFFSET.code, () => success());
    await expect(api.getAllConsumerOffset(address)).rejects.toMatchObject({
      code: 'RMQ_CLIENT',
      address,
      requestCode: 43,
      message: expect.stringContaining(`the answer of ${address} to GET_ALL_CONSUMER_OFFSET cannot be read`),
    });
  });

  it('has the code and the remark of the master', async () => {
    const no = refusal(ResponseCode.SYSTEM_ERROR, 'No delay offset in this broker');
    const { api, address } = await serve(requests.GET_ALL_DELAY_OFFSET.code, () => no);
    await expect(api.getAllDelayOffset(address)).rejects.toMatchObject({
      code: 'RMQ_BROKER',
      responseCode: ResponseCode.SYSTEM_ERROR,
      remark: 'No delay offset in this broker',
      address,
      requestCode: 45,
    });
  });

  it('does not come in time, where the call says so', async () => {
    const { address } = await loopback.server({}, { 45: answering(() => undefined) });
    await expect(brokerOuter(loopback).getAllDelayOffset(address, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'RMQ_REMOTING_TIMEOUT',
    });
  });
});

it('replication is asked of a master, and told to a slave', async () => {
  const seen: unknown[] = [];
  const { api, address } = await serve(requests.EXCHANGE_BROKER_HA_INFO.code, request => {
    seen.push(request.decodeHeader(requests.EXCHANGE_BROKER_HA_INFO.request));
    return seen.length === 1
      ? success({ masterHaAddress: 'h:1', masterFlushOffset: '42', masterAddress: 'm:1' })
      : success();
  });
  const info = await api.exchangeBrokerHaInfo(address);
  expect(info).toEqual({ masterHaAddress: 'h:1', masterFlushOffset: 42, masterAddress: 'm:1' });
  expect(await api.exchangeBrokerHaInfo(address, info)).toEqual({});
  expect(seen).toEqual([{}, info]);
});
