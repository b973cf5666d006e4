import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
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
  /** Whether there is room for one more connection, `opening` of which are not handed over yet. */
  hasRoom(opening: number): boolean;
  /** Takes a connection that is ready, after its handshake. */
  onSocket(socket: Socket): void;
  /** Told of a connection that was not taken. */
  onRefused(remoteAddress: string | undefined, why: string): void;
}

/** Listens on one port and brings its connections to where frames can be read from them. */
export class Acceptor {
  private readonly server: Server;
  private readonly secureContext: SecureContext | undefined;
  /** Connections whose first byte or handshake is not there yet. */
  private readonly opening = new Set<Socket>();

  constructor(private readonly options: AcceptorOptions) {
    this.secureContext = options.tls === undefined ? undefined : createSecureContext(options.tls);
    this.server = createServer({ noDelay: true }, socket => this.accept(socket));
  }

  /** Begins to listen. Rejects with the system's error, for example when the port is taken. */
  async listen(): Promise<void> {
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port }, () => {
        this.server.off('error', reject);
        // an accept that fails (no file handles left) costs that connection only
        this.server.on('error', error => this.options.onRefused(undefined, error.message));
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
    for (const socket of this.opening) socket.destroy();
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
    const abandon = this.guard(socket, 'it sent nothing');
    socket.once('readable', () => {
      const first: unknown = socket.read(1);
      abandon();
      if (!Buffer.isBuffer(first)) {
        socket.destroy();
        return;
      }
      socket.unshift(first);
      if (first[0] === TLS_HANDSHAKE) this.secure(socket);
      else if (this.options.tlsMode === 'permissive') this.options.onSocket(socket);
      else this.refuse(socket, 'it speaks no TLS (tlsMode is enforcing)');
    });
  }

  private secure(socket: Socket): void {
    const { tls, handshakeTimeoutMs } = this.options;
    const secured = new TLSSocket(socket, {
      isServer: true,
      ...(this.secureContext === undefined ? {} : { secureContext: this.secureContext }),
      requestCert: tls?.requestCert ?? false,
      rejectUnauthorized: tls?.rejectUnauthorized ?? true,
    });
    const done = this.guard(secured, `no TLS handshake within ${handshakeTimeoutMs} ms (handshakeTimeoutMs)`);
    secured.once('secure', () => {
      done();
      const { authorizationError } = secured;
      const unauthorized = tls?.requestCert === true && (tls.rejectUnauthorized ?? true) && !secured.authorized;
      if (unauthorized) this.refuse(secured, `its certificate is not accepted: ${String(authorizationError)}`);
      else this.options.onSocket(secured);
    });
  }

  /** Gives a connection up that does not come to its point in time; the returned function says that it did. */
  private guard(socket: Socket, why: string): () => void {
    const timer = setTimeout(() => this.refuse(socket, why), this.options.handshakeTimeoutMs);
    const onError = (error: Error): void => this.options.onRefused(socket.remoteAddress, error.message);
    const over = (): void => {
      clearTimeout(timer);
      this.opening.delete(socket);
      socket.off('close', over);
      socket.off('error', onError);
    };
    this.opening.add(socket);
    socket.on('error', onError);
    socket.on('close', over);
    return over;
  }
}
