import { Injectable } from '@nestjs/common';
import type { RemotingClient } from '../remoting/remoting-client.js';
import type { RemotingServer } from '../remoting/remoting-server.js';
import { OBSERVED_REMOTING, type HoldsRemoting, type ObservedRemoting } from '../remoting/observed.js';

/** State of one server or client, in the shape that Terminus takes. */
export interface RemotingHealth {
  status: 'up' | 'down';
  /** Why it is down. */
  message?: string;
  /** Open connections. */
  connections: number;
  /** Calls that wait for an answer. */
  inFlight: number;
  /** Free permits of two-way calls. */
  permitsAvailable: number;
  [detail: string]: unknown;
}

/** Result of an indicator: one key with its {@link RemotingHealth}. */
export type RemotingHealthResult<Key extends string = string> = Record<Key, RemotingHealth>;

/**
 * Tells whether servers and clients work, from their live state; opens no connection.
 *
 * A server is up while it listens and does not drain: readiness turns first. A client is up unless an address that it
 * needs could not be reached the last time and nothing is connected.
 *
 * @example health.check([() => indicator.isHealthy('orders', ordersClient)])
 */
@Injectable()
export class RemotingHealthIndicator {
  isHealthy<Key extends string>(key: Key, holder: HoldsRemoting): RemotingHealthResult<Key> {
    const [health] = holder[OBSERVED_REMOTING]().map(healthOf);
    return { [key]: health } as RemotingHealthResult<Key>;
  }
}

function healthOf(observed: ObservedRemoting): RemotingHealth {
  const { remoting } = observed;
  const fault = observed.role === 'server' ? serverFault(observed.remoting) : clientFault(observed.remoting);
  return {
    status: fault === undefined ? 'up' : 'down',
    ...(fault === undefined ? {} : { message: fault }),
    connections: remoting.group.channels.size,
    inFlight: remoting.core.responseTable.size,
    permitsAvailable: remoting.core.semaphoreAsync.availablePermits,
  };
}

function serverFault(server: RemotingServer): string | undefined {
  if (server.isDraining) return 'it drains';
  return server.localListenPort() > 0 ? undefined : 'it does not listen';
}

function clientFault(client: RemotingClient): string | undefined {
  if (client.isShutdown) return 'it was shut down';
  const { connectedAddresses, failingAddresses } = client;
  const unreachable = connectedAddresses.length === 0 && failingAddresses.length > 0;
  return unreachable ? `no connection to ${failingAddresses.join(', ')}` : undefined;
}
