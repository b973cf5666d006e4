import { MQClientError } from '../errors/response-errors.js';
import { type DataVersion, isSameDataVersion } from '../protocol/body/data-version.js';
import {
  decodeSubscriptionGroupWrapper,
  type SubscriptionGroupWrapper,
} from '../protocol/body/subscription-group-wrapper.js';
import { decodeTopicConfigWrapper, type TopicConfigSerializeWrapper } from '../protocol/body/topic-config-wrapper.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { requests } from '../protocol/requests/index.js';
import { bodyBy, type CallOptions, type Calls, createRequest } from './calls.js';

/** Entries that are asked for at a time (Java `BrokerOuterAPI.getMaxPageSize`). */
const PAGE_SIZE = 2000;
/** How often copying begins anew because the master changed in the middle of it. */
const MOST_TRIES = 10;

/** What a slave copies in pages. */
interface Copied<T extends { readonly dataVersion: DataVersion }> {
  /** Asks for the entries from an index on, as long as the configuration is of that version. */
  make(from: number, dataVersion: string | undefined): RemotingCommand;
  readonly decode: (body: Uint8Array) => T;
  /** Ext field with the number of all entries; masters before 5.4 name none and send them at once. */
  readonly total: string;
  sizeOf(part: T): number;
  merge(one: T, next: T): T;
}

/** Topics: `GET_ALL_TOPIC_CONFIG`. */
export const allTopics: Copied<TopicConfigSerializeWrapper> = {
  make: (topicSeq, dataVersion) =>
    createRequest(requests.GET_ALL_TOPIC_CONFIG, {
      topicSeq,
      dataVersion,
      maxTopicNum: PAGE_SIZE,
    }),
  decode: decodeTopicConfigWrapper,
  total: 'totalTopicNum',
  sizeOf: part => Object.keys(part.topicConfigTable).length,
  merge: (one, next) => ({
    ...next,
    topicConfigTable: { ...one.topicConfigTable, ...next.topicConfigTable },
    topicQueueMappingDetailMap: { ...one.topicQueueMappingDetailMap, ...next.topicQueueMappingDetailMap },
    topicQueueMappingInfoMap: { ...one.topicQueueMappingInfoMap, ...next.topicQueueMappingInfoMap },
  }),
};

/** Consumer groups: `GET_ALL_SUBSCRIPTIONGROUP_CONFIG`. */
export const allGroups: Copied<SubscriptionGroupWrapper> = {
  make: (groupSeq, dataVersion) =>
    createRequest(requests.GET_ALL_SUBSCRIPTIONGROUP_CONFIG, {
      groupSeq,
      dataVersion,
      maxGroupNum: PAGE_SIZE,
    }),
  decode: decodeSubscriptionGroupWrapper,
  total: 'totalGroupNum',
  sizeOf: part => Object.keys(part.subscriptionGroupTable).length,
  merge: (one, next) => ({
    ...next,
    subscriptionGroupTable: { ...one.subscriptionGroupTable, ...next.subscriptionGroupTable },
    forbiddenTable: { ...one.forbiddenTable, ...next.forbiddenTable },
  }),
};

/**
 * Copies all of one thing that a master has, page after page; from the start again when it changes meanwhile. Each page
 * has the time-out of a call. Source: Java `BrokerOuterAPI.getAllTopicConfig`, which leaves out the last topic where it
 * has a page of its own.
 *
 * @throws {MQClientError} the master changes faster than it can be copied
 */
export async function copyAll<T extends { readonly dataVersion: DataVersion }>(
  calls: Calls,
  address: string,
  what: Copied<T>,
  options?: CallOptions,
): Promise<T> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const all = await copyOneVersion(calls, address, what, options);
    if (all !== undefined) return all;
  }
  const { code: requestCode } = what.make(0, undefined);
  const message = `${address} changed ${MOST_TRIES} times while it was copied. Try again later.`;
  throw new MQClientError(message, { address, requestCode, retryable: true });
}

/** `undefined` when a page is of another version than those before it. */
async function copyOneVersion<T extends { readonly dataVersion: DataVersion }>(
  calls: Calls,
  address: string,
  what: Copied<T>,
  options?: CallOptions,
): Promise<T | undefined> {
  const readPart = bodyBy(what.decode);
  let all: T | undefined;
  for (let from = 0; ;) {
    const request = what.make(from, all === undefined ? undefined : JSON.stringify(all.dataVersion));
    const page = await calls.ask(
      address,
      request,
      response => ({ part: readPart(response), total: Number(response.extFields?.[what.total] ?? 0) }),
      options,
    );
    if (all !== undefined && !isSameDataVersion(all.dataVersion, page.part.dataVersion)) return undefined;
    all = all === undefined ? page.part : what.merge(all, page.part);
    const size = what.sizeOf(page.part);
    from += size;
    if (size === 0 || from >= page.total) return all;
  }
}
