import { MQBrokerError } from '../errors/response-errors.js';
import { decodeKVTable, type KVTable } from '../protocol/body/kv-table.js';
import { requests } from '../protocol/requests/index.js';
import { ResponseCode } from '../protocol/response-codes.js';
import { bodyBy, type CallOptions, type Calls, createRequest } from './calls.js';

/** The value under namespace and key of one name server; `undefined` where there is none. */
export async function getKVConfigValue(
  calls: Calls,
  namespace: string,
  key: string,
  options?: CallOptions,
): Promise<string | undefined> {
  const request = createRequest(requests.GET_KV_CONFIG, { namespace, key });
  const value = calls.ask(
    null,
    request,
    response => response.decodeHeader(requests.GET_KV_CONFIG.response).value,
    options,
  );
  return value.catch(noneFound(undefined));
}

/** All keys and values of a namespace of one name server; an empty table where there are none. */
export async function getKVListByNamespace(calls: Calls, namespace: string, options?: CallOptions): Promise<KVTable> {
  const request = createRequest(requests.GET_KVLIST_BY_NAMESPACE, { namespace });
  return calls.ask(null, request, bodyBy(decodeKVTable), options).catch(noneFound({ table: {} }));
}

/** Gives `nothing` for the answer that there is nothing, and throws any other error. */
const noneFound =
  <T>(nothing: T) =>
  (error: unknown): T => {
    if (error instanceof MQBrokerError && error.responseCode === ResponseCode.QUERY_NOT_FOUND) return nothing;
    throw error;
  };
