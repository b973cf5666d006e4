import { describe, expect, it } from '@jest/globals';
import {
  boolean,
  boundaryType,
  extField,
  int,
  long,
  LONG_MAX_VALUE,
  LONG_MIN_VALUE,
  optional,
  string,
} from '../../../../src/protocol/schema/field-types.js';

describe('int', () => {
  it.each([0, 7, -1, 2147483647, -2147483648])('carries %d', value => {
    expect(int.format(value)).toBe(String(value));
    expect(int.parse(String(value))).toBe(value);
  });
  it.each([2147483648, -2147483649, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '7', 7n, true, {}])(
    'does not format %p',
    value => {
      expect(int.format(value)).toBeUndefined();
    },
  );
  it.each(['', ' 7', '7 ', '1e3', '0x10', '1.0', '2147483648', 'NaN', '--1', '1_000', '٣'])(
    'does not parse %p',
    text => {
      expect(int.parse(text)).toBeUndefined();
    },
  );
  it('reads a sign and leading zeros as Java does', () => {
    expect([int.parse('+7'), int.parse('007'), int.parse('-0')]).toEqual([7, 7, 0]);
  });
});

describe('long', () => {
  it('keeps Long.MAX_VALUE and Long.MIN_VALUE exact on the wire', () => {
    expect(long.parse('9223372036854775807')).toBe(LONG_MAX_VALUE);
    expect(long.format(LONG_MAX_VALUE)).toBe('9223372036854775807');
    expect(long.parse('-9223372036854775808')).toBe(LONG_MIN_VALUE);
    expect(long.format(LONG_MIN_VALUE)).toBe('-9223372036854775808');
  });
  it.each(['9007199254740991', '-9007199254740991'])('carries %s', text => {
    expect(long.format(long.parse(text))).toBe(text);
  });
  it.each(['9007199254740992', '9223372036854775806', '9223372036854775808', '1e3', ''])('does not parse %p', text => {
    expect(long.parse(text)).toBeUndefined();
  });
  it.each([2 ** 53, 1.5, 2 ** 64, Number.NaN, 5n, '5'])('does not format %p', value => {
    expect(long.format(value)).toBeUndefined();
  });
});

describe('boolean', () => {
  it('is true or false in any letter case, and nothing else', () => {
    expect(['true', 'True', 'false', 'FALSE', '1', '', 'yes'].map(text => boolean.parse(text))).toEqual([
      true,
      true,
      false,
      false,
      undefined,
      undefined,
      undefined,
    ]);
    expect([true, false, 'true', 1].map(value => boolean.format(value))).toEqual([
      'true',
      'false',
      undefined,
      undefined,
    ]);
  });
});

describe('boundaryType', () => {
  it('is written in capitals and read in any letter case', () => {
    expect(['LOWER', 'upper', 'middle'].map(text => boundaryType.parse(text))).toEqual(['LOWER', 'UPPER', undefined]);
    expect(['LOWER', 'upper', 1].map(value => boundaryType.format(value))).toEqual(['LOWER', undefined, undefined]);
  });
});

it('makes a field optional without changing its type', () => {
  expect(optional(string)).toEqual({ ...string, required: false });
  expect(extField(string)).toEqual({ ...string, required: false, extField: true });
});
