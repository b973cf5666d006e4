import { expect, test } from '@jest/globals';
import type { OptionsError } from '../../../src/errors/options.js';
import { ClientRemoting } from '../../../src/transport/client-remoting.js';
import type { ClientRemotingOptions } from '../../../src/transport/client-remoting-options.js';
import { RemotingRecord, RemotingRecordBuilder } from '../../../src/transport/remoting.record-builder.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { ServerRemoting } from '../../../src/transport/server-remoting.js';
import type { ServerRemotingOptions } from '../../../src/transport/server-remoting-options.js';

function faultsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    expect(error).toMatchObject({ code: 'RMQ_OPTIONS' });
    return (error as OptionsError).faults;
  }
  return [];
}

const ONE_TARGET = 'set exactly one of "address", "addresses" and "nameServers"';

test.each<[options: object, faults: string[]]>([
  [{}, [ONE_TARGET]],
  [{ address: 'a:1', addresses: ['b:1'] }, [ONE_TARGET]],
  [{ address: 'a:1', nameServers: ['b:1'] }, [ONE_TARGET]],
  [{ addresses: [] }, [ONE_TARGET]],
  [{ adress: 'a:1' }, ['unknown option "adress", did you mean "address"?']],
  [{ timeout: 5, address: 'a:1' }, ['unknown option "timeout", did you mean "timeoutMs"?']],
  [{ reconnectDelay: 5, address: 'a:1' }, ['unknown option "reconnectDelay", did you mean "reconnectDelayMs"?']],
  [
    { address: '', timeoutMs: 0, body: 'xml', permitsAsync: 0, acl: 1, oops: 1 },
    [
      '"address" must be host:port, for example 127.0.0.1:9876',
      '"timeoutMs" must be a whole number from 1 to 2147483647',
      '"body" must be one of "auto", "json", "text", "buffer"',
      '"acl" must be an object',
      'unknown option "oops"',
      '"permitsAsync" must be a whole number of at least 1',
    ],
  ],
  [{ address: 'a:1', acl: { accessKey: 'a' } }, ['"secretKey" must be a string that is not empty']],
  [{ address: 'localhost' }, ['"address" must be host:port, for example 127.0.0.1:9876']],
  [{ addresses: ['a:1', 'http://b:1'] }, ['"addresses" member 1 must be host:port, for example 127.0.0.1:9876']],
  [
    { address: 'a:1', tls: { rejectUnauthorised: false } },
    ['"tls" has an unknown field "rejectUnauthorised", did you mean "rejectUnauthorized"?'],
  ],
  [{ address: 'a:1', tls: { ca: 'x' } }, []],
  ['127.0.0.1:8888' as unknown as object, ['must be an object']],
  [{ address: 'a:1' }, []],
  [{ addresses: ['a:1', 'b:1'], nameServers: [] }, []],
  [{ nameServers: ['a:1'] }, []],
])('a client with %j', (options, faults) => {
  expect(faultsOf(() => new ClientRemoting(options as ClientRemotingOptions))).toEqual(faults);
});

test.each<[options: object, faults: string[]]>([
  [{}, []],
  [{ prot: 1 }, ['unknown option "prot", did you mean "port"?']],
  [{ drainTimeout: 5 }, ['unknown option "drainTimeout", did you mean "drainTimeoutMs"?']],
  [
    { port: -1, name: '' },
    ['"name" must be a string that is not empty', '"port" must be a whole number from 0 to 65535'],
  ],
  [{ acl: {} }, ['"acl" must hold a secret key for each access key']],
  [{ acl: { accounts: { a: '' } } }, ['"acl" must hold a secret key for each access key']],
  [{ acl: { accounts: { a: 'b' } } }, []],
  [{ serializer: 'x', deserializer: 1 }, ['"serializer" must be an object', '"deserializer" must be an object']],
  [{ tls: { requestCerts: true } }, ['"tls" has an unknown field "requestCerts", did you mean "requestCert"?']],
  [{ tlsMode: 'enforcing' }, ['"tls" must hold a certificate and a key when "tlsMode" is enforcing']],
])('a server with %j', (options, faults) => {
  expect(faultsOf(() => new ServerRemoting(options as ServerRemotingOptions))).toEqual(faults);
});

test('the message names its owner and what to do', () => {
  expect(() => new ClientRemoting({})).toThrow(`ClientRemoting options: ${ONE_TARGET}. Correct the named options.`);
});

const NO_CODES = 'must name request codes: whole numbers of 32 bits';

test.each<[codes: number | number[], options: object | undefined, faults: string[]]>([
  [20_001, undefined, []],
  [[34, 35], { concurrency: 1, queue: 0, timeoutMs: 0, event: true, body: 'text' }, []],
  [1.5, undefined, [NO_CODES]],
  [Number.NaN, undefined, [NO_CODES]],
  [2 ** 31, undefined, [NO_CODES]],
  [[], undefined, [NO_CODES]],
  [[1, 0.1], undefined, [NO_CODES]],
  [
    20_001,
    { concurrency: 0, queue: -1 },
    ['"concurrency" must be a whole number of at least 1', '"queue" must be a whole number of at least 0'],
  ],
  [20_001, { bodyMode: 'json' }, ['unknown option "bodyMode", did you mean "body"?']],
])('@RequestCode(%j, %j)', (codes, options, faults) => {
  expect(faultsOf(() => RequestCode(codes, options))).toEqual(faults);
});

test.each<[options: object, faults: string[]]>([
  [{ timeoutMs: 0 }, ['"timeoutMs" must be a whole number from 1 to 2147483647']],
  [{ timeoutMs: Number.NaN }, ['"timeoutMs" must be a whole number from 1 to 2147483647']],
  [{ extFields: { a: 1 } }, ['"extFields" must hold strings']],
  [
    { serializeType: 'XML', remark: 1 },
    ['"serializeType" must be one of "JSON", "ROCKETMQ"', '"remark" must be a string'],
  ],
  [{ ttl: 1 }, ['unknown option "ttl"']],
  [{ timeoutMs: 1, extFields: {}, serializeType: 'JSON', remark: '' }, []],
])('a record with %j', (options, faults) => {
  expect(faultsOf(() => new RemotingRecord(1, options as never))).toEqual(faults);
});

test('a builder gives records of their own', () => {
  const builder = new RemotingRecordBuilder<string>('a').setExtFields({ a: '1' });
  const first = builder.build();
  const second = builder.setData('b').setExtFields({ b: '2' }).setRemark('r').build();
  expect(first).toMatchObject({ data: 'a', options: { extFields: { a: '1' } } });
  expect(second).toMatchObject({ data: 'b', options: { extFields: { a: '1', b: '2' }, remark: 'r' } });
});
