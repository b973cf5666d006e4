import { defineRequests } from '../schema/define-request.js';
import { int, optional, string } from '../schema/field-types.js';
import { rpcRequest } from './shared-fields.js';

/** Lite topics: many small topics under one parent topic (since 5.4). */
export const liteRequests = defineRequests({
  LITE_SUBSCRIPTION_CTL: {
    code: 200071,
    summary: 'Tell the broker which lite topics a client subscribes to.',
    javaHeader: 'LiteSubscriptionCtlRequestHeader',
    request: rpcRequest,
  },
  ACK_LITE_MESSAGE: { code: 200072, summary: 'Acknowledge messages of lite topics.' },
  NOTIFY_UNSUBSCRIBE_LITE: {
    code: 200073,
    summary: 'Broker to client: a lite topic is no longer subscribed to.',
    javaHeader: 'NotifyUnsubscribeLiteRequestHeader',
    request: { liteTopic: string, consumerGroup: string, clientId: string, ...rpcRequest },
  },
  GET_BROKER_LITE_INFO: { code: 200074, summary: 'Show the lite topics of a broker.' },
  GET_PARENT_TOPIC_INFO: {
    code: 200075,
    summary: 'Show the lite topics under a parent topic.',
    javaHeader: 'GetParentTopicInfoRequestHeader',
    request: { topic: string },
  },
  GET_LITE_TOPIC_INFO: {
    code: 200076,
    summary: 'Show one lite topic.',
    javaHeader: 'GetLiteTopicInfoRequestHeader',
    request: { parentTopic: optional(string), liteTopic: optional(string) },
  },
  GET_LITE_CLIENT_INFO: {
    code: 200077,
    summary: 'Show the lite subscriptions of a client.',
    javaHeader: 'GetLiteClientInfoRequestHeader',
    request: {
      parentTopic: optional(string),
      group: optional(string),
      clientId: optional(string),
      maxCount: optional(int),
    },
  },
  GET_LITE_GROUP_INFO: {
    code: 200078,
    summary: 'Show the lite topics of a group that lag the most.',
    javaHeader: 'GetLiteGroupInfoRequestHeader',
    request: { group: string, liteTopic: optional(string), topK: optional(int) },
  },
  TRIGGER_LITE_DISPATCH: {
    code: 200079,
    summary: 'Deliver messages of lite topics to the clients of a group now.',
    javaHeader: 'TriggerLiteDispatchRequestHeader',
    request: { group: string, clientId: optional(string) },
  },
});
