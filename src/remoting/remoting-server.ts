import { messageOf } from '../errors/message-of.js';
import { RemotingError } from '../errors/remoting-errors.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { Acceptor } from './acceptor.js';
import { formatAddress } from './address.js';
import type { Channel } from './channel.js';
import { guarded, RateLimitedLog } from './logger.js';
import type { InvokeOptions } from './remoting-core.js';
import { type RemotingServerOptions, resolveRemotingServerOptions } from './remoting-server-options.js';
import { RemotingService } from './remoting-service.js';
import type { AnyRequestProcessor, ProcessorLimits, ProcessorPair } from './request-processor.js';
import type { InvokeCallback, ResponseFuture } from './response-future.js';

const CLOSE_GRACE_MS = 1000;

/**
 * Serves request codes to RocketMQ peers over the remoting protocol and can call them back on their channels.
 * Source: Java `RemotingServer`, `NettyRemotingServer`.
 */
export class RemotingServer extends RemotingService<Channel> {
  private readonly options: ReturnType<typeof resolveRemotingServerOptions>;
  private readonly acceptor: Acceptor;
  private starting: Promise<void> | undefined = undefined;
  private stopping: Promise<void> | undefined = undefined;

  /** @throws {OptionsError} naming all wrong options */
  constructor(options?: Partial<RemotingServerOptions>) {
    const resolved = resolveRemotingServerOptions(options);
    super('server', { ...resolved, clientCloseSocketIfTimeout: false });
    this.options = resolved;
    const refusals = new RateLimitedLog(guarded(resolved.logger), 'warn');
    this.acceptor = new Acceptor({
      ...resolved,
      hasRoom: opening => this.group.channels.size + opening < resolved.maxConnections,
      onSocket: socket => this.group.adopt(socket),
      onRefused: (address, why) => {
        this.statistics.connectionsRefused++;
        refusals.log(`connection from ${address ?? 'a peer'} refused: ${why}`);
      },
    });
  }

  /**
   * Begins to listen, also after `shutdown()` or when it could not before. A second call changes nothing.
   *
   * @throws {RemotingError} when the address cannot be had: taken, or not this machine's
   */
  start(): Promise<void> {
    this.starting ??= this.listen();
    return this.starting;
  }

  private async listen(): Promise<void> {
    if (this.stopping !== undefined) {
      await this.stopping;
      // shut down once more while it waited
      if (this.starting === undefined) return;
    }
    this.dispatcher.draining = false;
    this.stopping = undefined;
    const { host, port } = this.options;
    try {
      await this.acceptor.listen();
      // it may have been shut down before it listened
      if (this.starting !== undefined) this.markStarted();
    } catch (error) {
      this.starting = undefined;
      const address = formatAddress(host, port);
      throw new RemotingError(`cannot listen on ${address}: ${messageOf(error)}. Set another "port" or "host".`, {
        address,
        cause: error,
      });
    }
  }

  /** Port that it listens on; 0 when it does not. */
  localListenPort(): number {
    return this.acceptor.port;
  }

  /** Serves codes without a processor of their own. */
  registerDefaultProcessor(processor: AnyRequestProcessor, limits?: ProcessorLimits): void {
    this.dispatcher.registerDefaultProcessor(processor, limits);
  }

  /** The processor of a code with its limits, or the default one. */
  getProcessorPair(requestCode: number): ProcessorPair | undefined {
    return this.dispatcher.processorTable.get(requestCode) ?? this.dispatcher.defaultPair;
  }

  /** Connections that may be open at the same time. */
  get maxConnections(): number {
    return this.options.maxConnections;
  }

  /** Open connections. */
  get channels(): ReadonlySet<Channel> {
    return this.group.channels;
  }

  /** Whether it sends new requests away because it is about to stop. */
  get isDraining(): boolean {
    return this.dispatcher.draining;
  }

  /** Answers GO_AWAY to clients that understand it (version above V5_3_1) from now on; what runs goes on. */
  beginDraining(): void {
    this.dispatcher.draining = true;
  }

  /**
   * Stops: takes no more connections, sends new requests away, waits `drainTimeoutMs` for those that run, fails its own
   * calls, closes all connections. Idempotent; resolves when all is closed.
   */
  shutdown(): Promise<void> {
    this.starting = undefined;
    this.stopping ??= this.stop();
    return this.stopping;
  }

  private async stop(): Promise<void> {
    this.beginDraining();
    const closed = this.acceptor.close();
    await this.drained();
    // until here what runs may call its client back
    this.markShutdown();
    this.core.shutdown('server');
    await this.group.close(CLOSE_GRACE_MS);
    await closed;
  }

  private async drained(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, this.options.drainTimeoutMs);
    });
    await Promise.race([this.dispatcher.whenIdle(), late]);
    clearTimeout(timer);
  }

  protected override invoke(
    channel: Channel,
    request: RemotingCommand,
    timeoutMs: number,
    kindIndex: number,
    callback: InvokeCallback,
    options: InvokeOptions | undefined,
  ): ResponseFuture {
    const call = this.core.begin(request, timeoutMs, kindIndex, callback, options, channel.remoteAddress);
    this.core.send(call, channel);
    return call;
  }
}
