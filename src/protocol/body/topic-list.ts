import { decodeBody, listOf, objectOf, orElse, text } from './decoder.js';

/**
 * Names of topics: the answer to `GET_ALL_TOPIC_LIST_FROM_NAMESERVER` and to the other requests for lists of topics
 * (Java `TopicList`).
 */
export interface TopicList {
  readonly topicList: readonly string[];
  /** A broker of the topics, `host:port`, where the answer is about system topics. */
  readonly brokerAddr?: string | undefined;
}

const topicList = objectOf<TopicList>({
  topicList: orElse(listOf(text), []),
  brokerAddr: orElse(text, undefined),
});

/**
 * Decodes a body of names of topics.
 *
 * @throws RemotingCommandError when the body is no such list.
 */
export function decodeTopicList(body: Uint8Array): TopicList {
  return decodeBody('TopicList', topicList, body);
}
