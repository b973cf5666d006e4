import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { OptionsError } from '../../../src/errors/options.js';
import { AbortProcessError } from '../../../src/errors/response-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { AclClientRPCHook, type AclOptions, signatureOf } from '../../../src/remoting/acl-rpc-hook.js';
import { AclVerifyHook } from '../../../src/remoting/acl-verify-hook.js';
import type { ResponseFuture } from '../../../src/remoting/response-future.js';

const SENT = {} as ResponseFuture;

const signed = (options: AclOptions, extFields: Record<string, string>, body?: Buffer | string): RemotingCommand => {
  const request = new RemotingCommand({ code: 10, extFields, body, version: 513 });
  new AclClientRPCHook(options).doBeforeRequest('a:1', request, SENT);
  return request;
};

// printed by AclClientRPCHook of rocketmq-client 5.5.0 for these inputs
const vectors: readonly (readonly [string, AclOptions, Record<string, string>, Buffer | string | undefined, string])[] =
  [
    [
      'fields in the order of their names, then the body',
      { accessKey: 'rocketmq2', secretKey: '12345678' },
      { topic: 'T', queueId: '0', b: '2', B: '1', aä: 'ä' },
      'hello ä',
      'I+Az2KAheJZ3dguVAYES0NGbMOQ=',
    ],
    [
      'a security token',
      { accessKey: 'ak', secretKey: 'sécret', securityToken: 'tok' },
      { x: '1' },
      undefined,
      'zPEkitOBak5AxnL1oCGjI+HarHQ=',
    ],
    [
      'no fields, any bytes',
      { accessKey: 'ak', secretKey: 'sk' },
      {},
      Buffer.from([0, 255]),
      'ebfG4vmy7lgRUuvbaAjP7Ojm0gs=',
    ],
    [
      'names beyond ASCII and of digits',
      { accessKey: 'ak', secretKey: 'sk' },
      { '😀': 'emoji', '\uffee': 'bmp', Zz: 'z', '10': 'ten', '9': 'nine' },
      undefined,
      '8ziJLnrFTL3lGuxijCqQ8NvWSNE=',
    ],
    [
      'what was signed before',
      { accessKey: 'ak', secretKey: 'sk' },
      { Signature: 'old', AccessKey: 'other', x: '1' },
      undefined,
      'guIH2+8+NLj8nhCUwsPB5XEzcrQ=',
    ],
  ];

describe('AclClientRPCHook', () => {
  test.each(vectors)('signs as Java does: %s', (_what, options, extFields, body, signature) => {
    const request = signed(options, extFields, body);
    expect(request.extFields).toMatchObject({ AccessKey: options.accessKey, Signature: signature });
    expect(request.extFields?.['SecurityToken']).toBe(options.securityToken);
  });

  test('leaves the ext fields of the caller as they are', () => {
    const extFields = Object.freeze({ x: '1' });
    expect(signed({ accessKey: 'ak', secretKey: 'sk' }, extFields).extFields).not.toBe(extFields);
  });

  test('signs last, and not what the peer sent', () => {
    const hook = new AclClientRPCHook({ accessKey: 'ak', secretKey: 'sk' });
    expect(hook.signs).toBe(true);
    const request = new RemotingCommand({ code: 1, extFields: { a: 'b' } });
    hook.doBeforeRequest('a:1', request);
    expect(request.extFields).toEqual({ a: 'b' });
  });

  test('shows its secrets nowhere', () => {
    const hook = new AclClientRPCHook({ accessKey: 'the-key', secretKey: 'the-secret', securityToken: 'the-token' });
    for (const text of [JSON.stringify(hook), inspect(hook, { showHidden: true, depth: 9 })]) {
      expect(text).not.toMatch(/the-(key|secret|token)/);
    }
  });

  test.each([
    [{}, /"accessKey" must be .*; "secretKey" must be/],
    [{ accessKey: 'a', secretKey: 5 }, /"secretKey" must be a string/],
    [
      { accessKey: 'a', secretKey: 'top-secret', securitytoken: 'x' },
      /unknown option "securitytoken", did you mean "securityToken"/,
    ],
  ])('refuses wrong options and does not repeat them: %j', (options, message) => {
    const make = (): unknown => new AclClientRPCHook(options as AclOptions);
    expect(make).toThrow(OptionsError);
    expect(make).toThrow(message);
    expect(make).not.toThrow(/top-secret/);
  });
});

describe('AclVerifyHook', () => {
  const accounts = new Map([['ak', 'sk']]);
  const verify = new AclVerifyHook(accessKey => accounts.get(accessKey));
  const refused = (request: RemotingCommand): AbortProcessError => {
    try {
      verify.doBeforeRequest('a:1', request);
    } catch (error) {
      return error as AbortProcessError;
    }
    throw new Error('it was let through');
  };

  test.each(vectors.filter(([, options]) => options.accessKey === 'ak' && options.secretKey === 'sk'))(
    'takes what is signed: %s',
    (_what, options, extFields, body) => verify.doBeforeRequest('a:1', signed(options, extFields, body)),
  );

  test.each([
    ['is not signed', new RemotingCommand({ code: 1 })],
    ['has no signature', new RemotingCommand({ code: 1, extFields: { AccessKey: 'ak' } })],
    ['has no access key', new RemotingCommand({ code: 1, extFields: { Signature: 'x' } })],
  ])('refuses what %s', (_what, request) => {
    expect(refused(request)).toMatchObject({ responseCode: 16, remark: 'the request is not signed' });
  });

  const changes: readonly (readonly [string, (request: RemotingCommand) => void])[] = [
    ['a field', request => void ((request.extFields ?? {})['x'] = '2')],
    ['one field more', request => void ((request.extFields ?? {})['y'] = '1')],
    ['the body', request => void (request.body = 'other')],
    ['the access key', request => void ((request.extFields ?? {})['AccessKey'] = 'stranger')],
    ['the signature', request => void ((request.extFields ?? {})['Signature'] = 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=')],
    ['the length of the signature', request => void ((request.extFields ?? {})['Signature'] = '')],
  ];
  test.each(changes)('refuses what was signed with another value of %s, in the same words', (_what, change) => {
    const request = signed({ accessKey: 'ak', secretKey: 'sk' }, { x: '1' }, 'body');
    change(request);
    const error = refused(request);
    expect(error).toBeInstanceOf(AbortProcessError);
    expect(error).toMatchObject({
      responseCode: 16,
      remark: 'check signature failed: the access key is not known or the signature is wrong',
    });
  });

  test.each([
    [399, true],
    [401, false],
  ])('leaves _UNIQUE_KEY_QUERY out for clients up to 4.9.3 (version %i: %s)', (version, taken) => {
    const request = signed({ accessKey: 'ak', secretKey: 'sk' }, { topic: 'T' });
    request.version = version;
    (request.extFields ?? {})['_UNIQUE_KEY_QUERY'] = 'true';
    if (taken) verify.doBeforeRequest('a:1', request);
    else expect(refused(request).responseCode).toBe(16);
  });

  test('asks nothing of what its own side sends', () => {
    verify.doBeforeRequest('a:1', new RemotingCommand({ code: 1 }), SENT);
  });
});

test('a field named __proto__ is signed as any other', () => {
  const request = new RemotingCommand({
    code: 1,
    extFields: JSON.parse('{"__proto__":"x"}') as Record<string, string>,
  });
  expect(signatureOf(request, 'sk')).toBe(
    signatureOf(new RemotingCommand({ code: 1, extFields: { other: 'x' } }), 'sk'),
  );
});
