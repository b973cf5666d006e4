import { expect, test } from '@jest/globals';
import { assert, integer, jsonValue, property, uint8Array } from 'fast-check';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { decodeBody, encodeBody } from '../../../src/transport/body.js';
import { requestCodeOf } from '../../../src/transport/remoting.constants.js';

const commandWith = (body: Uint8Array | string | undefined): RemotingCommand => new RemotingCommand({ code: 1, body });

test('a JSON value comes back from its body', () => {
  assert(
    property(jsonValue(), value => {
      const body = encodeBody(value);
      expect(decodeBody(commandWith(Buffer.from(body as string)), 'auto')).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('any bytes come back as bytes, or as the JSON that they are', () => {
  assert(
    property(uint8Array({ minLength: 1, maxLength: 50 }), bytes => {
      const decoded = decodeBody(commandWith(bytes), 'auto');
      let expected: unknown = Buffer.from(bytes);
      try {
        expected = JSON.parse(Buffer.from(bytes).toString());
      } catch {
        // no JSON
      }
      expect(decoded).toEqual(expected);
      expect(decodeBody(commandWith(bytes), 'buffer')).toEqual(Buffer.from(bytes));
    }),
  );
});

test('json that does not parse is an error', () => {
  expect(() => decodeBody(commandWith('{'), 'json')).toThrow(expect.objectContaining({ code: 'RMQ_REMOTING_COMMAND' }));
});

test('a pattern is a request code in its shortest spelling of 32 bits only', () => {
  assert(
    property(integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), code => {
      expect(requestCodeOf(String(code))).toBe(code);
    }),
  );
  for (const text of ['', ' 1', '1 ', '01', '-0', '+1', '1e3', '1.0', '2147483648', '-2147483649', '٣', 'NaN']) {
    expect(requestCodeOf(text)).toBeUndefined();
  }
});
