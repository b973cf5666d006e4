import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { RemotingCommandError } from '../../../../src/errors/remoting-errors.js';
import { JsonReader } from '../../../../src/protocol/body/json-reader.js';
import { type JsonInput, stringifyTolerantJson } from '../../../../src/protocol/body/json-writer.js';
import { parseTolerantJson } from '../../../../src/protocol/body/tolerant-json.js';
import { goldVector, goldVectors } from './gold-vectors.js';

const queue = { brokerName: 'b-a', queueId: 3, topic: 'T' };
const deep = (levels: number, inner: string) => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;
const readByHand = (text: string) => new JsonReader(text, 128).document();

/** What is left of a value when every integer is a number, as `JSON.parse` has it. */
function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rounded(each)]));
}

describe('parseTolerantJson', () => {
  it.each(['4.9.7', '5.5.0'] as const)('reads every body that fastjson of %s wrote', release => {
    const bodies = [...goldVectors(release)].filter(([, body]) => body.startsWith('{') && body.endsWith('}'));
    expect(bodies.length).toBeGreaterThan(10);
    for (const [, body] of bodies) {
      const value = parseTolerantJson(body);
      expect(typeof value).toBe('object');
      // its own output is read to the same value again
      expect(parseTolerantJson(stringifyTolerantJson(value))).toEqual(value);
    }
  });

  it('reads keys without quotes', () => {
    expect(parseTolerantJson(goldVector('5.5.0', 'ALLOFFSET'))).toEqual({ offsetTable: { 'T@g': { 0: 5 } } });
    expect(parseTolerantJson('{-1:1,2.5:2,true:3,null:4,9007199254740993:5}')).toEqual({
      '-1': 1,
      '2.5': 2,
      true: 3,
      null: 4,
      '9007199254740993': 5,
    });
  });

  it('reads keys that are objects into a Map', () => {
    expect(parseTolerantJson(goldVector('5.5.0', 'RESETOFFSET'))).toEqual({ offsetTable: new Map([[queue, 42]]) });
    expect(parseTolerantJson('{"a":1,{"b":2}:3,[4]:5,{6:7}:8,"z":9}')).toEqual(
      new Map<unknown, unknown>([
        ['a', 1],
        [{ b: 2 }, 3],
        [[4], 5],
        [{ 6: 7 }, 8],
        ['z', 9],
      ]),
    );
  });

  it('keeps integers exact', () => {
    expect(parseTolerantJson('[9007199254740991,9007199254740992,-9007199254740993,9223372036854775807]')).toEqual([
      9007199254740991,
      9007199254740992n,
      -9007199254740993n,
      9223372036854775807n,
    ]);
    expect(parseTolerantJson('{0:9223372036854775807,"text":"9223372036854775807"}')).toEqual({
      0: 9223372036854775807n,
      text: '9223372036854775807',
    });
    expect(parseTolerantJson('[1e3,1.0E10,-0.5,0.1234567890123456789]')).toEqual([
      1000,
      1e10,
      -0.5,
      Number('0.1234567890123456789'),
    ]);
  });

  it.each([
    '{"__proto__":{"admin":true},"a":1}',
    '{"__proto__":{"admin":true},0:1}',
    '{"__proto__":1,9007199254740993:2}',
  ])('takes __proto__ for a key like any other: %s', json => {
    const value = Object(parseTolerantJson(json));
    expect(Object.keys(value)).toContain('__proto__');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value.admin).toBeUndefined();
  });

  it('reads bytes as UTF-8, wherever they lie in their buffer', () => {
    expect(parseTolerantJson(Buffer.from('xx{0:"中文😀"}').subarray(2))).toEqual({ 0: '中文😀' });
    expect(parseTolerantJson(new Uint8Array(Buffer.from('[1]')))).toEqual([1]);
  });

  it.each([
    ['', 'JSON: expected a value at position 0, found the end'],
    ['  ', 'JSON: expected a value at position 2, found the end'],
    ['{0:1', 'JSON: expected "," or "}" at position 4, found the end'],
    ['{0 1}', 'JSON: expected ":" at position 3, found "1}"'],
    ['{0:1,}', 'JSON: expected a key at position 5, found "}"'],
    ['{a:1}', 'JSON: expected a key at position 1, found "a:1}"'],
    ['[1,]', 'JSON: expected a value at position 3, found "]"'],
    ['[1 2]', 'JSON: expected "," or "]" at position 3, found "2]"'],
    ['[01]', 'JSON: expected "," or "]" at position 2, found "1]"'],
    ['[1]x', 'JSON: expected the end at position 3, found "x"'],
    ['nul', 'JSON: expected a value at position 0, found "nul"'],
    ['[-]', 'JSON: expected a value at position 1, found "-]"'],
    ['["a]', 'JSON: text that begins at position 1 has no end'],
    ['["a\\"]', 'JSON: text that begins at position 1 has no end'],
    ['["\\x"]', 'JSON: text with a wrong escape or a control character at position 1'],
    ['["\n"]', 'JSON: text with a wrong escape or a control character at position 1'],
    ['{"a":1}{"b":2}', 'JSON: expected the end at position 7, found "{\\"b\\":2}"'],
    [`[${'9'.repeat(65)}]`, 'JSON: integer of 65 digits before position 66'],
  ])('says where %p is wrong', (json, message) => {
    expect(() => parseTolerantJson(json)).toThrow(new RemotingCommandError(message));
  });

  it('limits the depth, in standard JSON and in any other', () => {
    expect(parseTolerantJson(deep(128, '1'))).toBeDefined();
    expect(() => parseTolerantJson(deep(129, '1'))).toThrow('JSON: nested deeper than 128 at position 128');
    expect(() => parseTolerantJson(deep(128, '{0:1}'))).toThrow('nested deeper than 128');
    expect(() => parseTolerantJson('['.repeat(1_000_000))).toThrow('nested deeper than 128');
    expect(() => parseTolerantJson('{'.repeat(1_000_000))).toThrow('nested deeper than 128');
    expect(() => parseTolerantJson('[[]]', { maxDepth: 1 })).toThrow('nested deeper than 1 ');
    expect(parseTolerantJson('["[[[["]', { maxDepth: 1 })).toEqual(['[[[[']);
  });

  it('limits the size', () => {
    expect(parseTolerantJson('[1]', { maxLength: 3 })).toEqual([1]);
    expect(() => parseTolerantJson('[1] ', { maxLength: 3 })).toThrow('JSON: 4 long, more than the 3 allowed');
    expect(() => parseTolerantJson(Buffer.from('"ä"'), { maxLength: 3 })).toThrow('JSON: 4 long');
  });

  it('reads standard JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), json => {
        expect(rounded(parseTolerantJson(json))).toEqual(JSON.parse(json));
        expect(rounded(readByHand(json))).toEqual(JSON.parse(json));
      }),
    );
  });

  it('throws nothing but its own error, whatever it reads', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '1',
      '-',
      '0.',
      'e',
      'null',
      ' ',
      'é',
      '__proto__',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map(pieces => pieces.join('')),
        ),
        json => {
          try {
            parseTolerantJson(json);
          } catch (error) {
            expect(error).toBeInstanceOf(RemotingCommandError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('stringifyTolerantJson', () => {
  it('writes keys that are objects as fastjson does', () => {
    const body = { offsetTable: new Map([[queue, 42]]) };
    expect(stringifyTolerantJson(body)).toBe(goldVector('5.5.0', 'RESETOFFSET'));
  });

  it('writes keys that are numbers without quotes', () => {
    const body = { offsetTable: { 'T@g': new Map([[0, 5]]) } };
    expect(stringifyTolerantJson(body)).toBe(goldVector('5.5.0', 'ALLOFFSET'));
    expect(stringifyTolerantJson(new Map([[9007199254740993n, 'a']]))).toBe('{9007199254740993:"a"}');
    expect(stringifyTolerantJson({ 0: 'a' })).toBe('{"0":"a"}');
  });

  it('leaves out what is undefined, and writes what is no number as null', () => {
    expect(stringifyTolerantJson({ a: undefined, b: Number.NaN, c: 9223372036854775807n, d: '"\n' })).toBe(
      '{"b":null,"c":9223372036854775807,"d":"\\"\\n"}',
    );
  });

  it('refuses cycles and what is no value', () => {
    const cycle: JsonInput[] = [];
    cycle.push(cycle);
    expect(() => stringifyTolerantJson(cycle)).toThrow(new RemotingCommandError('JSON: nested deeper than 128'));
    const values: unknown[] = [() => 1];
    expect(() => stringifyTolerantJson(Object(values))).toThrow('JSON: a function cannot be written');
  });

  it('is read back to the same value', () => {
    const integer = fc.oneof(
      fc.maxSafeInteger(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    );
    const { value } = fc.letrec<{ value: JsonInput; object: Record<string, JsonInput> }>(tie => ({
      object: fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), {
        noNullPrototype: true,
        maxKeys: 3,
      }),
      value: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.constant(null),
        fc.boolean(),
        integer,
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('object'),
        fc
          .array(fc.tuple(tie('object'), tie('value')), { minLength: 1, maxLength: 3 })
          .map(entries => new Map(entries)),
      ),
    }));
    fc.assert(
      fc.property(value, each => {
        expect(parseTolerantJson(stringifyTolerantJson(each))).toEqual(each);
      }),
    );
  });
});
