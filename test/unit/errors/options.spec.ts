import { describe, expect, test } from '@jest/globals';
import * as check from '../../../src/errors/options.js';
import { resolveRemotingClientOptions } from '../../../src/remoting/remoting-client-options.js';
import { resolveRemotingServerOptions } from '../../../src/remoting/remoting-server-options.js';

const faultsOf = (resolve: () => unknown): readonly string[] => {
  try {
    resolve();
  } catch (error) {
    expect(error).toBeInstanceOf(check.OptionsError);
    return (error as check.OptionsError).faults;
  }
  return [];
};

describe('options', () => {
  test('what is not given has its default; the result is frozen', () => {
    const options = resolveRemotingClientOptions({ permitsAsync: 5, nameServers: undefined as never });
    expect(options).toMatchObject({
      permitsAsync: 5,
      permitsOneway: 65_535,
      nameServers: [],
      whileDisconnected: 'fail',
      version: 513,
    });
    expect(Object.isFrozen(options)).toBe(true);
    expect(resolveRemotingClientOptions()).toEqual(resolveRemotingClientOptions({}));
    expect(resolveRemotingServerOptions()).toMatchObject({
      permitsAsync: 64,
      permitsOneway: 256,
      host: '127.0.0.1',
      port: 8888,
      tlsMode: 'disabled',
    });
  });

  test('all faults are told at once, with what would be right', () => {
    const wrong = {
      permitsAsync: 0,
      connectTimeoutMs: 1.5,
      serializeType: 'XML',
      nameServers: ['a:1', ''],
      tls: 5,
      logger: {},
    };
    const faults = faultsOf(() => resolveRemotingClientOptions(wrong as never));
    expect(faults).toEqual([
      '"permitsAsync" must be a whole number of at least 1',
      '"connectTimeoutMs" must be a whole number from 1 to 2147483647',
      '"serializeType" must be one of "JSON", "ROCKETMQ"',
      '"nameServers" member 1 must be host:port, for example 127.0.0.1:9876',
      '"tls" must be true, false or an object of TLS options',
      '"logger" must have the methods error, warn, log and debug',
    ]);
    expect(() => resolveRemotingClientOptions(wrong as never)).toThrow(
      /^RemotingClient options: "permitsAsync" .*; "connectTimeoutMs".*\. Correct the named options\.$/,
    );
  });

  test.each([
    ['connectTimeout', 'connectTimeoutMs'],
    ['connectTimeoutMillis', 'connectTimeoutMs'],
    ['maxFrame', 'maxFrameBytes'],
    ['nameservers', 'nameServers'],
    ['permits', 'permitsOneway'],
    ['idleTimeoutSeconds', 'idleTimeoutMs'],
  ])('an unknown key is refused with the one that may have been meant: %s', (key, meant) => {
    expect(faultsOf(() => resolveRemotingClientOptions({ [key]: 1 }))).toEqual([
      `unknown option "${key}", did you mean "${meant}"?`,
    ]);
  });

  test.each(['zzz', '__proto__x', 'toString', 'constructor'])('an unknown key that nothing resembles: %s', key => {
    expect(faultsOf(() => resolveRemotingClientOptions({ [key]: 1 }))).toEqual([`unknown option "${key}"`]);
  });

  test('values are never repeated: they may be secrets', () => {
    const wrong = { tls: 'PRIVATE', nameServers: 'PRIVATE', host: 5, password: 'PRIVATE' };
    for (const resolve of [resolveRemotingClientOptions, resolveRemotingServerOptions]) {
      expect(faultsOf(() => resolve(wrong as never)).join()).not.toContain('PRIVATE');
    }
  });

  test('TLS that is demanded needs a certificate, and is permissive where one is given', () => {
    expect(faultsOf(() => resolveRemotingServerOptions({ tlsMode: 'enforcing' }))).toEqual([
      '"tls" must hold a certificate and a key when "tlsMode" is enforcing',
    ]);
    expect(resolveRemotingServerOptions({ tls: {} }).tlsMode).toBe('permissive');
    expect(resolveRemotingServerOptions({ tls: {}, tlsMode: 'disabled' }).tlsMode).toBe('disabled');
  });
});

describe('checks', () => {
  const rows: readonly (readonly [string, check.Check, unknown[], unknown[]])[] = [
    ['wholeNumber', check.wholeNumber(1, 5), [1, 5], [0, 6, 1.5, '3', Number.NaN, Infinity, null, undefined, 3n]],
    ['trueOrFalse', check.trueOrFalse, [true, false], [0, 'true', null]],
    ['nonEmptyString', check.nonEmptyString, ['a'], ['', 5, null]],
    ['oneOf', check.oneOf('a', 5), ['a', 5], ['b', '5']],
    ['aFunction', check.aFunction, [() => 0, Map], [{}, null]],
    ['anObject', check.anObject, [{}, new Map()], [[], null, () => 0, 'x']],
    ['listOf', check.listOf(check.trueOrFalse), [[], [true, false]], [[1], {}, 'x']],
    ['anyOf', check.anyOf('must be this or that', check.trueOrFalse, check.aFunction), [true, () => 0], [5]],
    ['anything', check.anything, [undefined, null, 5], []],
  ];
  test.each(rows)('%s', (_name, passes, right, wrong) => {
    for (const value of right) expect(passes(value)).toBeUndefined();
    for (const value of wrong) expect(passes(value)).toMatch(/^(must be |member \d+ must be )/);
  });
});
