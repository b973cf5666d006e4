import { X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIPv6, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type PeerCertificate } from 'node:tls';
import { messageOf } from '../errors/message-of.js';
import { RemotingConnectError } from '../errors/remoting-errors.js';
import { parseAddress } from './address.js';
import type { RemotingTlsOptions } from './tls-options.js';

/** How to connect. */
export interface DialOptions {
  readonly connectTimeoutMs: number;
  readonly keepAliveMs: number;
  /** `undefined`: plain TCP. */
  readonly tls: RemotingTlsOptions | undefined;
  /** Gives the attempt up. */
  readonly signal: AbortSignal;
}

function open(address: string, options: DialOptions): Socket {
  const { host, port } = parseAddress(address);
  if (options.tls === undefined) return connectTcp({ host, port, noDelay: true });
  const identity = isIPv6(host) ? { checkServerIdentity: checkIPv6Identity } : {};
  return connectTls({ host, port, ...identity, ...options.tls });
}

/** Node 22.23 takes an IPv6 address for a host name, and so finds it in no certificate. */
function checkIPv6Identity(host: string, certificate: PeerCertificate): Error | undefined {
  const isNamed = isIPv6(host) && new X509Certificate(certificate.raw).checkIP(host) !== undefined;
  return isNamed ? undefined : checkServerIdentity(host, certificate);
}

/**
 * Connects to `host:port` by TCP, or TLS including its handshake.
 *
 * @throws {RemotingConnectError} with the address; `cause` says why
 */
export async function dial(address: string, options: DialOptions): Promise<Socket> {
  const { connectTimeoutMs, keepAliveMs, tls, signal } = options;
  const fail = (why: string, cause: unknown): RemotingConnectError =>
    new RemotingConnectError(`connect to <${address}> failed: ${why}`, { address, cause });
  try {
    signal.throwIfAborted();
    const socket = open(address, options);
    await new Promise<void>((resolve, reject) => {
      const stop = (error: Error): void => {
        socket.destroy();
        reject(error);
      };
      const timer = setTimeout(
        stop,
        connectTimeoutMs,
        new Error(`no connection within ${connectTimeoutMs} ms (connectTimeoutMs)`),
      );
      const onAbort = (): void => stop(new Error('the client was shut down'));
      signal.addEventListener('abort', onAbort, { once: true });
      const settled = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      socket.once('close', settled);
      socket.once('error', stop);
      socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
        settled();
        socket.off('close', settled);
        socket.off('error', stop);
        resolve();
      });
    });
    socket.setNoDelay(true);
    if (keepAliveMs > 0) socket.setKeepAlive(true, keepAliveMs);
    return socket;
  } catch (error) {
    throw fail(messageOf(error), error);
  }
}
