import { anObject, type Checks, nonEmptyString, resolveOptions, trueOrFalse, wholeNumber } from '../errors/options.js';
import type { AclOptions } from '../remoting/acl-rpc-hook.js';
import { DEFAULT_TIMEOUT_MS } from '../remoting/default-timeout.js';
import type { RemotingClientOptions } from '../remoting/remoting-client-options.js';
import type { TopAddressingOptions } from '../remoting/top-addressing-options.js';

/** Options of a {@link BrokerOuterAPI} beside those of its {@link RemotingClientOptions}. */
export interface BrokerOuterOwnOptions {
  /** Name in metrics and spans. @default 'broker-outer' */
  name: string;
  /** Milliseconds from a call to its answer, where the call names none. @default 3000 */
  timeoutMs: number;
  /** Where `fetchNameServerAddr()` asks. @default Java's address server, or the environment */
  topAddressing: Partial<TopAddressingOptions>;
  /** Whether the address server is asked again and again between `start()` and `shutdown()`. @default false */
  fetchNamesrvAddrByAddressServer: boolean;
  /** Signs every request. @default none */
  acl: AclOptions | undefined;
}

/** Options of a {@link BrokerOuterAPI}. Source: Java `BrokerOuterAPI(NettyClientConfig, AuthConfig)`, `BrokerConfig`. */
export type BrokerOuterOptions = Partial<BrokerOuterOwnOptions & RemotingClientOptions>;

const defaults: BrokerOuterOwnOptions = Object.freeze({
  name: 'broker-outer',
  timeoutMs: DEFAULT_TIMEOUT_MS,
  topAddressing: {},
  fetchNamesrvAddrByAddressServer: false,
  acl: undefined,
});

const checks: Checks<BrokerOuterOwnOptions> = {
  name: nonEmptyString,
  timeoutMs: wholeNumber(1, 2_147_483_647),
  topAddressing: anObject,
  fetchNamesrvAddrByAddressServer: trueOrFalse,
  acl: anObject,
};

/**
 * Splits the options: its own, checked and filled in, and those of the remoting client, as they are.
 *
 * @throws {OptionsError} naming all that are wrong of its own
 */
export function splitBrokerOuterOptions(given: BrokerOuterOptions): {
  own: Readonly<BrokerOuterOwnOptions>;
  remoting: Partial<RemotingClientOptions>;
} {
  const { name, timeoutMs, topAddressing, fetchNamesrvAddrByAddressServer, acl, ...remoting } = given;
  const own = {
    name,
    timeoutMs,
    topAddressing,
    fetchNamesrvAddrByAddressServer,
    acl,
  } as Partial<BrokerOuterOwnOptions>;
  return { own: resolveOptions('BrokerOuterAPI options', checks, defaults, own), remoting };
}
