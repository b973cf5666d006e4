import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { requests } from '../../../../src/protocol/requests/index.js';
import type { RequestDefinition } from '../../../../src/protocol/schema/define-request.js';
import { LONG_MAX_VALUE, LONG_MIN_VALUE } from '../../../../src/protocol/schema/field-types.js';
import type { HeaderField } from '../../../../src/protocol/schema/header-field.js';

const table: Readonly<Record<string, RequestDefinition<unknown, unknown>>> = requests;

const arbitraries = {
  string: fc.string({ unit: 'binary' }),
  int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  long: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(LONG_MAX_VALUE, LONG_MIN_VALUE)),
  boolean: fc.boolean(),
};

function headerOf(fields: readonly HeaderField[]) {
  const values: Record<string, fc.Arbitrary<unknown>> = {};
  for (const { name, type, values: allowed } of fields) {
    values[name] = allowed === undefined ? arbitraries[type] : fc.constantFrom(...allowed);
  }
  const requiredKeys = fields.filter(field => field.required).map(field => field.name);
  return fc.record(values, { requiredKeys, noNullPrototype: true });
}

describe.each(Object.values(table))('$name', row => {
  it.each(['request', 'response'] as const)('decodes what it has encoded of a %s', side => {
    const schema = row[side];
    fc.assert(
      fc.property(headerOf(schema.fields), header => {
        const extFields = schema.encode(header);
        expect(Object.values(extFields).every(value => typeof value === 'string')).toBe(true);
        expect(schema.decode(extFields)).toEqual(header);
      }),
      { numRuns: 30 },
    );
  });
});
