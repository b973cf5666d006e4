import { boolean, extField, int, long, optional, string } from '../schema/field-types.js';

/** Fields of every request that Java's RPC layer can forward (`RpcRequestHeader`, since 5.0). */
export const rpcRequest = {
  ns: optional(string), // namespace
  nsd: optional(boolean), // whether the names in the header carry no namespace of their own
  bname: optional(string), // name of the broker meant: proxies and static topics need it
  oway: optional(boolean), // whether the forwarded call is oneway
};

/** {@link rpcRequest} of a request about a topic (`TopicRequestHeader`). */
export const topicRequest = {
  lo: optional(boolean), // whether a queue id is a logical one of a static topic
  ...rpcRequest,
};

/** What a broker adds to the answer to a send. */
export const sendExtFields = {
  MSG_REGION: extField(string), // region of the broker, for message traces
  TRACE_ON: extField(boolean), // whether the broker wants message traces
};

/** Answer of a single offset (`GetMaxOffsetResponseHeader` and its like). */
export const offsetResponse = { offset: long };

/** One queue of a topic. */
export const queueOfTopic = { topic: string, queueId: int };
