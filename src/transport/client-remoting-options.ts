import { anObject, type Checks, listOf, nonEmptyString, oneOf, OptionsError, wholeNumber } from '../errors/options.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { anAddress } from '../remoting/address.js';
import { AddressRing } from '../remoting/address-ring.js';
import { DEFAULT_TIMEOUT_MS } from '../remoting/default-timeout.js';
import type { AclOptions } from '../remoting/acl-rpc-hook.js';
import { type RemotingClientOptions, resolveRemotingClientOptions } from '../remoting/remoting-client-options.js';
import type { RemotingTarget } from '../remoting/remoting-client.js';
import { type BodyMode, bodyModes } from './body.js';
import { splitOptions } from './split-options.js';

/** What a client's serializer gets. */
export interface OutgoingCall {
  pattern: unknown;
  data: unknown;
}

/**
 * Turns the data of a call into its body. Returns bytes, text, or an {@link OutgoingCall} whose `data` is then encoded
 * as usual; or a Promise of it.
 */
export interface CallSerializer {
  serialize(call: OutgoingCall): unknown;
}

/** Turns an answer into the value that the caller gets: `{ response }`. */
export interface AnswerDeserializer {
  deserialize(response: RemotingCommand): { response?: unknown } | Promise<{ response?: unknown }>;
}

/** Options of a {@link ClientRemoting} beside those of its {@link RemotingClientOptions}. */
interface ClientRemotingOwnOptions {
  /** Name in metrics and health. @default 'default' */
  name: string;
  /** Server as `host:port`. One of `address`, `addresses` and `nameServers` is needed. */
  address: string | undefined;
  /** Equal servers that take calls in turn; one that cannot be reached is passed over. */
  addresses: readonly string[] | undefined;
  /** Milliseconds from the call to its answer; of a stream, to its first and between two values. @default 3000 */
  timeoutMs: number;
  /** What becomes of the body of an answer. @default 'auto' */
  body: BodyMode;
  /** @default JSON, bytes as they are */
  serializer: CallSerializer | undefined;
  /** @default as `body` says */
  deserializer: AnswerDeserializer | undefined;
  /** Signs every request. @default none */
  acl: AclOptions | undefined;
}

/** Options of a {@link ClientRemoting}. */
export type ClientRemotingOptions = Partial<ClientRemotingOwnOptions & RemotingClientOptions>;

const defaults: ClientRemotingOwnOptions = Object.freeze({
  name: 'default',
  address: undefined,
  addresses: undefined,
  timeoutMs: DEFAULT_TIMEOUT_MS,
  body: 'auto',
  serializer: undefined,
  deserializer: undefined,
  acl: undefined,
});

const checks: Checks<ClientRemotingOwnOptions> = {
  name: nonEmptyString,
  address: anAddress,
  addresses: listOf(anAddress),
  timeoutMs: wholeNumber(1, 2_147_483_647),
  body: oneOf(...bodyModes),
  serializer: anObject,
  deserializer: anObject,
  acl: anObject,
};

/** What a {@link ClientRemoting} keeps: secrets go to the hook that needs them, where nobody prints them. */
export type ClientRemotingSettings = Omit<ClientRemotingOwnOptions, 'acl'>;

/**
 * Splits the options: those of the Nest edge, checked, and those of the core.
 *
 * @throws {OptionsError} naming all wrong options
 */
export function splitClientOptions(given: ClientRemotingOptions): {
  own: Readonly<ClientRemotingSettings>;
  acl: AclOptions | undefined;
  core: Partial<RemotingClientOptions>;
} {
  const split = splitOptions('ClientRemoting options', checks, defaults, given, resolveRemotingClientOptions);
  const { acl, ...own } = split.own;
  return { own, acl, core: split.core };
}

/**
 * Where calls go.
 *
 * @throws {OptionsError} when it is said twice or not at all
 */
export function targetOf(
  own: Readonly<ClientRemotingSettings>,
  nameServers: readonly string[] | undefined,
): RemotingTarget {
  const { address, addresses } = own;
  const said = [address !== undefined, (addresses ?? []).length > 0, (nameServers ?? []).length > 0];
  if (said.filter(Boolean).length !== 1) {
    throw new OptionsError('ClientRemoting options', ['set exactly one of "address", "addresses" and "nameServers"']);
  }
  if (address !== undefined) return address;
  return addresses !== undefined && addresses.length > 0 ? new AddressRing(addresses) : null;
}
