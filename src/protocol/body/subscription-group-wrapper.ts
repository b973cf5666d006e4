import type { Buffer } from 'node:buffer';
import { type DataVersion, dataVersion, newDataVersion } from './data-version.js';
import { decodeBody, flag, integer, listOf, objectOf, orElse, tableOf, text } from './decoder.js';
import { encodeBody } from './encoder.js';

/** How long a group waits before a message comes again (Java `GroupRetryPolicy`). */
export interface GroupRetryPolicy {
  /** `CUSTOMIZED` or `EXPONENTIAL`. */
  readonly type: string;
  /** Milliseconds. */
  readonly exponentialRetryPolicy?:
    { readonly initial: number; readonly max: number; readonly multiplier: number } | undefined;
  /** Milliseconds before each further try. */
  readonly customizedRetryPolicy?: { readonly next: readonly number[] } | undefined;
}

/** What a group subscribes to (Java `SimpleSubscriptionData`). */
export interface SimpleSubscriptionData {
  readonly topic: string;
  readonly expressionType?: string | undefined;
  readonly expression?: string | undefined;
  readonly version: number;
}

/** A consumer group as its broker knows it (Java `SubscriptionGroupConfig`). */
export interface SubscriptionGroupConfig {
  readonly groupName: string;
  readonly consumeEnable: boolean;
  readonly consumeFromMinEnable: boolean;
  readonly consumeBroadcastEnable: boolean;
  readonly consumeMessageOrderly: boolean;
  readonly retryQueueNums: number;
  /** Tries before a message is dead. */
  readonly retryMaxTimes: number;
  readonly groupRetryPolicy?: GroupRetryPolicy | undefined;
  readonly brokerId: number;
  /** Broker id to pull from while the group is slow. */
  readonly whichBrokerWhenConsumeSlowly: number;
  readonly notifyConsumerIdsChangedEnable: boolean;
  readonly groupSysFlag: number;
  /** Minutes. */
  readonly consumeTimeoutMinute: number;
  readonly subscriptionDataSet?: readonly SimpleSubscriptionData[] | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The consumer groups of a broker: the answer to `GET_ALL_SUBSCRIPTIONGROUP_CONFIG` (Java `SubscriptionGroupWrapper`). */
export interface SubscriptionGroupWrapper {
  readonly dataVersion: DataVersion;
  /** Group → topic → bits that forbid. */
  readonly forbiddenTable: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Group name → group. */
  readonly subscriptionGroupTable: Readonly<Record<string, SubscriptionGroupConfig>>;
}

const optionalText = orElse(text, undefined);

const groupRetryPolicy = objectOf<GroupRetryPolicy>({
  customizedRetryPolicy: orElse(
    objectOf<{ next: readonly number[] }>({ next: orElse(listOf(integer), []) }),
    undefined,
  ),
  exponentialRetryPolicy: orElse(objectOf({ initial: integer, max: integer, multiplier: integer }), undefined),
  type: orElse(text, 'CUSTOMIZED'),
});

const subscriptionData = objectOf<SimpleSubscriptionData>({
  expression: optionalText,
  expressionType: optionalText,
  topic: text,
  version: orElse(integer, 0),
});

const subscriptionGroupConfig = objectOf<SubscriptionGroupConfig>({
  attributes: orElse(tableOf(text), {}),
  brokerId: orElse(integer, 0),
  consumeBroadcastEnable: orElse(flag, true),
  consumeEnable: orElse(flag, true),
  consumeFromMinEnable: orElse(flag, true),
  consumeMessageOrderly: orElse(flag, false),
  consumeTimeoutMinute: orElse(integer, 15),
  groupName: text,
  groupRetryPolicy: orElse(groupRetryPolicy, undefined),
  groupSysFlag: orElse(integer, 0),
  notifyConsumerIdsChangedEnable: orElse(flag, true),
  retryMaxTimes: orElse(integer, 16),
  retryQueueNums: orElse(integer, 1),
  subscriptionDataSet: orElse(listOf(subscriptionData), undefined),
  whichBrokerWhenConsumeSlowly: orElse(integer, 1),
});

const subscriptionGroupWrapper = objectOf<SubscriptionGroupWrapper>({
  dataVersion: orElse(dataVersion, newDataVersion(0)),
  forbiddenTable: orElse(tableOf(tableOf(integer)), {}),
  subscriptionGroupTable: orElse(tableOf(subscriptionGroupConfig), {}),
});

/** The body of the answer to `GET_ALL_SUBSCRIPTIONGROUP_CONFIG`. */
export function encodeSubscriptionGroupWrapper(wrapper: SubscriptionGroupWrapper): Buffer {
  return encodeBody(wrapper);
}

/**
 * Decodes the body of the answer to `GET_ALL_SUBSCRIPTIONGROUP_CONFIG`.
 *
 * @throws RemotingCommandError when the body holds no groups.
 */
export function decodeSubscriptionGroupWrapper(body: Uint8Array): SubscriptionGroupWrapper {
  return decodeBody('SubscriptionGroupWrapper', subscriptionGroupWrapper, body);
}
