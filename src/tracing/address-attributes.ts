import type { Attributes } from '@opentelemetry/api';
import { parseAddress } from '../remoting/address.js';

/** `host:port` as two attributes; one where it is no such thing. */
export function addressAttributes(address: string, hostKey: string, portKey: string): Attributes {
  try {
    const { host, port } = parseAddress(address);
    return { [hostKey]: host, [portKey]: port };
  } catch {
    return { [hostKey]: address };
  }
}
