import type { MessageExt } from './message.js';
import { MessageConst } from './message-const.js';
import { readBatch } from './message-batch.js';
import { hasSysFlag, MessageSysFlag } from './message-sys-flag.js';
import type { BadRecord, StoredMessages } from './stored-message.js';

const INNER_BATCH = MessageSysFlag.INNER_BATCH_FLAG | MessageSysFlag.NEED_UNWRAP_FLAG;

/** Whether the body of the message is a batch that the client unwraps: a topic of type batch (`CQType.BatchCQ`). */
export function isInnerBatch(message: Pick<MessageExt, 'sysFlag'>): boolean {
  return hasSysFlag(message.sysFlag, INNER_BATCH);
}

/**
 * Puts the messages of inner batches in their places; others stay as they are. The n-th one of a batch is n queue
 * offsets behind the first, and keeps its place when another one cannot be read. Each has flag, properties and body of
 * its own, and all else of the batch. Their tags are for the consumer to filter by.
 * Source: Java `MessageDecoder.decodeMessage`, `PullAPIWrapper.processPullResult`.
 *
 * @param stored as `decodeStoredMessages` gives it, with bodies that are read and decompressed
 */
export function unwrapInnerBatches(stored: StoredMessages): StoredMessages {
  if (!stored.messages.some(isInnerBatch)) return stored;
  const messages: MessageExt[] = [];
  const badRecords: BadRecord[] = [...stored.badRecords];
  for (const message of stored.messages) {
    // a batch of nothing would vanish
    if (!isInnerBatch(message) || message.body.length === 0) messages.push(message);
    else unwrap(message, messages, badRecords);
  }
  return { messages, badRecords };
}

function unwrap(batch: MessageExt, messages: MessageExt[], badRecords: BadRecord[]): void {
  for (const [index, slot] of readBatch(batch.body).entries()) {
    const queueOffset = batch.queueOffset + index;
    if ('element' in slot) {
      const { properties } = slot.element;
      const msgId = properties[MessageConst.PROPERTY_UNIQ_CLIENT_MESSAGE_ID_KEYIDX] ?? batch.offsetMsgId;
      messages.push({ ...batch, ...slot.element, queueOffset, msgId });
    } else {
      const { queueId, commitLogOffset } = batch;
      badRecords.push({ error: slot.error, queueId, queueOffset, commitLogOffset });
    }
  }
}
