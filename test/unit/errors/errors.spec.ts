import { describe, expect, jest, test } from '@jest/globals';
import { errorCodes } from '../../../src/errors/error-codes.js';
import { descriptionOf, messageOf } from '../../../src/errors/message-of.js';
import * as options from '../../../src/errors/options.js';
import * as remoting from '../../../src/errors/remoting-errors.js';
import * as response from '../../../src/errors/response-errors.js';
import * as base from '../../../src/errors/rocketmq-error.js';

type ErrorClass = new (...parameters: never[]) => Error;

const { RemotingConnectError, RemotingError, RemotingTimeoutError } = remoting;
const { isRetryable, RocketMQError } = base;

const simple = Object.entries(remoting) as [string, typeof RemotingError][];

describe('an error', () => {
  test.each(simple)('%s has its name, its code and its place in the family', (name, errorClass) => {
    const error = new errorClass('what happened. What to do.', {
      address: 'a:1',
      opaque: 7,
      requestCode: 10,
      cause: 'why',
    });
    expect(error).toMatchObject({
      name,
      message: 'what happened. What to do.',
      address: 'a:1',
      opaque: 7,
      requestCode: 10,
      cause: 'why',
    });
    expect(error.code in errorCodes).toBe(true);
    expect(error.retryable).toBe(errorCodes[error.code].retryable);
    for (const each of [Error, RocketMQError, RemotingError, errorClass]) expect(error).toBeInstanceOf(each);
    expect(error.stack).toContain('errors.spec');
    for (const [otherName, other] of simple) {
      if (otherName !== name && otherName !== 'RemotingError') expect(error instanceof other).toBe(name === otherName);
    }
  });

  test('of a response carries code and remark', () => {
    const error = new response.MQBrokerError('m', { responseCode: 17, remark: 'no topic', address: 'a:1' });
    expect(error).toMatchObject({
      name: 'MQBrokerError',
      code: 'RMQ_BROKER',
      responseCode: 17,
      remark: 'no topic',
      address: 'a:1',
    });
    expect(new response.MQClientError('m', { responseCode: 10_005 })).toMatchObject({
      code: 'RMQ_CLIENT',
      responseCode: 10_005,
    });
    expect(new response.MQClientError('m').responseCode).toBeUndefined();
    expect(new response.AbortProcessError(16, 'no')).toMatchObject({ message: 'no', remark: 'no', responseCode: 16 });
  });

  test('has no fields for what is not known', () => {
    expect(Object.keys(new RemotingError('m'))).toEqual(['name', 'code', 'retryable']);
    expect('cause' in new RemotingError('m')).toBe(false);
    expect('cause' in new RemotingError('m', { cause: undefined })).toBe(true);
  });
});

describe('instanceof', () => {
  test('works across two copies of the package', async () => {
    jest.resetModules();
    const other = await import('../../../src/errors/remoting-errors.js');
    expect(other.RemotingTimeoutError).not.toBe(RemotingTimeoutError);
    const foreign = new other.RemotingTimeoutError('from the other copy');
    expect(foreign instanceof RemotingTimeoutError).toBe(true);
    expect(foreign instanceof RemotingError).toBe(true);
    expect(foreign instanceof RocketMQError).toBe(true);
    expect(foreign instanceof RemotingConnectError).toBe(false);
    expect(new RemotingTimeoutError('ours') instanceof other.RemotingTimeoutError).toBe(true);
    expect(isRetryable(foreign)).toBe(true);
  });

  test('asks for the prototype where a user made a class of his own', () => {
    class OwnError extends RemotingTimeoutError {}
    expect(new OwnError('m') instanceof OwnError).toBe(true);
    expect(new OwnError('m') instanceof RemotingTimeoutError).toBe(true);
    expect(new RemotingTimeoutError('m') instanceof OwnError).toBe(false);
  });

  test.each([undefined, null, 5, 'text', {}, new Error('plain'), Object.create(null)])('is false for %p', value => {
    expect(value instanceof RocketMQError).toBe(false);
    expect(isRetryable(value)).toBe(false);
  });
});

describe('isRetryable', () => {
  test('goes by the row of the code, unless the error says otherwise', () => {
    expect(isRetryable(new RemotingConnectError('m'))).toBe(true);
    expect(isRetryable(new RemotingConnectError('m', { retryable: false }))).toBe(false);
    expect(isRetryable(new remoting.RemotingCodecError('m'))).toBe(false);
    expect(isRetryable(new remoting.RemotingCodecError('m', { retryable: true }))).toBe(true);
  });

  test('is settled for every code', () => {
    const retryable = Object.entries(errorCodes).flatMap(([code, row]) => (row.retryable ? [code] : []));
    expect(retryable).toEqual(['RMQ_REMOTING_CONNECT', 'RMQ_REMOTING_SEND_REQUEST', 'RMQ_REMOTING_TIMEOUT']);
  });
});

test('every class of the package is registered for instanceof', () => {
  const all = Object.values({ ...base, ...remoting, ...response, ...options }).filter(
    each => typeof each === 'function' && Object.hasOwn(each, 'brand'),
  ) as unknown as (ErrorClass & { brand: string })[];
  expect(all.length).toBeGreaterThan(12);
  for (const each of all) {
    expect(Symbol.for(`nestjs-rocketmq/${each.brand}`) in each.prototype).toBe(true);
    expect(each.brand).toBe(each.name);
  }
});

test('whatever was thrown can be told', () => {
  const evil = {
    get message(): string {
      throw new Error('no');
    },
  };
  const bare: unknown = Object.create(null);
  expect([new Error('m'), { message: 5 }, 'text', undefined, evil, bare].map(messageOf)).toEqual([
    'm',
    '5',
    'text',
    'undefined',
    'something that cannot be printed was thrown',
    'something that cannot be printed was thrown',
  ]);
  expect(descriptionOf(new TypeError('m'))).toBe('TypeError: m');
  expect(descriptionOf(bare)).toBe('something that cannot be printed was thrown');
});
