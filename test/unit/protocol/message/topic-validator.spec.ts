import { describe, expect, it } from '@jest/globals';
import { MQClientError } from '../../../../src/errors/response-errors.js';
import {
  checkGroup,
  checkMessage,
  checkTopic,
  groupFault,
  isPredefinedGroup,
  isSystemGroup,
  isSystemTopic,
  notAllowedSendTopics,
  systemTopics,
  topicFault,
} from '../../../../src/protocol/message/topic-validator.js';
import { ResponseCode } from '../../../../src/protocol/response-codes.js';
import { goldMessage, goldMessages } from './gold-messages.js';

interface Name {
  name: string;
  valid: boolean;
  remark: string;
  system: boolean;
}

const printed = (kind: string) => goldMessage<{ names: string[] }>(kind).names.toSorted();
const message = (topic: string, bytes: number) => ({ topic, body: Buffer.alloc(bytes) });

/** What a message of so many bytes is refused with. */
const refusal = (topic: string, bytes: number, max?: number): MQClientError => {
  try {
    checkMessage(message(topic, bytes), max);
  } catch (error) {
    return error as MQClientError;
  }
  throw new Error('it was let through');
};

describe('names', () => {
  it.each(goldMessages<Name & { notAllowedSend: boolean }>('topic'))(
    'of topics are judged as Java does: $name',
    row => {
      expect(topicFault(row.name)).toBe(row.valid ? undefined : row.remark);
      expect(isSystemTopic(row.name)).toBe(row.system);
      expect(notAllowedSendTopics.has(row.name)).toBe(row.notAllowedSend);
    },
  );

  it.each(goldMessages<Name & { predefined: boolean }>('group'))('of groups are judged as Java does: $name', row => {
    expect(groupFault(row.name)).toBe(row.valid ? undefined : row.remark);
    expect(isSystemGroup(row.name)).toBe(row.system);
    expect(isPredefinedGroup(row.name)).toBe(row.predefined);
  });

  it('of system topics are those of Java', () => {
    expect([...systemTopics].toSorted()).toEqual(printed('systemTopics'));
    expect([...notAllowedSendTopics].toSorted()).toEqual(printed('notAllowedSendTopics'));
  });

  it('that are wrong are refused', () => {
    expect(() => checkTopic('a.b')).toThrow(MQClientError);
    expect(() => checkGroup('')).toThrow('The specified group is blank.');
    expect(() => checkGroup('g')).not.toThrow();
  });
});

describe('checkMessage', () => {
  it('lets 1 byte to 4 MiB through', () => {
    expect(() => checkMessage(message('T', 1))).not.toThrow();
    expect(() => checkMessage(message('T', 4_194_304))).not.toThrow();
  });

  it('refuses other sizes as illegal messages', () => {
    expect(refusal('T', 0).responseCode).toBe(ResponseCode.MESSAGE_ILLEGAL);
    expect(refusal('T', 4_194_305).responseCode).toBe(ResponseCode.MESSAGE_ILLEGAL);
    expect(refusal('T', 11, 10).message).toContain('11 bytes, MAX: 10 (maxMessageBytes)');
  });

  it('refuses topics that clients cannot send to', () => {
    expect(refusal('SCHEDULE_TOPIC_XXXX', 1).message).toBe(
      'Sending message to topic[SCHEDULE_TOPIC_XXXX] is forbidden.',
    );
    expect(refusal('a b', 1).message).toContain('illegal characters');
  });
});
