import { describe, expect, it } from '@jest/globals';
import {
  type BrokerRegistration,
  readRegistration,
  registrationMaker,
} from '../../../src/broker-outer/registration.js';
import { bodyCrc32, decodeRegisterBrokerBody } from '../../../src/protocol/body/register-broker-body.js';
import { topicConfigOf } from '../../../src/protocol/body/topic-config.js';
import { topicConfigWrapperOf } from '../../../src/protocol/body/topic-config-wrapper.js';
import { MQVersion } from '../../../src/protocol/mq-version.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { requests } from '../../../src/protocol/requests/index.js';

const version = { counter: 1, stateVersion: 0, timestamp: 5 };
const topic = topicConfigOf({ topicName: 'T', attributes: { a: 'b' } });
const stretch = { gen: 0, queueId: 3, bname: 'b-a', logicOffset: 0, startOffset: 0, endOffset: -1 };
const open = { ...stretch, timeOfStart: -1, timeOfEnd: -1 };
const info = { topic: 'S', scope: '__global__', totalQueues: 3, bname: 'b-a', epoch: 1, dirty: false };
const detail = {
  ...info,
  currIdMap: {},
  // queue 1 has moved to another broker, queue 2 has no stretch
  hostedQueues: { 0: [{ ...open, bname: 'b-b', queueId: 9 }, open], 1: [open, { ...open, bname: 'b-b' }], 2: [] },
};

const registration: BrokerRegistration = {
  clusterName: 'C',
  brokerName: 'b-a',
  brokerAddr: '10.0.0.1:10911',
  brokerId: 0,
  haServerAddr: '10.0.0.1:10912',
  topicConfigWrapper: topicConfigWrapperOf([topic], version),
};
const headerOf = (request: RemotingCommand) => request.decodeHeader(requests.REGISTER_BROKER.request);
const bodyOf = (request: RemotingCommand) => request.body ?? Buffer.alloc(0);

const answer = (extFields?: Record<string, string>, body?: string) =>
  readRegistration(RemotingCommand.createResponseCommand(0, undefined, body, extFields));

describe('a registration', () => {
  it.each([false, true])('says truly whether it is compressed (%p), and its check sum', compressed => {
    const request = registrationMaker(registration, compressed, MQVersion.V5_5_0)();
    const body = bodyOf(request);
    expect(request.code).toBe(103);
    expect(headerOf(request)).toEqual({
      clusterName: 'C',
      brokerName: 'b-a',
      brokerAddr: '10.0.0.1:10911',
      brokerId: 0,
      haServerAddr: '10.0.0.1:10912',
      enableActingMaster: false,
      compressed,
      bodyCrc32: bodyCrc32(body),
    });
    expect(decodeRegisterBrokerBody(body, compressed)).toEqual({
      filterServerList: [],
      topicConfigSerializeWrapper: registration.topicConfigWrapper,
    });
  });

  it('carries time-out and acting master where they are given', () => {
    const given = { ...registration, heartbeatTimeoutMs: 10_000, enableActingMaster: true, filterServerList: ['f:1'] };
    const request = registrationMaker(given, false, MQVersion.V5_5_0)();
    expect(headerOf(request)).toMatchObject({ heartbeatTimeoutMillis: 10_000, enableActingMaster: true });
    expect(decodeRegisterBrokerBody(bodyOf(request)).filterServerList).toEqual(['f:1']);
  });

  it('is another request of the same bytes each time', () => {
    const make = registrationMaker(registration, true, MQVersion.V5_5_0);
    const [one, other] = [make(), make()];
    expect(one).not.toBe(other);
    expect(one.extFields).toEqual(other.extFields);
    expect(one.body).toEqual(other.body);
  });

  it('leaves out what readers before 5.0 do not take, when it speaks for such a release', () => {
    const request = registrationMaker(registration, true, MQVersion.V4_9_7)();
    const { topicConfigTable } = decodeRegisterBrokerBody(bodyOf(request), true).topicConfigSerializeWrapper;
    expect(topicConfigTable).toEqual({ T: topicConfigOf({ topicName: 'T' }) });
  });

  it.each([false, true])(
    'names the queues of static topics that are here, and no history (compressed: %p)',
    compressed => {
      const given = {
        topicQueueMappingDetailMap: { S: detail },
        topicQueueMappingInfoMap: { R: { ...info, topic: 'R', currIdMap: { 5: 6 } } },
      };
      const topicConfigWrapper = topicConfigWrapperOf([topic], version, given);
      const request = registrationMaker({ ...registration, topicConfigWrapper }, compressed, MQVersion.V5_5_0)();
      const read = decodeRegisterBrokerBody(bodyOf(request), compressed).topicConfigSerializeWrapper;
      expect(read.topicQueueMappingDetailMap).toEqual({});
      expect(read.topicQueueMappingInfoMap).toEqual({
        S: { ...info, currIdMap: { 0: 3 } },
        R: { ...info, topic: 'R', currIdMap: { 5: 6 } },
      });
    },
  );
});

describe('the answer to a registration', () => {
  it('has addresses for a slave, and orders of queues', () => {
    expect(answer({ masterAddr: 'm:1', haServerAddr: 'h:2' }, '{"table":{"T":"b-a:4"}}')).toEqual({
      masterAddr: 'm:1',
      haServerAddr: 'h:2',
      kvTable: { table: { T: 'b-a:4' } },
    });
    expect(answer()).toEqual({ masterAddr: undefined, haServerAddr: undefined, kvTable: { table: {} } });
    expect(answer({}, '').kvTable).toEqual({ table: {} });
  });
});
