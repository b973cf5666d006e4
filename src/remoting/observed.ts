import type { RemotingClient } from './remoting-client.js';
import type { RemotingServer } from './remoting-server.js';

/** A client or server of the core with the name that metrics and spans give it. */
export type ObservedRemoting =
  | { readonly role: 'client'; readonly name: string; readonly remoting: RemotingClient }
  | { readonly role: 'server'; readonly name: string; readonly remoting: RemotingServer };

/**
 * Method by which metrics and tracing find the core inside of whatever holds one: servers and clients of Nest,
 * producers. A registered symbol, so that two copies of the package understand each other.
 */
export const OBSERVED_REMOTING: unique symbol = Symbol.for('nestjs-rocketmq/observed-remoting') as never;

/** Holds cores to be observed; the same ones for as long as it lives. */
export interface HoldsRemoting {
  [OBSERVED_REMOTING](): readonly ObservedRemoting[];
}

/** Whether something holds cores. */
export function holdsRemoting(value: unknown): value is HoldsRemoting {
  return (
    typeof value === 'object' &&
    value !== null &&
    OBSERVED_REMOTING in value &&
    typeof value[OBSERVED_REMOTING] === 'function'
  );
}
