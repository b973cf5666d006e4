import { type Checks, nonEmptyString, oneOf, OptionsError, resolveOptions, wholeNumber } from '../errors/options.js';
import { commonChecks, commonDefaults, type CommonRemotingOptions, milliseconds } from './service-options.js';
import { type RemotingServerTlsOptions, serverTlsFields, type TlsMode } from './tls-options.js';

/** Options of a {@link RemotingServer}. Source: Java `NettyServerConfig`. */
export interface RemotingServerOptions extends CommonRemotingOptions {
  /** Address to listen on. @default '127.0.0.1' */
  host: string;
  /** Port to listen on; 0 takes a free one. @default 8888 */
  port: number;
  /** Connections at the same time; more are closed at once. @default 10000 */
  maxConnections: number;
  /** Plain, TLS or both on the one port, told apart by the first byte. @default 'disabled', 'permissive' with `tls` */
  tlsMode: TlsMode | undefined;
  /** Certificate and key. @default none */
  tls: RemotingServerTlsOptions | undefined;
  /** Milliseconds for a TLS handshake. @default 10000 */
  handshakeTimeoutMs: number;
  /** Milliseconds that `shutdown()` waits for requests that run. @default 10000 */
  drainTimeoutMs: number;
}

const defaults: RemotingServerOptions = Object.freeze({
  ...commonDefaults,
  permitsOneway: 256,
  permitsAsync: 64,
  maxUnsentBytes: 67_108_864,
  host: '127.0.0.1',
  port: 8888,
  maxConnections: 10_000,
  tlsMode: undefined,
  tls: undefined,
  handshakeTimeoutMs: 10_000,
  drainTimeoutMs: 10_000,
});

const checks: Checks<RemotingServerOptions> = {
  ...commonChecks,
  host: nonEmptyString,
  port: wholeNumber(0, 65_535),
  maxConnections: wholeNumber(1),
  tlsMode: oneOf('disabled', 'permissive', 'enforcing'),
  tls: serverTlsFields,
  handshakeTimeoutMs: wholeNumber(1, 2_147_483_647),
  drainTimeoutMs: milliseconds,
};

/**
 * Fills in what is not given.
 *
 * @throws {OptionsError} naming all faults at once; also when TLS is demanded without a certificate
 */
export function resolveRemotingServerOptions(
  given?: Partial<RemotingServerOptions>,
): Readonly<RemotingServerOptions & { tlsMode: TlsMode }> {
  const resolved = resolveOptions('RemotingServer options', checks, defaults, given);
  const tlsMode = resolved.tlsMode ?? (resolved.tls === undefined ? 'disabled' : 'permissive');
  if (tlsMode !== 'disabled' && resolved.tls === undefined) {
    throw new OptionsError('RemotingServer options', [
      `"tls" must hold a certificate and a key when "tlsMode" is ${tlsMode}`,
    ]);
  }
  return { ...resolved, tlsMode };
}
