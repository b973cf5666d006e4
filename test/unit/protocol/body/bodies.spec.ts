import { describe, expect, it } from '@jest/globals';
import { RemotingCommandError } from '../../../../src/errors/remoting-errors.js';
import { decodeClusterInfo } from '../../../../src/protocol/body/cluster-info.js';
import { decodeKVTable } from '../../../../src/protocol/body/kv-table.js';
import { decodeTopicList } from '../../../../src/protocol/body/topic-list.js';
import { decodeTopicRouteData } from '../../../../src/protocol/body/topic-route-data.js';
import { goldVector } from './gold-vectors.js';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

const brokers = {
  brokerAddrs: { 0: '10.0.0.1:10911', 1: '10.0.0.2:10911' },
  brokerName: 'b-a',
  cluster: 'C',
  enableActingMaster: false,
};
const queues = { brokerName: 'b-a', perm: 6, readQueueNums: 8, topicSysFlag: 0, writeQueueNums: 8 };

describe('TopicRouteData', () => {
  it.each(['4.9.7', '5.5.0'] as const)('is read as %s writes it', release => {
    expect(decodeTopicRouteData(bytes(goldVector(release, 'ROUTE')))).toEqual({
      brokerDatas: [brokers],
      queueDatas: [queues],
      filterServerTable: {},
    });
  });

  it('is read in standard JSON, with all that it may have', () => {
    const route = {
      orderTopicConf: 'b-a:8',
      brokerDatas: [{ ...brokers, zoneName: 'z' }],
      queueDatas: [queues],
      filterServerTable: { '10.0.0.1:10911': ['10.0.0.1:1'] },
      topicQueueMappingByBroker: {
        'b-a': {
          topic: 'T',
          scope: '__global__',
          totalQueues: 2,
          bname: 'b-a',
          epoch: 1,
          dirty: false,
          currIdMap: { 0: 0 },
        },
      },
    };
    expect(decodeTopicRouteData(bytes({ ...route, unknown: { a: 1 } }))).toEqual(route);
    expect(decodeTopicRouteData(bytes({ queueDatas: null }))).toEqual({
      brokerDatas: [],
      queueDatas: [],
      filterServerTable: {},
    });
  });

  it.each([
    ['', 'TopicRouteData: JSON: expected a value at position 0, found the end'],
    ['[]', 'TopicRouteData must be an object, got object'],
    ['null', 'TopicRouteData must be an object, got null'],
    [{ queueDatas: {} }, 'TopicRouteData.queueDatas must be an array, got object'],
    [
      { queueDatas: [queues, { ...queues, perm: '6' }] },
      'TopicRouteData.queueDatas[1].perm must be an integer, got string',
    ],
    [
      { brokerDatas: [{ ...brokers, brokerName: undefined }] },
      'TopicRouteData.brokerDatas[0].brokerName must be text, got nothing',
    ],
    [
      { brokerDatas: [{ ...brokers, brokerAddrs: { 0: 1 } }] },
      'TopicRouteData.brokerDatas[0].brokerAddrs.0 must be text, got number',
    ],
    [{ brokerDatas: [{ ...brokers, enableActingMaster: 1 }] }, 'enableActingMaster must be true or false, got number'],
    ['{"brokerDatas":{{"a":1}:2}}', 'TopicRouteData.brokerDatas must be an array, got object'],
    ['{"filterServerTable":{{"a":1}:2}}', 'TopicRouteData.filterServerTable must be an object, got object'],
  ])('says what is wrong with %p', (body, message) => {
    expect(() => decodeTopicRouteData(bytes(body))).toThrow(RemotingCommandError);
    expect(() => decodeTopicRouteData(bytes(body))).toThrow(message);
  });
});

describe('ClusterInfo', () => {
  it('is read as 5.5.0 writes it', () => {
    expect(decodeClusterInfo(bytes(goldVector('5.5.0', 'CLUSTER')))).toEqual({
      brokerAddrTable: { 'b-a': brokers },
      clusterAddrTable: { C: ['b-a'] },
    });
    expect(decodeClusterInfo(bytes('{}'))).toEqual({ brokerAddrTable: {}, clusterAddrTable: {} });
  });
});

describe('KVTable', () => {
  it('is a table of text', () => {
    expect(decodeKVTable(bytes('{"table":{"a":"1","b":""}}'))).toEqual({ table: { a: '1', b: '' } });
    expect(decodeKVTable(bytes('{}'))).toEqual({ table: {} });
    expect(() => decodeKVTable(bytes('{"table":{"a":1}}'))).toThrow('KVTable.table.a must be text, got number');
  });

  it('takes __proto__ for a key like any other', () => {
    const { table } = decodeKVTable(bytes('{"table":{"__proto__":"1"}}'));
    expect(Object.entries(table)).toEqual([['__proto__', '1']]);
    expect(Object.getPrototypeOf(table)).toBe(Object.prototype);
  });
});

describe('TopicList', () => {
  it('is a list of names', () => {
    expect(decodeTopicList(bytes('{"topicList":["T","中文"]}'))).toEqual({ topicList: ['T', '中文'] });
    expect(decodeTopicList(bytes('{"topicList":[],"brokerAddr":"10.0.0.1:10911"}'))).toEqual({
      topicList: [],
      brokerAddr: '10.0.0.1:10911',
    });
    expect(() => decodeTopicList(bytes('{"topicList":[1]}'))).toThrow(
      'TopicList.topicList[0] must be text, got number',
    );
  });
});
