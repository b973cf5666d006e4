import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import { messageOf } from '../errors/message-of.js';
import { OptionsError } from '../errors/options.js';
import { formatAddress } from './address.js';
import type { RemotingServerTlsOptions, TlsMode } from './tls-options.js';

/** First byte of a TLS handshake; a frame within its limit begins with 0 or 1. Source: Java `HandshakeHandler`. */
const TLS_HANDSHAKE = 0x16;

/** How connections are taken. */
export interface AcceptorOptions {
  readonly host: string;
  readonly port: number;
  readonly keepAliveMs: number;
  readonly tlsMode: TlsMode;
  readonly tls: RemotingServerTlsOptions | undefined;
  readonly handshakeTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** Whether there is room for one more connection, `opening` of which are not handed over yet. */
  readonly hasRoom: (opening: number) => boolean;
  /** Takes a connection that is ready, after its handshake. */
  readonly onSocket: (socket: Socket) => void;
  /** Told of a connection that was not taken. */
  readonly onRefused: (remoteAddress: string | undefined, why: string) => void;
}

/** Listens on one port and brings its connections to where frames can be read from them. */
export class Acceptor {
  private readonly server: Server;
  /** Never listens: it is handed the connections that begin with a handshake. */
  private readonly tlsServer: TlsServer | undefined;
  /** Connections whose first byte or handshake is not there yet, by peer. */
  private readonly opening = new Map<string, Socket>();

  private starting: Promise<void> | undefined = undefined;

  /** @throws {OptionsError} when certificate and key are none */
  constructor(private readonly options: AcceptorOptions) {
    this.tlsServer = options.tls === undefined ? undefined : this.makeTlsServer(options.tls);
    this.server = createServer({ noDelay: true }, socket => this.accept(socket));
    // an accept that fails (no file handles left) costs that connection only
    this.server.on('error', error => {
      if (this.server.listening) options.onRefused(undefined, error.message);
    });
  }

  /** Begins to listen. Rejects with the system's error, for example when the port is taken. */
  async listen(): Promise<void> {
    this.starting = this.bind();
    await this.starting;
  }

  private async bind(): Promise<void> {
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  /** Port that it listens on; 0 when it does not. */
  get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Takes no more connections. Resolves when all of them are closed. */
  async close(): Promise<void> {
    for (const socket of this.opening.values()) socket.destroy();
    // a host name is looked up first: until then the server does not listen yet
    await this.starting?.catch(() => undefined);
    if (!this.server.listening) return;
    await new Promise<void>(resolve => this.server.close(() => resolve()));
  }

  private accept(socket: Socket): void {
    const { keepAliveMs, tlsMode } = this.options;
    if (!this.options.hasRoom(this.opening.size)) {
      this.refuse(socket, 'too many connections (maxConnections)');
      return;
    }
    if (keepAliveMs > 0) socket.setKeepAlive(true, keepAliveMs);
    if (tlsMode === 'disabled') this.options.onSocket(socket);
    else this.peek(socket);
  }

  private refuse(socket: Socket, why: string): void {
    this.options.onRefused(socket.remoteAddress, why);
    socket.on('error', () => undefined);
    socket.destroy();
  }

  /** Looks at the first byte without taking it. */
  private peek(socket: Socket): void {
    const peer = this.open(socket);
    const { tlsMode, handshakeTimeoutMs, idleTimeoutMs } = this.options;
    // who may speak plainly may be silent as long as any idle connection
    const patienceMs = tlsMode === 'permissive' ? idleTimeoutMs : handshakeTimeoutMs;
    const timer =
      patienceMs > 0 ? setTimeout(() => this.refuse(socket, 'it sent nothing'), patienceMs).unref() : undefined;
    const onError = (error: Error): void => this.options.onRefused(socket.remoteAddress, error.message);
    const settled = (): void => {
      clearTimeout(timer);
      socket.off('error', onError);
      socket.off('close', settled);
    };
    socket.on('error', onError);
    socket.on('close', settled);
    socket.once('readable', () => {
      const first: unknown = socket.read(1);
      settled();
      if (!Buffer.isBuffer(first)) {
        socket.destroy();
        return;
      }
      socket.unshift(first);
      if (first[0] === TLS_HANDSHAKE) {
        this.tlsServer?.emit('connection', socket);
        return;
      }
      this.opening.delete(peer);
      if (tlsMode === 'permissive') this.options.onSocket(socket);
      else this.refuse(socket, 'it speaks no TLS (tlsMode is enforcing)');
    });
  }

  private makeTlsServer(tls: RemotingServerTlsOptions): TlsServer {
    const { handshakeTimeoutMs, onRefused, onSocket } = this.options;
    try {
      const server = createTlsServer({ ...tls, handshakeTimeout: handshakeTimeoutMs }, secured => {
        this.opening.delete(formatAddress(secured.remoteAddress, secured.remotePort));
        onSocket(secured);
      });
      server.on('tlsClientError', (error: Error, secured: TLSSocket) => {
        const why: unknown = secured.authorizationError;
        onRefused(secured.remoteAddress, why ? `its certificate is not accepted: ${messageOf(why)}` : error.message);
        secured.destroy();
      });
      return server;
    } catch (error) {
      throw new OptionsError('RemotingServer options', [`"tls" cannot be used: ${messageOf(error)}`]);
    }
  }

  /** Counts a connection as opening until it is handed over or closed. */
  private open(socket: Socket): string {
    const peer = formatAddress(socket.remoteAddress, socket.remotePort);
    this.opening.set(peer, socket);
    socket.once('close', () => {
      if (this.opening.get(peer) === socket) this.opening.delete(peer);
    });
    return peer;
  }
}
