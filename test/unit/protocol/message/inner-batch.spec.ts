import { describe, expect, it } from '@jest/globals';
import { compressBody } from '../../../../src/protocol/message/compression.js';
import { formatHost } from '../../../../src/protocol/message/host-address.js';
import { isInnerBatch, unwrapInnerBatches } from '../../../../src/protocol/message/inner-batch.js';
import { encodeBatch } from '../../../../src/protocol/message/message-batch.js';
import { MessageSysFlag, withCompressionType } from '../../../../src/protocol/message/message-sys-flag.js';
import { decodeStoredMessages } from '../../../../src/protocol/message/stored-message.js';
import { encodeStoredMessage } from '../../../../src/protocol/message/stored-message-writer.js';
import { goldMessage, goldMessages, unhex } from './gold-messages.js';

interface Row {
  hex: string;
  read: {
    body: string;
    bornHost: [string, number];
    storeHost: [string, number];
    reconsumeTimes: number;
  }[];
}
const gold = goldMessage<Row>('innerBatch');
const plain = unhex(goldMessages<{ hex: string }>('stored')[0]?.hex ?? '');
const BOTH = MessageSysFlag.INNER_BATCH_FLAG | MessageSysFlag.NEED_UNWRAP_FLAG;

describe('inner batches', () => {
  it('are unwrapped as Java does', () => {
    const { messages, badRecords } = unwrapInnerBatches(decodeStoredMessages(unhex(gold.hex)));
    expect(badRecords).toEqual([]);
    expect(messages).toHaveLength(gold.read.length);
    for (const [index, { body, bornHost, storeHost, ...read }] of gold.read.entries()) {
      expect(messages[index]).toMatchObject({
        ...read,
        body: unhex(body),
        bornHost: formatHost(unhex(bornHost[0]), bornHost[1]),
        storeHost: formatHost(unhex(storeHost[0]), storeHost[1]),
        // Java leaves 0 here; the batch has the number
        reconsumeTimes: 2,
      });
    }
  });

  it('take their places between other messages', () => {
    const stored = decodeStoredMessages(Buffer.concat([plain, unhex(gold.hex), plain]));
    const { messages } = unwrapInnerBatches(stored);
    expect(messages.map(each => each.topic)).toEqual(['TopicTest', 'T', 'T', 'T', 'TopicTest']);
    expect(messages.slice(1, 4).map(each => each.queueOffset - 0x1_0000_0005)).toEqual([0, 1, 2]);
  });

  it('may be compressed as a whole', () => {
    const [outer] = decodeStoredMessages(unhex(gold.hex)).messages;
    if (outer === undefined) throw new Error('no gold message');
    const body = compressBody('LZ4', encodeBatch([{ body: Buffer.from('a'), properties: { UNIQ_KEY: 'id' } }]));
    const bytes = encodeStoredMessage({ ...outer, body, sysFlag: withCompressionType(BOTH, 'LZ4') });
    expect(unwrapInnerBatches(decodeStoredMessages(bytes)).messages).toMatchObject([
      { body: Buffer.from('a'), msgId: 'id' },
    ]);
  });

  it('with an element that cannot be read lose that one, by its offset', () => {
    const stored = decodeStoredMessages(unhex(gold.hex));
    const [outer] = stored.messages;
    outer?.body.writeInt32BE(999, 55 + 16);
    const { messages, badRecords } = unwrapInnerBatches(stored);
    expect(messages.map(each => each.body.toString())).toEqual(['hello', 'third']);
    expect(messages.map(each => each.queueOffset - 0x1_0000_0005)).toEqual([0, 2]);
    expect(badRecords).toMatchObject([{ queueId: 3, queueOffset: 0x1_0000_0006, commitLogOffset: 0x12_3456_7890 }]);
  });

  it('keep what was wrong before', () => {
    const { badRecords } = unwrapInnerBatches(
      decodeStoredMessages(Buffer.concat([unhex(gold.hex), Buffer.from('rest')])),
    );
    expect(badRecords).toHaveLength(1);
  });

  it('without a body do not vanish', () => {
    const stored = decodeStoredMessages(unhex(gold.hex), { readBody: false });
    expect(unwrapInnerBatches(stored).messages).toEqual(stored.messages);
  });

  it('are told by both flags', () => {
    expect(
      [0, MessageSysFlag.INNER_BATCH_FLAG, MessageSysFlag.NEED_UNWRAP_FLAG, BOTH].map(sysFlag =>
        isInnerBatch({ sysFlag }),
      ),
    ).toEqual([false, false, false, true]);
    const stored = decodeStoredMessages(plain);
    expect(unwrapInnerBatches(stored)).toBe(stored);
  });
});
