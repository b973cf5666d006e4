import { timingSafeEqual } from 'node:crypto';
import { AbortProcessError } from '../errors/response-errors.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { ResponseCode } from '../protocol/response-codes.js';
import { ACCESS_KEY, SIGNATURE, signatureOf } from './acl-rpc-hook.js';
import type { RPCHook } from './rpc-hook.js';

/** Demands requests to be signed by a known account; others are answered NO_PERMISSION. */
export class AclVerifyHook implements RPCHook {
  readonly #lookup: (accessKey: string) => string | undefined;

  /** @param lookup the secret key of an access key, `undefined` for a stranger */
  constructor(lookup: (accessKey: string) => string | undefined) {
    this.#lookup = lookup;
  }

  doBeforeRequest(_remoteAddress: string, request: RemotingCommand): void {
    const { [ACCESS_KEY]: accessKey, [SIGNATURE]: signature } = request.extFields ?? {};
    if (accessKey === undefined || signature === undefined) refuse('the request is not signed');
    const secretKey = this.#lookup(accessKey);
    if (secretKey === undefined || !same(signature, signatureOf(request, secretKey))) {
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
