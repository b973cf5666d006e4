import { type Decoder, integer, listOf, objectOf, orElse, tableOf, text } from './decoder.js';
import { mappingInfo, type TopicQueueMappingInfo } from './topic-route-data.js';

/** A stretch of a logical queue on one broker (Java `LogicQueueMappingItem`). */
export interface LogicQueueMappingItem {
  readonly gen: number;
  /** Physical queue. */
  readonly queueId: number;
  /** Name of the broker. */
  readonly bname?: string | undefined;
  /** Where the stretch begins in the logical queue. */
  readonly logicOffset: number;
  /** Where it begins in the physical queue. */
  readonly startOffset: number;
  /** Where it ends in the physical queue, this offset excluded; −1: it goes on. */
  readonly endOffset: number;
  readonly timeOfStart: number;
  readonly timeOfEnd: number;
}

/** The logical queues of a static topic with their history (Java `TopicQueueMappingDetail`). */
export interface TopicQueueMappingDetail extends TopicQueueMappingInfo {
  /** Logical queue id → its stretches, the oldest first. */
  readonly hostedQueues: Readonly<Record<number, readonly LogicQueueMappingItem[]>>;
}

const item = objectOf<LogicQueueMappingItem>({
  bname: orElse(text, undefined),
  endOffset: orElse(integer, -1),
  gen: orElse(integer, 0),
  logicOffset: orElse(integer, 0),
  queueId: orElse(integer, 0),
  startOffset: orElse(integer, 0),
  timeOfEnd: orElse(integer, -1),
  timeOfStart: orElse(integer, -1),
});

const hosted = objectOf<Pick<TopicQueueMappingDetail, 'hostedQueues'>>({
  hostedQueues: orElse(tableOf(listOf(item)), {}),
});

/** @internal */
export const mappingDetail: Decoder<TopicQueueMappingDetail> = (value, path) => ({
  ...mappingInfo(value, path),
  ...hosted(value, path),
});

/**
 * What a name server is told of a static topic: of its logical queues those whose newest stretch is on this broker.
 * Source: Java `TopicQueueMappingDetail.cloneAsMappingInfo`.
 */
export function topicQueueMappingInfoOf({ hostedQueues, ...info }: TopicQueueMappingDetail): TopicQueueMappingInfo {
  const newest = Object.entries(hostedQueues).map(([id, stretches]) => [id, stretches.at(-1)] as const);
  const here = newest.flatMap(([id, stretch]) => (stretch?.bname === info.bname ? [[id, stretch?.queueId ?? 0]] : []));
  return { ...info, currIdMap: Object.fromEntries(here) };
}
