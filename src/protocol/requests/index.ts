import { type Codes, codesOf, namesByCode } from '../schema/code-table.js';
import { authRequests } from './auth.js';
import { brokerRequests } from './broker.js';
import { clientRequests } from './client.js';
import { controllerRequests } from './controller.js';
import { liteRequests } from './lite.js';
import { namesrvRequests } from './namesrv.js';
import { offsetRequests } from './offset.js';
import { popRequests } from './pop.js';
import { pullRequests } from './pull.js';
import { replicationRequests } from './replication.js';
import { sendRequests } from './send.js';
import { topicRequests } from './topic.js';

/**
 * The request table: every request code of RocketMQ 5.5.0 by name (Java `RequestCode`), with its headers. Encode and
 * decode headers by it: `requests.PULL_MESSAGE.request.encode({ … })`.
 */
export const requests = {
  ...sendRequests,
  ...pullRequests,
  ...offsetRequests,
  ...popRequests,
  ...liteRequests,
  ...clientRequests,
  ...topicRequests,
  ...brokerRequests,
  ...namesrvRequests,
  ...replicationRequests,
  ...controllerRequests,
  ...authRequests,
} as const;

/** Name of a request code of RocketMQ, for example `PULL_MESSAGE`. */
export type RequestName = keyof typeof requests;

/** Request codes by name: `requestCodes.PULL_MESSAGE` is 11. */
export const requestCodes: Codes<typeof requests> = codesOf(requests);

const names = namesByCode(requests);

/** The name of a request code, or `undefined` when it is none of RocketMQ's. */
export function requestNameOf(code: number): string | undefined {
  return names.get(code);
}
