import {
  anObject,
  type Check,
  type Checks,
  listOf,
  oneOf,
  resolveOptions,
  trueOrFalse,
  wholeNumber,
} from '../errors/options.js';
import { anAddress } from './address.js';
import { commonChecks, commonDefaults, type CommonRemotingOptions, milliseconds } from './service-options.js';
import { clientTlsFields, type RemotingTlsOptions } from './tls-options.js';

/** Options of a {@link RemotingClient}. Source: Java `NettyClientConfig`. */
export interface RemotingClientOptions extends CommonRemotingOptions {
  /** Name servers as `host:port`. @default none */
  nameServers: readonly string[];
  /** Milliseconds to connect in, the TLS handshake included. @default 3000 */
  connectTimeoutMs: number;
  /** Wait after the third failed connect to an address in a row, doubled with each further one. @default 50 */
  reconnectDelayMs: number;
  /** The longest such wait. @default 1000 */
  reconnectMaxDelayMs: number;
  /** What calls do while an address waits to be tried again: `'fail'` at once or `'wait'` up to their time-out. @default 'fail' */
  whileDisconnected: 'fail' | 'wait';
  /** Whether a call that waited too long costs its connection, with all calls on it. @default false (Java: true) */
  clientCloseSocketIfTimeout: boolean;
  /** Whether a call answered GO_AWAY goes once more over a new connection. @default true */
  enableReconnectForGoAway: boolean;
  /** TLS: `true` verifies against the system's roots. @default plain TCP */
  tls: RemotingTlsOptions | boolean | undefined;
}

const defaults: RemotingClientOptions = Object.freeze({
  ...commonDefaults,
  permitsOneway: 65_535,
  permitsAsync: 65_535,
  maxUnsentBytes: Number.MAX_SAFE_INTEGER,
  nameServers: [],
  connectTimeoutMs: 3000,
  reconnectDelayMs: 50,
  reconnectMaxDelayMs: 1000,
  whileDisconnected: 'fail',
  clientCloseSocketIfTimeout: false,
  enableReconnectForGoAway: true,
  tls: undefined,
});

// blanks around name servers are taken off
const aNameServer: Check = value => anAddress(typeof value === 'string' ? value.trim() : value);

const checks: Checks<RemotingClientOptions> = {
  ...commonChecks,
  nameServers: listOf(aNameServer),
  connectTimeoutMs: wholeNumber(1, 2_147_483_647),
  reconnectDelayMs: milliseconds,
  reconnectMaxDelayMs: milliseconds,
  whileDisconnected: oneOf('fail', 'wait'),
  clientCloseSocketIfTimeout: trueOrFalse,
  enableReconnectForGoAway: trueOrFalse,
  tls: value => {
    if (trueOrFalse(value) === undefined) return undefined;
    return anObject(value) === undefined ? clientTlsFields(value) : 'must be true, false or an object of TLS options';
  },
};

/**
 * Fills in what is not given.
 *
 * @throws {OptionsError} naming all faults at once
 */
export function resolveRemotingClientOptions(given?: Partial<RemotingClientOptions>): Readonly<RemotingClientOptions> {
  return resolveOptions('RemotingClient options', checks, defaults, given);
}
