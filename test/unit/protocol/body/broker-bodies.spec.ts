import { describe, expect, it } from '@jest/globals';
import { deflateSync, inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { RemotingCommandError } from '../../../../src/errors/remoting-errors.js';
import { decodeBrokerMemberGroup, encodeBrokerMemberGroup } from '../../../../src/protocol/body/broker-member-group.js';
import {
  decodeConsumerOffsetWrapper,
  encodeConsumerOffsetWrapper,
} from '../../../../src/protocol/body/consumer-offset-wrapper.js';
import {
  decodeDataVersion,
  encodeDataVersion,
  isSameDataVersion,
  newDataVersion,
  nextDataVersion,
} from '../../../../src/protocol/body/data-version.js';
import {
  bodyCrc32,
  compressRegisterBrokerBody,
  decodeRegisterBrokerBody,
  encodeRegisterBrokerBody,
  type RegisterBrokerBody,
} from '../../../../src/protocol/body/register-broker-body.js';
import {
  decodeSubscriptionGroupWrapper,
  encodeSubscriptionGroupWrapper,
} from '../../../../src/protocol/body/subscription-group-wrapper.js';
import { parseTopicConfigLine, topicConfigLine, topicConfigOf } from '../../../../src/protocol/body/topic-config.js';
import {
  decodeTopicConfigWrapper,
  encodeTopicConfigWrapper,
  topicConfigWrapperOf,
} from '../../../../src/protocol/body/topic-config-wrapper.js';
import { goldVector } from './gold-vectors.js';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const timestampOf = (json: string) => Number(/"timestamp":(\d+)/.exec(json)?.[1]);
const part = (text: string) => [0, 0, 0, text.length, ...Buffer.from(text)];
const version = { counter: 3, stateVersion: 1, timestamp: 1_700_000_000_000 };
const mapping = { topic: 'S', scope: '__global__', totalQueues: 2, bname: 'b-a', epoch: 5, dirty: false };

/** One compressed registration: data version, one topic, filter servers. */
const partsWith = (line: string): number[] => [
  ...part('{"counter":3,"stateVersion":1,"timestamp":1700000000000}'),
  0,
  0,
  0,
  1,
  ...part(line),
  ...part('["10.0.0.1:1"]'),
];

describe('DataVersion', () => {
  it('counts changes, and is another one after each', () => {
    const first = newDataVersion(7);
    const second = nextDataVersion(first, 7);
    expect(second).toEqual({ counter: 1, stateVersion: 0, timestamp: 7 });
    expect([isSameDataVersion(first, second), isSameDataVersion(first, { ...first })]).toEqual([false, true]);
    expect(isSameDataVersion(first, { ...first, timestamp: 8 })).toBe(false);
    expect(isSameDataVersion(first, { ...first, stateVersion: 1 })).toBe(false);
  });

  it('is read as 4.9.7 writes it', () => {
    expect(decodeDataVersion(bytes('{"counter":2,"timestamp":9}'))).toEqual({
      counter: 2,
      stateVersion: 0,
      timestamp: 9,
    });
    expect(decodeDataVersion(encodeDataVersion(version))).toEqual(version);
  });
});

describe('TopicConfigSerializeWrapper', () => {
  const topic = topicConfigOf({ topicName: 'T', readQueueNums: 8, writeQueueNums: 8 });

  it.each(['4.9.7', '5.5.0'] as const)('is read as %s writes it', release => {
    const json = goldVector(release, 'TOPICWRAP');
    const wrapper = decodeTopicConfigWrapper(bytes(json));
    expect(wrapper.topicConfigTable).toEqual({ T: topic });
    expect(wrapper.dataVersion).toEqual(newDataVersion(timestampOf(json)));
  });

  it('keeps static topics and their history', () => {
    const stretch = { gen: 0, queueId: 1, bname: 'b-a', logicOffset: 5, startOffset: 0, endOffset: -1 };
    const detail = {
      ...mapping,
      currIdMap: { 0: 1 },
      hostedQueues: { 0: [{ ...stretch, timeOfStart: -1, timeOfEnd: -1 }] },
    };
    const wrapper = topicConfigWrapperOf([topic], version, { topicQueueMappingDetailMap: { S: detail } });
    expect(decodeTopicConfigWrapper(encodeTopicConfigWrapper(wrapper))).toEqual(wrapper);
    const java = `{"topicQueueMappingDetailMap":{"S":{"hostedQueues":{0:[{"queueId":1}]},"currIdMap":{0:1}}}}`;
    expect(decodeTopicConfigWrapper(bytes(java)).topicQueueMappingDetailMap['S']).toMatchObject({
      currIdMap: { 0: 1 },
      hostedQueues: { 0: [{ queueId: 1, endOffset: -1 }] },
    });
  });

  it('says what is wrong', () => {
    expect(() => decodeTopicConfigWrapper(bytes('{"topicConfigTable":{"T":{"perm":6}}}'))).toThrow(
      'TopicConfigSerializeWrapper.topicConfigTable.T.topicName must be text, got nothing',
    );
  });
});

describe('the line of a topic', () => {
  it('is the one that Java writes', () => {
    const topic = topicConfigOf({ topicName: 'T', attributes: { 'message.type': 'DELAY' } });
    expect(topicConfigLine(topic)).toBe('T 16 16 6 SINGLE_TAG {"message.type":"DELAY"}');
    // before 5.0, where a longer line is not read
    expect(topicConfigLine(topic, false)).toBe('T 16 16 6 SINGLE_TAG');
    expect(topicConfigLine(topicConfigOf({ topicName: 'T' }))).toBe('T 16 16 6 SINGLE_TAG');
    expect(parseTopicConfigLine('T 16 8 4 MULTI_TAG')).toEqual(
      topicConfigOf({ topicName: 'T', writeQueueNums: 8, perm: 4, topicFilterType: 'MULTI_TAG' }),
    );
  });

  it('has no space where Java would cut it', () => {
    const topic = topicConfigOf({ topicName: 'T', attributes: { 'a b': 'c  d' } });
    expect(topicConfigLine(topic).split(' ')).toHaveLength(6);
    expect(parseTopicConfigLine(topicConfigLine(topic))).toEqual(topic);
    expect(() => topicConfigLine(topicConfigOf({ topicName: 'a b' }))).toThrow('topic "a b" has a space in its name');
  });

  it.each(['', 'T', 'T 1 1', 'T 1 1 6', 'T x 1 6 SINGLE_TAG', 'T 1 1 6 SINGLE_TAG {'])('is not %p', line => {
    expect(() => parseTopicConfigLine(line)).toThrow(RemotingCommandError);
  });
});

describe('RegisterBrokerBody', () => {
  const topics = [topicConfigOf({ topicName: 'T', attributes: { k: 'v' } }), topicConfigOf({ topicName: '主题' })];
  const body: RegisterBrokerBody = {
    filterServerList: ['10.0.0.1:1'],
    topicConfigSerializeWrapper: topicConfigWrapperOf(topics, version, {
      topicQueueMappingInfoMap: { S: { ...mapping, currIdMap: { 0: 0, 1: 1 } } },
    }),
  };

  it('is written as 5.5.0 writes it', () => {
    const gold = goldVector('5.5.0', 'REGBODY');
    const topicConfigSerializeWrapper = topicConfigWrapperOf([], newDataVersion(timestampOf(gold)));
    const written = encodeRegisterBrokerBody({ filterServerList: [], topicConfigSerializeWrapper });
    expect(written.toString()).toBe(gold);
  });

  it.each(['4.9.7', '5.5.0'] as const)('is read as %s writes it', release => {
    const gold = goldVector(release, 'REGBODY');
    const read = decodeRegisterBrokerBody(bytes(gold));
    expect(read.filterServerList).toEqual([]);
    expect(read.topicConfigSerializeWrapper.dataVersion.timestamp).toBe(timestampOf(gold));
    expect(decodeRegisterBrokerBody(bytes('{}')).topicConfigSerializeWrapper.topicConfigTable).toEqual({});
  });

  it('is the same after it was written and read, plain and compressed', () => {
    expect(decodeRegisterBrokerBody(encodeRegisterBrokerBody(body))).toEqual(body);
    expect(decodeRegisterBrokerBody(compressRegisterBrokerBody(body), true)).toEqual(body);
  });

  it('is compressed as Java reads it: parts with their length before them', () => {
    const { filterServerList } = body;
    const one = { filterServerList, topicConfigSerializeWrapper: topicConfigWrapperOf(topics.slice(0, 1), version) };
    const line = 'T 16 16 6 SINGLE_TAG';
    expect([...inflateSync(compressRegisterBrokerBody(one, false))]).toEqual(partsWith(line));
    expect([...inflateSync(compressRegisterBrokerBody(one))]).toEqual([...partsWith(`${line} {"k":"v"}`), 0, 0, 0, 0]);
    // what a broker before 5.0 sends has no mappings
    const before5 = decodeRegisterBrokerBody(compressRegisterBrokerBody(one, false), true);
    expect(before5.topicConfigSerializeWrapper.topicConfigTable).toEqual({ T: topicConfigOf({ topicName: 'T' }) });
    expect(before5.topicConfigSerializeWrapper.topicQueueMappingInfoMap).toEqual({});
  });

  it('is refused when it is no such body, whatever the bytes are', () => {
    const raw = inflateSync(compressRegisterBrokerBody(body));
    expect(() => decodeRegisterBrokerBody(bytes('{}'), true)).toThrow('RegisterBrokerBody: it cannot be inflated');
    expect(() => decodeRegisterBrokerBody(deflateSync(Buffer.alloc(70_000_000)), true)).toThrow('be inflated');
    expect(() => decodeRegisterBrokerBody(compressRegisterBrokerBody(body))).toThrow(RemotingCommandError);
    fc.assert(
      fc.property(fc.nat(raw.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const broken = cut ? raw.subarray(0, at) : Buffer.from(raw);
        if (!cut) broken[at] = byte;
        try {
          decodeRegisterBrokerBody(deflateSync(broken), true);
        } catch (error) {
          expect(error).toBeInstanceOf(RemotingCommandError);
        }
      }),
    );
  });

  it('has the check sum that Java computes', () => {
    // java.util.zip.CRC32 of "123456789" is 0xcbf43926
    expect(bodyCrc32(bytes('123456789'))).toBe(0x4b_f4_39_26);
  });
});

describe('what a slave copies', () => {
  it('offsets: as both releases write them', () => {
    for (const release of ['4.9.7', '5.5.0'] as const) {
      expect(decodeConsumerOffsetWrapper(bytes(goldVector(release, 'ALLOFFSET')))).toEqual({
        offsetTable: { 'T@g': { 0: 5 } },
      });
    }
    const wrapper = { dataVersion: version, offsetTable: { 'T@g': { 0: 5, 1: 2 ** 40 } } };
    expect(decodeConsumerOffsetWrapper(encodeConsumerOffsetWrapper(wrapper))).toEqual(wrapper);
  });

  it('groups: with what Java begins with where a release does not know it', () => {
    const read = decodeSubscriptionGroupWrapper(
      bytes({ subscriptionGroupTable: { g: { groupName: 'g', brokerId: 1 } } }),
    );
    const group = {
      groupName: 'g',
      consumeEnable: true,
      consumeFromMinEnable: true,
      consumeBroadcastEnable: true,
      consumeMessageOrderly: false,
      retryQueueNums: 1,
      retryMaxTimes: 16,
      brokerId: 1,
      whichBrokerWhenConsumeSlowly: 1,
      notifyConsumerIdsChangedEnable: true,
      groupSysFlag: 0,
      consumeTimeoutMinute: 15,
      attributes: {},
    };
    expect(read).toEqual({ dataVersion: newDataVersion(0), forbiddenTable: {}, subscriptionGroupTable: { g: group } });
    const full = {
      dataVersion: version,
      forbiddenTable: { g: { T: 1 } },
      subscriptionGroupTable: {
        g: {
          ...group,
          groupRetryPolicy: {
            type: 'EXPONENTIAL',
            exponentialRetryPolicy: { initial: 1, max: 2, multiplier: 3 },
            customizedRetryPolicy: { next: [1, 2] },
          },
          subscriptionDataSet: [{ topic: 'T', expressionType: 'TAG', expression: '*', version: 1 }],
        },
      },
    };
    expect(decodeSubscriptionGroupWrapper(encodeSubscriptionGroupWrapper(full))).toEqual(full);
  });

  it('members: by broker ids, which are no JSON keys', () => {
    const group = { cluster: 'C', brokerName: 'b-a', brokerAddrs: { 0: '10.0.0.1:10911' } };
    const java = '{"brokerMemberGroup":{"brokerAddrs":{0:"10.0.0.1:10911"},"brokerName":"b-a","cluster":"C"}}';
    expect(decodeBrokerMemberGroup(bytes(java))).toEqual(group);
    expect(decodeBrokerMemberGroup(encodeBrokerMemberGroup(group))).toEqual(group);
    expect(decodeBrokerMemberGroup(bytes('{}'))).toBeUndefined();
  });
});
