import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { fieldsOf } from '../errors/options.js';

const commonFields = [
  'ca',
  'cert',
  'key',
  'pfx',
  'passphrase',
  'rejectUnauthorized',
  'minVersion',
  'maxVersion',
  'ciphers',
] as const;
const clientFields = [...commonFields, 'servername', 'checkServerIdentity'] as const;
const serverFields = [...commonFields, 'requestCert'] as const;

/**
 * TLS of a client. The server's certificate is verified against `ca` or the system's roots, and against the host name
 * or `servername`. All fields are those of `node:tls`.
 */
export type RemotingTlsOptions = Pick<ConnectionOptions, (typeof clientFields)[number]>;

/** TLS of a server: certificate and key; with `requestCert` and `ca` clients must show theirs. Fields of `node:tls`. */
export type RemotingServerTlsOptions = Pick<TlsOptions, (typeof serverFields)[number]>;

/** Whether a port takes plain connections, TLS ones, or both. Source: Java `TlsMode`. */
export type TlsMode = 'disabled' | 'permissive' | 'enforcing';

/** A misspelt field would be no protection, without a word. */
export const clientTlsFields = fieldsOf(...clientFields);
/** As {@link clientTlsFields}, of a server. */
export const serverTlsFields = fieldsOf(...serverFields);
