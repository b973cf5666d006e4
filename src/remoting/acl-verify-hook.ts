import { timingSafeEqual } from 'node:crypto';
import { AbortProcessError } from '../errors/response-errors.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { MQVersion } from '../protocol/mq-version.js';
import { ResponseCode } from '../protocol/response-codes.js';
import { ACCESS_KEY, SIGNATURE, signatureOf } from './acl-rpc-hook.js';
import type { ResponseFuture } from './response-future.js';
import type { RPCHook } from './rpc-hook.js';

/** Ext field that Java clients up to 4.9.3 add after they have signed. Source: Java `MixAll.UNIQUE_MSG_QUERY_FLAG`. */
const UNIQUE_KEY_QUERY = '_UNIQUE_KEY_QUERY';

/**
 * Demands requests to be signed by a known account; others are answered NO_PERMISSION.
 * Source: Java `DefaultAuthenticationContextBuilder`, `AuthenticationPipeline`.
 */
export class AclVerifyHook implements RPCHook {
  readonly #lookup: (accessKey: string) => string | undefined;

  /** @param lookup the secret key of an access key, `undefined` for a stranger */
  constructor(lookup: (accessKey: string) => string | undefined) {
    this.#lookup = lookup;
  }

  doBeforeRequest(_remoteAddress: string, request: RemotingCommand, call?: ResponseFuture): void {
    // what this side sends need not be signed by its own accounts
    if (call !== undefined) return;
    const { [ACCESS_KEY]: accessKey, [SIGNATURE]: signature } = request.extFields ?? {};
    if (accessKey === undefined || signature === undefined) refuse('the request is not signed');
    const secretKey = this.#lookup(accessKey);
    const leftOut = (request.version ?? 0) <= MQVersion.V4_9_3 ? UNIQUE_KEY_QUERY : SIGNATURE;
    // a stranger costs as much time as a wrong signature: who is known shows in neither time nor words
    const right = same(signature, signatureOf(request, secretKey ?? '', leftOut));
    if (secretKey === undefined || !right) {
      refuse('check signature failed: the access key is not known or the signature is wrong');
    }
  }
}

function refuse(remark: string): never {
  throw new AbortProcessError(ResponseCode.NO_PERMISSION, remark);
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
