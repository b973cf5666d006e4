import { afterEach, beforeEach, expect } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { RemotingClient } from '../../src/remoting/remoting-client.js';
import type { RemotingClientOptions } from '../../src/remoting/remoting-client-options.js';
import { RemotingServer } from '../../src/remoting/remoting-server.js';
import type { RemotingServerOptions } from '../../src/remoting/remoting-server-options.js';
import type { AnyRequestProcessor } from '../../src/remoting/request-processor.js';
import { LeakGuard } from './leak-guard.js';
import { RawPeer } from './raw-peer.js';

/** A raw server: `peer()` is the next connection that it takes. */
export interface RawServer {
  readonly port: number;
  readonly address: string;
  /** Every connection so far. */
  readonly peers: readonly RawPeer[];
  peer(): Promise<RawPeer>;
  /** Takes no more connections and closes those it has but `kept`; resolves when no more can be made. */
  stop(kept?: RawPeer): Promise<void>;
}

/**
 * Clients, servers and raw peers on the loopback interface, closed after each test, which fails when something of them
 * is left: calls, permits, timers, sockets.
 */
export class Loopback {
  private readonly closers: (() => unknown)[] = [];

  constructor(private readonly guard: LeakGuard) {}

  /** A running server on a free port. */
  async server(
    options: Partial<RemotingServerOptions> = {},
    processors: Readonly<Record<number, AnyRequestProcessor>> = {},
  ): Promise<RemotingServer & { readonly address: string }> {
    const server = new RemotingServer({ port: 0, drainTimeoutMs: 300, ...options });
    for (const [code, processor] of Object.entries(processors)) server.registerProcessor(Number(code), processor);
    this.watch(server);
    await server.start();
    return Object.assign(server, { address: `127.0.0.1:${server.localListenPort()}` });
  }

  /** A started client. */
  client(options: Partial<RemotingClientOptions> = {}): RemotingClient {
    const client = new RemotingClient(options);
    this.watch(client);
    client.start();
    return client;
  }

  /** Shuts a service down after the test and looks for what is left of it. */
  watch(service: RemotingClient | RemotingServer): void {
    this.guard.watch(service);
    this.closers.push(() => service.shutdown());
  }

  /** A server that takes connections and does nothing by itself. */
  async rawServer(port = 0): Promise<RawServer> {
    const sockets = new Set<Socket>();
    const peers: RawPeer[] = [];
    const arrived: RawPeer[] = [];
    const waiting: ((peer: RawPeer) => void)[] = [];
    const server = createServer({ noDelay: true }, socket => {
      sockets.add(socket);
      const peer = new RawPeer(socket);
      peers.push(peer);
      const next = waiting.shift();
      if (next === undefined) arrived.push(peer);
      else next(peer);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const stop = async (kept?: RawPeer): Promise<void> => {
      // closes the listening socket at once; its event waits for the connections
      if (server.listening) server.close();
      for (const socket of sockets) if (socket !== kept?.socket) socket.destroy();
      await new Promise(resolve => setImmediate(resolve));
    };
    this.closers.push(() => stop());
    const { port: taken } = server.address() as AddressInfo;
    const peer = (): Promise<RawPeer> => {
      const first = arrived.shift();
      return first === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(first);
    };
    return { port: taken, address: `127.0.0.1:${taken}`, peers, peer, stop };
  }

  /** A raw connection to a port. */
  async rawClient(port: number): Promise<RawPeer> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    this.closers.push(() => socket.destroy());
    return new RawPeer(socket);
  }

  /** A port that nothing listens on. */
  async closedPort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise(resolve => server.close(resolve));
    return port;
  }

  /** Runs after the test, the latest first. */
  atEnd(close: () => unknown): void {
    this.closers.push(close);
  }

  /** @internal */
  async close(): Promise<void> {
    const all = this.closers.splice(0);
    for (const close of all.toReversed()) await close();
  }
}

/** Registers the guard for every test of the file. */
export function useLoopback(): Loopback {
  const guard = new LeakGuard();
  const loopback = new Loopback(guard);
  beforeEach(() => guard.begin());
  afterEach(async () => {
    await loopback.close();
    expect(await guard.leaks()).toEqual([]);
  });
  return loopback;
}
