import { RemotingConnectError } from '../errors/remoting-errors.js';
import type { Channel } from './channel.js';
import type { ChannelTable } from './channel-table.js';

/**
 * The name servers of a client and the one in use: the first is chosen at random, the next ones in turn when it cannot
 * be reached or does not answer. Source: Java `NettyRemotingClient.getAndCreateNameserverChannel`.
 */
export class NameServers {
  private list: readonly string[] = [];
  private index = Math.floor(Math.random() * 997);
  private chosen: string | undefined = undefined;
  private choosing: Promise<Channel> | undefined = undefined;

  constructor(private readonly table: ChannelTable) {}

  /** Addresses in the order in which they are tried. */
  get addresses(): readonly string[] {
    return this.list;
  }

  /**
   * Takes a new list, shuffled, when it differs from the present one as a set; an empty one is ignored. Channels to
   * addresses that are gone are closed. Source: Java `NettyRemotingClient.updateNameServerAddressList`.
   */
  update(addresses: readonly string[]): void {
    const next = [...new Set(addresses)];
    if (next.length === 0) return;
    const gone = this.list.filter(each => !next.includes(each));
    if (gone.length === 0 && next.length === this.list.length) return;
    this.list = shuffled(next);
    if (this.chosen !== undefined && !next.includes(this.chosen)) this.chosen = undefined;
    for (const each of gone) this.table.close(each);
  }

  /** The channel to the name server in use, if it is open. */
  ready(): Channel | undefined {
    return this.chosen === undefined ? undefined : this.table.ready(this.chosen);
  }

  /**
   * The channel to the name server in use, or to the next one that can be reached.
   *
   * @throws {RemotingConnectError} when none can, or none is known
   */
  async getOrCreate(): Promise<Channel> {
    const ready = this.ready();
    if (ready !== undefined) return ready;
    this.choosing ??= this.choose().finally(() => {
      this.choosing = undefined;
    });
    return this.choosing;
  }

  /** The name server in use did not answer: the next call goes to another one. */
  avoid(silent: Channel): void {
    if (this.ready() === silent && this.list.length > 1) this.chosen = undefined;
  }

  private async choose(): Promise<Channel> {
    const causes: unknown[] = [];
    for (let tried = 0; tried < this.list.length; tried++) {
      this.index = (this.index + 1) % this.list.length;
      const address = this.list[this.index] ?? '';
      try {
        const channel = await this.table.getOrCreate(address);
        if (this.list.includes(address)) {
          this.chosen = address;
          return channel;
        }
        // the list has changed meanwhile: begin with the new one
        this.table.close(address);
        tried = -1;
      } catch (error) {
        causes.push(error);
      }
    }
    const { list } = this;
    const message =
      list.length === 0
        ? 'no name server address is known: call updateNameServerAddressList() or set the option nameServers'
        : `no name server of [${list.join(', ')}] could be reached`;
    throw new RemotingConnectError(message, { cause: causes.length > 1 ? new AggregateError(causes) : causes[0] });
  }
}

function shuffled(addresses: readonly string[]): string[] {
  const result = [...addresses];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [result[last], result[other]] = [result[other] ?? '', result[last] ?? ''];
  }
  return result;
}
