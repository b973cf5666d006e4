import { describe, expect, it } from '@jest/globals';
import {
  KEY_SEPARATOR,
  MessageConst,
  reservedPropertyNames,
  TRANSIENT_PROPERTY_PREFIX,
} from '../../../../src/protocol/message/message-const.js';
import { goldConstants, goldMessage } from './gold-messages.js';

describe('MessageConst', () => {
  const printed = goldConstants('message-properties');

  it('has the names that Java has, and no others', () => {
    const prefix = 'PROPERTY_TRANSIENT_PREFIX';
    const names = [...printed].filter(([key]) => (key.startsWith('PROPERTY_') || key === 'DUP_INFO') && key !== prefix);
    expect(MessageConst).toEqual(Object.fromEntries(names));
    expect(TRANSIENT_PROPERTY_PREFIX).toBe(printed.get(prefix));
    expect(KEY_SEPARATOR).toBe(printed.get('KEY_SEPARATOR'));
  });

  it('reserves what Java reserves', () => {
    const { names } = goldMessage<{ names: string[] }>('reservedProperties');
    expect([...reservedPropertyNames].toSorted()).toEqual(names.toSorted());
  });
});
