import { createHmac } from 'node:crypto';
import { type Checks, nonEmptyString, resolveOptions } from '../errors/options.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import type { ResponseFuture } from './response-future.js';
import type { RPCHook } from './rpc-hook.js';

/** Ext field with the access key of a signed request. */
export const ACCESS_KEY = 'AccessKey';
/** Ext field with the signature of a request. */
export const SIGNATURE = 'Signature';
/** Ext field with the token of temporary credentials. */
export const SECURITY_TOKEN = 'SecurityToken';

/** Credentials that requests are signed with. Source: Java `SessionCredentials`. */
export interface AclOptions {
  accessKey: string;
  secretKey: string;
  /** Token of temporary credentials. @default none */
  securityToken?: string | undefined;
}

const checks: Checks<AclOptions> = {
  accessKey: nonEmptyString,
  secretKey: nonEmptyString,
  securityToken: nonEmptyString,
};

/**
 * Signature of a request: the values of all ext fields but the signature, in the order of their names, then the body;
 * HMAC-SHA1, base64. Source: Java `AclUtils.combineRequestContent`, `AclSigner.calSignature`.
 *
 * @param leftOut an ext field that does not count either
 */
export function signatureOf(request: RemotingCommand, secretKey: string, leftOut: string = SIGNATURE): string {
  const extFields = request.extFields ?? {};
  const hmac = createHmac('sha1', secretKey);
  // toSorted() compares UTF-16 units, as Java's TreeMap does
  for (const name of Object.keys(extFields).toSorted()) {
    if (name !== SIGNATURE && name !== leftOut) hmac.update(extFields[name] ?? '');
  }
  const { body } = request;
  if (body !== undefined) hmac.update(body);
  return hmac.digest('base64');
}

/** Signs every request, after all other hooks. Source: Java `AclClientRPCHook`. */
export class AclClientRPCHook implements RPCHook {
  readonly signs = true;
  readonly #credentials: Readonly<AclOptions>;

  /** @throws {OptionsError} when a key is missing; the message holds no secret */
  constructor(options: AclOptions) {
    const unset = { accessKey: '', secretKey: '', securityToken: undefined };
    // what is not given must fail the check as well
    this.#credentials = resolveOptions('acl options', checks, unset, { ...unset, ...options });
  }

  doBeforeRequest(_remoteAddress: string, request: RemotingCommand, call?: ResponseFuture): void {
    // a request that the peer sent is not ours to sign
    if (call === undefined) return;
    const { accessKey, secretKey, securityToken } = this.#credentials;
    request.extFields = { ...request.extFields, [ACCESS_KEY]: accessKey };
    if (securityToken !== undefined) request.extFields[SECURITY_TOKEN] = securityToken;
    request.extFields[SIGNATURE] = signatureOf(request, secretKey);
  }
}
