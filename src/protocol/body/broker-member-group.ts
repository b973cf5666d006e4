import type { Buffer } from 'node:buffer';
import { decodeBody, objectOf, orElse, tableOf, text } from './decoder.js';
import { encodeBody } from './encoder.js';

/** The brokers of one name that live (Java `BrokerMemberGroup`). */
export interface BrokerMemberGroup {
  /** Broker id → `host:port`; id 0 is the master. */
  readonly brokerAddrs: Readonly<Record<number, string>>;
  readonly brokerName: string;
  readonly cluster: string;
}

const memberGroup = objectOf<BrokerMemberGroup>({
  brokerAddrs: orElse(tableOf(text), {}),
  brokerName: text,
  cluster: text,
});

const responseBody = objectOf<{ brokerMemberGroup: BrokerMemberGroup | undefined }>({
  brokerMemberGroup: orElse(memberGroup, undefined),
});

/** The body of the answer to `GET_BROKER_MEMBER_GROUP` (Java `GetBrokerMemberGroupResponseBody`). */
export function encodeBrokerMemberGroup(brokerMemberGroup: BrokerMemberGroup): Buffer {
  return encodeBody({ brokerMemberGroup });
}

/**
 * Decodes the body of the answer to `GET_BROKER_MEMBER_GROUP`.
 *
 * @returns `undefined` where the name server names no group
 * @throws RemotingCommandError when the body is no member group.
 */
export function decodeBrokerMemberGroup(body: Uint8Array): BrokerMemberGroup | undefined {
  return decodeBody('GetBrokerMemberGroupResponseBody', responseBody, body).brokerMemberGroup;
}
