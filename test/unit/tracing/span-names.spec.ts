import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { type SpanAttributeRow, spanAttributes } from '../../../src/tracing/span-names.js';

const rows = Object.values<SpanAttributeRow>(spanAttributes);

/** Cells of the tables of a Markdown text, without the padding. */
const cellsOf = (markdown: string): string[][] =>
  markdown
    .split('\n')
    .filter(line => line.startsWith('|'))
    .map(line =>
      line
        .slice(1, -1)
        .split('|')
        .map(cell => cell.trim()),
    );

test('docs/tracing.md lists the attributes as they are', () => {
  const document = cellsOf(readFileSync(new URL('../../../docs/tracing.md', import.meta.url), 'utf8'));
  for (const { key, on, set, says } of rows) expect(document).toContainEqual([`\`${key}\``, on, set, says]);
  const listed = document.map(([first = '']) => first).filter(first => /^`[a-z_.]+`$/.test(first));
  expect(listed).toEqual(rows.map(({ key }) => `\`${key}\``));
});
