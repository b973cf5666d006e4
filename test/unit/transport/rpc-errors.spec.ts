import { expect, test } from '@jest/globals';
import { RpcException } from '@nestjs/microservices';
import { RemotingTimeoutError } from '../../../src/errors/remoting-errors.js';
import { AbortProcessError, MQBrokerError } from '../../../src/errors/response-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { errorResponse, rpcExceptionOf, rpcExceptionOfResponse } from '../../../src/transport/rpc-errors.js';

const responseOf = (error: unknown, exposeErrors = false): object => {
  const { code, remark, bodyText } = errorResponse(error, exposeErrors);
  return { code, remark, bodyText };
};

test('an AbortProcessError answers its own code and remark', () => {
  expect(responseOf(new AbortProcessError(16, 'no'))).toEqual({ code: 16, remark: 'no', bodyText: '' });
});

test('an Error tells nothing unless it may', () => {
  const masked = { code: 1, remark: 'Internal server error', bodyText: '' };
  expect(responseOf(new Error('secret'))).toEqual(masked);
  expect(responseOf(new RpcException(new Error('secret')))).toEqual(masked);
  expect(responseOf(new TypeError('told'), true)).toEqual({ ...masked, remark: 'TypeError: told' });
});

test.each<[thrown: unknown, code: number, remark: string, bodyText: string]>([
  [{ code: 5, message: 'm' }, 5, 'm', ''],
  [{ status: 'error', message: 'm' }, 1, 'm', ''],
  [{ status: 'gone', message: 'm' }, 1, 'm', '{"status":"gone","message":"m"}'],
  [{ code: 5, message: 'm', more: 1 }, 5, 'm', '{"code":5,"message":"m","more":1}'],
  [{ code: 'TEXT', message: 'm' }, 1, 'm', '{"code":"TEXT","message":"m"}'],
  [{ code: 2 ** 31, message: 'm' }, 1, 'm', '{"code":2147483648,"message":"m"}'],
  [{ code: -5, message: '' }, -5, '', ''],
  [{}, 1, '{}', ''],
  [[1], 1, '[1]', '{"0":1}'],
  ['text', 1, 'text', ''],
  [7, 1, '7', ''],
  [null, 1, 'null', ''],
  [undefined, 1, 'undefined', ''],
  [Symbol('s'), 1, 'Symbol(s)', ''],
  [{ big: 1n }, 1, 'Internal server error', ''],
  [{ code: 5, message: 'm', address: 'inner:1', requestCode: 9 }, 5, 'm', ''],
  [{ code: 5, message: 'm', address: 'inner:1', more: 1 }, 5, 'm', '{"code":5,"message":"m","more":1}'],
])('%p becomes code %d, remark %j', (thrown, code, remark, bodyText) => {
  expect(responseOf(thrown)).toEqual({ code, remark, bodyText });
  if (typeof thrown === 'object' && thrown !== null)
    expect(responseOf(new RpcException(thrown))).toMatchObject({ code });
});

test('an error of the core, as Nest’s callers see it', () => {
  const cause = new RemotingTimeoutError('late', { address: 'a:1', requestCode: 5, opaque: 3 });
  const exception = rpcExceptionOf(cause);
  expect(exception.getError()).toEqual({
    code: 'RMQ_REMOTING_TIMEOUT',
    message: 'late',
    address: 'a:1',
    requestCode: 5,
  });
  expect(exception.cause).toBe(cause);
  expect(rpcExceptionOf(exception)).toBe(exception);
});

test.each<[thrown: unknown, message: string]>([
  [new TypeError('circular'), 'circular'],
  ['text', 'text'],
  [undefined, 'undefined'],
])('anything else that a call ends in: %p', (thrown, message) => {
  const exception = rpcExceptionOf(thrown);
  expect(exception.getError()).toEqual({ code: 'RMQ_CLIENT', message });
  expect(exception.message).toBe(message);
  expect(exception.cause).toBe(thrown);
});

test.each<[body: string | undefined, code: number, told: object]>([
  [undefined, 5, { code: 5 }],
  ['{"more":1,"code":9,"message":"other","address":"x","requestCode":0}', 5, { code: 5, more: 1 }],
  ['{"code":"TEXT"}', 1, { code: 'TEXT' }],
  ['{"code":"TEXT"}', 5, { code: 5 }],
  ['{broken', 5, { code: 5 }],
  ['[1]', 5, { code: 5 }],
  ['{"__proto__":{"polluted":true}}', 5, { code: 5 }],
])('an answer that is an error, with the body %j', (body, code, told) => {
  const response = RemotingCommand.createResponseCommand(code, 'm', body);
  const exception = rpcExceptionOfResponse(response, 'a:1', 7);
  expect(exception.getError()).toMatchObject({ message: 'm', address: 'a:1', requestCode: 7, ...told });
  expect((exception.getError() as { polluted?: unknown }).polluted).toBeUndefined();
  expect(exception.cause).toBeInstanceOf(MQBrokerError);
  expect(exception.cause).toMatchObject({ responseCode: code, remark: 'm' });
});

test('an answer without a remark', () => {
  const exception = rpcExceptionOfResponse(RemotingCommand.createResponseCommand(5), undefined, 7);
  expect(exception.message).toBe('the peer answered with code 5');
});
