import { describe, expect, it } from '@jest/globals';
import { RemotingCommandError } from '../../../../src/errors/remoting-errors.js';
import { defineRequest, defineRequests } from '../../../../src/protocol/schema/define-request.js';
import type {
  RequestDefinition,
  RequestHeader,
  ResponseHeader,
} from '../../../../src/protocol/schema/define-request.js';
import { boolean, boundaryType, int, long, optional, string } from '../../../../src/protocol/schema/field-types.js';

const { ECHO, PING } = defineRequests({
  ECHO: {
    code: 20001,
    summary: 'Answer the text.',
    request: { text: string, times: int, at: optional(long), loud: optional(boolean) },
    response: { text: string, end: optional(boundaryType) },
  },
  PING: { code: 20002, summary: 'Answer.' },
});

// for what types would refuse
const untyped: RequestDefinition<unknown, unknown> = ECHO;

const failure = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe('defineRequests', () => {
  it('names each definition by its key', () => {
    expect([ECHO.name, ECHO.code, PING.name, PING.summary]).toEqual(['ECHO', 20001, 'PING', 'Answer.']);
    expect([PING.request.fields, PING.response.fields]).toEqual([[], []]);
  });

  it('infers the types of headers', () => {
    const request: RequestHeader<typeof ECHO> = { text: 'a', times: 2, at: undefined };
    const response: ResponseHeader<typeof ECHO> = { text: 'a', end: 'UPPER' };
    // @ts-expect-error -- a required field is missing
    const incomplete: RequestHeader<typeof ECHO> = { text: 'a' };
    // @ts-expect-error -- a long is no string
    const mistyped: RequestHeader<typeof ECHO> = { text: 'a', times: 2, at: '1' };
    // @ts-expect-error -- no such end
    const unknown: ResponseHeader<typeof ECHO> = { text: 'a', end: 'MIDDLE' };
    // @ts-expect-error -- PING has no fields
    const tooMuch: RequestHeader<typeof PING> = { text: 'a' };
    expect([request, response, incomplete, mistyped, unknown, tooMuch]).toHaveLength(6);
  });

  it('refuses a property that no row has, when types are checked', () => {
    // @ts-expect-error -- a misspelt property
    expect(defineRequests({ A: { code: 1, summary: 's', responce: {} } }).A.name).toBe('A');
    // @ts-expect-error -- a misspelt property
    expect(defineRequest('A', { code: 1, summary: 's', responce: {} }).name).toBe('A');
  });

  it('refuses codes that are no int32 and field names that no header can have', () => {
    expect(() => defineRequest('A', { code: 2 ** 31, summary: 's' })).toThrow(TypeError);
    expect(() => defineRequest('A', { code: 1.5, summary: 's' })).toThrow('A: request code 1.5 is not an int32');
    expect(() => defineRequest('A', { code: 1, summary: 's', request: { ['__proto__']: string } })).toThrow(TypeError);
    expect(() => defineRequest('A', { code: 1, summary: 's', request: { '': string } })).toThrow(TypeError);
  });

  it('knows the bytes of a field name', () => {
    const [field] = defineRequest('A', { code: 1, summary: 's', request: { 'ä"': string } }).request.fields;
    expect(Buffer.from(field?.key ?? []).toString()).toBe('ä"');
    expect(Buffer.from(field?.jsonKey ?? []).toString()).toBe('"ä\\"":');
  });
});

describe('a header', () => {
  it('is encoded as text, without what is undefined or null', () => {
    expect(ECHO.request.encode({ text: '', times: -3, at: undefined, loud: false })).toEqual({
      text: '',
      times: '-3',
      loud: 'false',
    });
    expect(untyped.request.encode({ text: 'a', times: 1, at: null })).toEqual({ text: 'a', times: '1' });
  });

  it('is decoded from what it knows; other ext fields do not matter', () => {
    expect(ECHO.request.decode({ text: 'a', times: '3', at: '9223372036854775807', other: 'x' })).toEqual({
      text: 'a',
      times: 3,
      at: 2 ** 63,
    });
    expect(PING.request.decode(undefined)).toEqual({});
  });

  it('does not look at prototypes', () => {
    const hostile: Record<string, string> = JSON.parse('{"text":"a","times":"1","__proto__":{"loud":"true"}}');
    const decoded = ECHO.request.decode(hostile);
    expect(decoded).toEqual({ text: 'a', times: 1 });
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(ECHO.request.decode(Object.assign(Object.create({ loud: 'true' }), hostile))).toEqual(decoded);
    const odd = defineRequest('ODD', { code: 1, summary: 's', request: { toString: optional(string) } });
    expect(Object.keys(odd.request.decode({}))).toEqual([]);
    expect(Object.entries(odd.request.decode({ toString: 'a' }))).toEqual([['toString', 'a']]);
  });

  it.each([
    [{ times: 1 }, 'ECHO request: field "text" is missing'],
    [{ text: 'a', times: null }, 'ECHO request: field "times" is missing'],
    [{ text: 'a', times: 2 ** 31 }, 'ECHO request: field "times" must be of type int, got number 2147483648'],
    [{ text: 1, times: 1 }, 'ECHO request: field "text" must be of type string, got number 1'],
    [{ text: 'a', times: 1, at: {} }, 'ECHO request: field "at" must be of type long, got object'],
    [{ text: 'a', times: 1, at: Object.create(null) }, 'ECHO request: field "at" must be of type long, got object'],
    [{ text: 'a', times: 1, at: Symbol('s') }, 'ECHO request: field "at" must be of type long, got symbol'],
  ])('%p cannot be encoded', (header, message) => {
    const error = failure(() => untyped.request.encode(header));
    expect(error).toBeInstanceOf(RemotingCommandError);
    expect(error).toMatchObject({ requestCode: 20001 });
    expect(String(error)).toContain(message);
  });

  it.each([
    [undefined, 'ECHO request: field "text" is missing'],
    [{ text: 'a', times: 'x'.repeat(500) }, `ECHO request: field "times" must be of type int, got "${'x'.repeat(63)}…`],
    [{ text: 'a', times: '1', loud: '1' }, 'ECHO request: field "loud" must be of type boolean, got "1"'],
    [{ text: 'a', times: 1 }, 'ECHO request: field "times" must be of type int, got number 1'],
  ])('%p cannot be decoded', (header, message) => {
    const extFields: Record<string, string> | undefined = header && JSON.parse(JSON.stringify(header));
    const error = failure(() => ECHO.request.decode(extFields));
    expect(error).toBeInstanceOf(RemotingCommandError);
    expect(String(error)).toContain(message);
  });

  it('names the values of an enum', () => {
    const error = failure(() => ECHO.response.decode({ text: 'a', end: 'MIDDLE' }));
    expect(String(error)).toContain('ECHO response: field "end" must be one of LOWER, UPPER, got "MIDDLE"');
  });
});
