import type { ConnectionOptions, TlsOptions } from 'node:tls';

/**
 * TLS of a client. The server's certificate is verified against `ca` or the system's roots, and against the host name
 * or `servername`. All fields are those of `node:tls`.
 */
export type RemotingTlsOptions = Pick<
  ConnectionOptions,
  | 'ca'
  | 'cert'
  | 'key'
  | 'pfx'
  | 'passphrase'
  | 'servername'
  | 'rejectUnauthorized'
  | 'minVersion'
  | 'maxVersion'
  | 'ciphers'
  | 'checkServerIdentity'
>;

/** TLS of a server: certificate and key; with `requestCert` and `ca` clients must show theirs. Fields of `node:tls`. */
export type RemotingServerTlsOptions = Pick<
  TlsOptions,
  | 'ca'
  | 'cert'
  | 'key'
  | 'pfx'
  | 'passphrase'
  | 'requestCert'
  | 'rejectUnauthorized'
  | 'minVersion'
  | 'maxVersion'
  | 'ciphers'
>;

/** Whether a port takes plain connections, TLS ones, or both. Source: Java `TlsMode`. */
export type TlsMode = 'disabled' | 'permissive' | 'enforcing';
