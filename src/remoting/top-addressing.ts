import { messageOf } from '../errors/message-of.js';
import { OptionsError } from '../errors/options.js';
import { MQClientError } from '../errors/response-errors.js';
import { isSameAddressSet, parseAddressList } from './address-list.js';
import { fetchHttpText } from './http-text.js';
import { guarded, type RemotingLogger } from './logger.js';
import {
  type AddressSource,
  addressSourceOf,
  resolveTopAddressingOptions,
  type TopAddressingOptions,
} from './top-addressing-options.js';

/** Longest answer that is taken for a list of addresses. */
const MAX_ANSWER_LENGTH = 65_536;

/** Told what becomes of the list of name servers. Source: Java `NameServerUpdateCallback`. */
export interface NameServerUpdateCallback {
  /** The list is another one now. Not called when only the order differs. */
  onNameServerAddressChange?(addresses: readonly string[]): void;
  /** A request failed, or its answer is no list; the old list stays. */
  onFetchFailed?(error: MQClientError): void;
}

/**
 * Learns the addresses of name servers from an address server by HTTP, or from the environment (`NAMESRV_ADDR`): asked
 * once by `fetchNSAddr()`, or again and again between `start()` and `shutdown()`. An answer that is no list keeps the
 * old one and is reported. Source: Java `TopAddressing`, `DefaultTopAddressing`.
 *
 * @example
 * const addressing = new TopAddressing({ domain: 'names.example.org' });
 * addressing.registerChangeCallBack({ onNameServerAddressChange: list => client.updateNameServerAddressList(list) });
 * addressing.start();
 */
export class TopAddressing {
  private readonly options: Readonly<TopAddressingOptions>;
  private readonly source: AddressSource;
  private readonly logger: RemotingLogger;
  private readonly callbacks = new Set<NameServerUpdateCallback>();
  private list: readonly string[] = [];
  private stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined = undefined;
  private started = false;
  private failure: MQClientError | undefined = undefined;

  /** @throws {OptionsError} naming all wrong options */
  constructor(options?: Partial<TopAddressingOptions>) {
    this.options = resolveTopAddressingOptions(options);
    this.source = addressSourceOf(this.options);
    this.logger = guarded(this.options.logger);
  }

  /** Page that is asked; `undefined` where the environment lists the addresses. */
  get url(): string | undefined {
    return 'url' in this.source ? this.source.url.href : undefined;
  }

  /** Addresses in force, `;` between them; `undefined` until some are known. */
  get nsAddr(): string | undefined {
    return this.list.length === 0 ? undefined : this.list.join(';');
  }

  /** Why the latest request gave no list; `undefined` when it did. */
  get lastError(): MQClientError | undefined {
    return this.failure;
  }

  /** Tells of changes and failures from now on. The returned function ends that. */
  registerChangeCallBack(callback: NameServerUpdateCallback): () => void {
    this.callbacks.add(callback);
    return () => void this.callbacks.delete(callback);
  }

  /**
   * Asks now. Never rejects: what goes wrong is told to the callbacks and the logger, and kept in `lastError`.
   *
   * @returns the addresses in force, `;` between them: the new ones, or the old ones when there are no new ones;
   * `undefined` when none are known yet
   */
  async fetchNSAddr(): Promise<string | undefined> {
    const { signal } = this.stopping;
    try {
      const addresses = await this.read(signal);
      this.failure = undefined;
      if (!isSameAddressSet(addresses, this.list)) this.change(addresses);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
    return this.nsAddr;
  }

  /** Asks by itself from now on: after `firstFetchDelayMs`, then every `fetchIntervalMs`. Idempotent. */
  start(): void {
    if (this.started) return;
    this.started = true;
    this.schedule(this.options.firstFetchDelayMs);
  }

  /** Asks no more; a request under way is given up. Idempotent; it can be started again. */
  shutdown(): void {
    this.started = false;
    clearTimeout(this.timer);
    this.stopping.abort();
    this.stopping = new AbortController();
  }

  private schedule(delayMs: number): void {
    this.timer = setTimeout(() => void this.poll(), delayMs);
    // to ask again is no reason to keep a process alive
    this.timer.unref();
  }

  private async poll(): Promise<void> {
    const { signal } = this.stopping;
    await this.fetchNSAddr();
    if (!signal.aborted) this.schedule(this.options.fetchIntervalMs);
  }

  private async read(signal: AbortSignal): Promise<string[]> {
    const { source } = this;
    const { timeoutMs } = this.options;
    const text =
      'url' in source
        ? await fetchHttpText(source.url, { timeoutMs, maxLength: MAX_ANSWER_LENGTH, signal })
        : source.text;
    const [firstLine = ''] = text.trim().split(/[\r\n]/, 1);
    const addresses = parseAddressList(firstLine);
    if (addresses.length === 0) throw new Error('the answer is empty');
    return addresses;
  }

  private change(addresses: readonly string[]): void {
    this.logger.log(`name server addresses changed from [${this.list.join(', ')}] to [${addresses.join(', ')}]`);
    this.list = addresses;
    this.tell('onNameServerAddressChange', callback => callback.onNameServerAddressChange?.(addresses));
  }

  private fail(cause: unknown): void {
    const { source } = this;
    // the query may hold secrets
    const from = 'url' in source ? `${source.url.origin}${source.url.pathname}` : `${source.name} of the environment`;
    const stays = this.nsAddr === undefined ? 'no name server is known' : `${this.nsAddr} stay in force`;
    const why = cause instanceof OptionsError ? cause.faults.join('; ') : messageOf(cause);
    const message = `no name server addresses from ${from}: ${why}; ${stays}`;
    this.failure = new MQClientError(message, { cause, retryable: true });
    this.logger.warn(message);
    const error = this.failure;
    this.tell('onFetchFailed', callback => callback.onFetchFailed?.(error));
  }

  private tell(what: string, how: (callback: NameServerUpdateCallback) => void): void {
    for (const callback of this.callbacks) {
      try {
        how(callback);
      } catch (error) {
        this.logger.error(`${what} threw`, error);
      }
    }
  }
}
