import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { requestCodes, requestNameOf, requests } from '../../../../src/protocol/requests/index.js';
import type { RequestDefinition } from '../../../../src/protocol/schema/define-request.js';
import type { HeaderField } from '../../../../src/protocol/schema/header-field.js';

interface JavaHeader {
  readonly class: string;
  readonly code: number | null;
  readonly fields: readonly { readonly name: string; readonly type: string; readonly required: boolean }[];
}

const gold = (name: string) => readFileSync(new URL(`../../../fixtures/gold/${name}`, import.meta.url), 'utf8').trim();

const javaHeaders = new Map(
  gold('headers-5.5.0.jsonl')
    .split('\n')
    .map((line): [string, JavaHeader] => {
      const header: JavaHeader = JSON.parse(line);
      return [header.class, header];
    }),
);

const table: Readonly<Record<string, RequestDefinition<unknown, unknown>>> = requests;
const rows = Object.values(table);

const javaTypes: Readonly<Record<string, string>> = {
  String: 'string',
  Integer: 'int',
  int: 'int',
  Long: 'long',
  long: 'long',
  Boolean: 'boolean',
  boolean: 'boolean',
  BoundaryType: 'LOWER|UPPER',
};

/** Header classes that no row uses, and why. */
const unused: Readonly<Record<string, string>> = {
  CheckTransactionStateResponseHeader: 'the request is oneway, and no release sends this answer',
  EndTransactionResponseHeader: 'has no fields, and no release sends it',
  ViewMessageResponseHeader: 'has no fields, and no release sends it',
  InitConsumerOffsetRequestHeader: 'no release has a code for it',
  RegisterOrderTopicRequestHeader: 'no release has a code for it',
  StatisticsMessagesRequestHeader: 'no release has a code for it',
};

function shapeOfJava(javaClass: string) {
  const header = javaHeaders.get(javaClass);
  if (header === undefined) throw new Error(`no Java class ${javaClass}`);
  return Object.fromEntries(
    header.fields.map(field => [field.name, { type: javaTypes[field.type], required: field.required }]),
  );
}

function shapeOf(fields: readonly HeaderField[]) {
  return Object.fromEntries(
    fields
      .filter(field => field.extField === undefined)
      .map(field => [field.name, { type: field.values?.join('|') ?? field.type, required: field.required }]),
  );
}

describe('the request table', () => {
  it('has exactly the codes of the Java release', () => {
    const expected = gold('request-codes-5.5.0.txt')
      .split('\n')
      .map(line => line.split(' = '))
      .map(([name, code]) => [name, Number(code)]);
    expect(requestCodes).toEqual(Object.fromEntries(expected));
    expect(expected).toHaveLength(164);
  });

  it.each(rows)('$name has the fields of its Java classes', row => {
    expect(shapeOf(row.request.fields)).toEqual(row.javaHeader === undefined ? {} : shapeOfJava(row.javaHeader));
    expect(shapeOf(row.response.fields)).toEqual(
      row.javaResponseHeader === undefined ? {} : shapeOfJava(row.javaResponseHeader),
    );
  });

  it('uses every Java header class, but for those no release uses', () => {
    const used = rows.flatMap(row => [row.javaHeader, row.javaResponseHeader]);
    const missing = [...javaHeaders.keys()].filter(each => !used.includes(each));
    expect(missing.toSorted()).toEqual(Object.keys(unused).toSorted());
  });

  it('gives a Java class that is annotated with a code to the row of that code', () => {
    const annotated = [...javaHeaders.values()].flatMap(header =>
      header.code === null ? [] : [[header.class, header.code] as const],
    );
    expect(annotated.length).toBeGreaterThan(90);
    for (const [javaClass, code] of annotated) {
      const row = rows.find(each => each.code === code);
      expect([row?.javaHeader, row?.javaResponseHeader]).toContain(javaClass);
    }
  });

  it('says of every request what it does, in one sentence', () => {
    for (const row of rows) expect(row.summary).toMatch(/^[A-Z].+\.$/);
  });

  it('finds names by code', () => {
    expect(requests.PULL_MESSAGE.name).toBe('PULL_MESSAGE');
    for (const [name, code] of Object.entries(requestCodes)) expect(requestNameOf(code)).toBe(name);
    expect(requestNameOf(20001)).toBeUndefined();
  });
});
