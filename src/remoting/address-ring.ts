import { RemotingConnectError } from '../errors/remoting-errors.js';
import type { Channel } from './channel.js';
import type { ChannelTable } from './channel-table.js';

/** Addresses of equal peers that take calls in turn; one that cannot be reached is passed over until it can. */
export class AddressRing {
  private index: number;

  /** @param addresses `host:port` each, at least one */
  constructor(readonly addresses: readonly string[]) {
    this.index = Math.floor(Math.random() * addresses.length);
  }

  /** @internal The open channel whose turn it is; `undefined` when it must be connected first. */
  ready(table: ChannelTable): Channel | undefined {
    for (let tried = 0; tried < this.addresses.length; tried++) {
      const address = this.next();
      const channel = table.ready(address);
      if (channel !== undefined) return channel;
      if (table.mayTry(address)) {
        // its turn again, with a connect
        this.index--;
        return undefined;
      }
    }
    return undefined;
  }

  /** @internal A channel to the first address in turn that can be reached. */
  async getOrCreate(table: ChannelTable): Promise<Channel> {
    const causes: unknown[] = [];
    for (let tried = 0; tried < this.addresses.length; tried++) {
      try {
        return await table.getOrCreate(this.next());
      } catch (error) {
        causes.push(error);
      }
    }
    throw new RemotingConnectError(`none of [${this.addresses.join(', ')}] could be reached`, {
      cause: new AggregateError(causes),
    });
  }

  private next(): string {
    this.index = (this.index + 1 + this.addresses.length) % this.addresses.length;
    return this.addresses[this.index] ?? '';
  }
}
