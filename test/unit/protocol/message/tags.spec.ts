import { describe, expect, it } from '@jest/globals';
import { javaHashCode, parseTagExpression, tagsCodeOf } from '../../../../src/protocol/message/tags.js';
import { goldMessages } from './gold-messages.js';

describe('tags', () => {
  it.each(goldMessages<{ text: string; hash: number }>('hash'))('hash as in Java: $text', ({ text, hash }) => {
    expect(javaHashCode(text)).toBe(hash);
    expect(tagsCodeOf(text)).toBe(hash);
  });

  it('have the code 0 where there are none', () => {
    expect(tagsCodeOf(undefined)).toBe(0);
  });

  interface Row {
    expression: string;
    subString: string;
    tagsSet: string[];
    codeSet: number[];
  }
  it.each(goldMessages<Row>('tags'))('are subscribed to as in Java: "$expression"', row => {
    const parsed = parseTagExpression(row.expression);
    expect(parsed.subString).toBe(row.subString);
    expect([...parsed.tagsSet].toSorted()).toEqual(row.tagsSet);
    expect([...parsed.codeSet].toSorted((a, b) => a - b)).toEqual(row.codeSet);
    expect(parsed.codeSet).toEqual(parsed.tagsSet.map(javaHashCode));
  });
});
