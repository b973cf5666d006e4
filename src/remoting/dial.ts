import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
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
  return connectTls({ host, port, ...options.tls });
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
