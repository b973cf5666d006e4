import { decodeBody, objectOf, orElse, tableOf, text } from './decoder.js';

/**
 * Keys and values, all of them text: the answer to `GET_BROKER_RUNTIME_INFO` and `GET_KVLIST_BY_NAMESPACE`
 * (Java `KVTable`).
 */
export interface KVTable {
  readonly table: Readonly<Record<string, string>>;
}

const kvTable = objectOf<KVTable>({ table: orElse(tableOf(text), {}) });

/**
 * Decodes a body of keys and values.
 *
 * @throws RemotingCommandError when the body is no such table.
 */
export function decodeKVTable(body: Uint8Array): KVTable {
  return decodeBody('KVTable', kvTable, body);
}
