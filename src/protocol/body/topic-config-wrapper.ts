import type { Buffer } from 'node:buffer';
import { type DataVersion, dataVersion, newDataVersion } from './data-version.js';
import { decodeBody, type Decoder, objectOf, orElse, tableOf } from './decoder.js';
import { encodeBody } from './encoder.js';
import { type TopicConfig, topicConfig } from './topic-config.js';
import { mappingDetail, type TopicQueueMappingDetail } from './topic-queue-mapping.js';
import { mappingInfo, type TopicQueueMappingInfo } from './topic-route-data.js';

/**
 * The topics of a broker (Java `TopicConfigAndMappingSerializeWrapper`; before 5.0 `TopicConfigSerializeWrapper`, which
 * has no mappings).
 */
export interface TopicConfigSerializeWrapper {
  readonly dataVersion: DataVersion;
  /** Version of the mappings. */
  readonly mappingDataVersion: DataVersion;
  /** Topic name → topic. */
  readonly topicConfigTable: Readonly<Record<string, TopicConfig>>;
  /** Static topics with their history: what a slave copies. */
  readonly topicQueueMappingDetailMap: Readonly<Record<string, TopicQueueMappingDetail>>;
  /** Static topics as they are: what a name server is told. */
  readonly topicQueueMappingInfoMap: Readonly<Record<string, TopicQueueMappingInfo>>;
}

/** @internal */
export const topicConfigWrapper: Decoder<TopicConfigSerializeWrapper> = objectOf<TopicConfigSerializeWrapper>({
  dataVersion: orElse(dataVersion, newDataVersion(0)),
  mappingDataVersion: orElse(dataVersion, newDataVersion(0)),
  topicConfigTable: orElse(tableOf(topicConfig), {}),
  topicQueueMappingDetailMap: orElse(tableOf(mappingDetail), {}),
  topicQueueMappingInfoMap: orElse(tableOf(mappingInfo), {}),
});

/** A wrapper of topics; what is not given is empty, and the mappings are as new as the topics. */
export function topicConfigWrapperOf(
  topics: readonly TopicConfig[],
  version: DataVersion,
  rest: Partial<TopicConfigSerializeWrapper> = {},
): TopicConfigSerializeWrapper {
  return {
    dataVersion: version,
    mappingDataVersion: version,
    topicConfigTable: Object.fromEntries(topics.map(topic => [topic.topicName, topic])),
    topicQueueMappingDetailMap: {},
    topicQueueMappingInfoMap: {},
    ...rest,
  };
}

/** The body of the answer to `GET_ALL_TOPIC_CONFIG`. */
export function encodeTopicConfigWrapper(wrapper: TopicConfigSerializeWrapper): Buffer {
  return encodeBody(wrapper);
}

/**
 * Decodes the body of the answer to `GET_ALL_TOPIC_CONFIG`.
 *
 * @throws RemotingCommandError when the body holds no topics.
 */
export function decodeTopicConfigWrapper(body: Uint8Array): TopicConfigSerializeWrapper {
  return decodeBody('TopicConfigSerializeWrapper', topicConfigWrapper, body);
}
