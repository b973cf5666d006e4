import { readFileSync, writeFileSync } from 'node:fs';

/** A table as prettier aligns it: text in the first and the last column, numbers between. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, at) => Math.max(3, title.length, ...rows.map(row => row[at]?.length ?? 0)));
  const isText = (at: number): boolean => at === 0 || at === head.length - 1;
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (isText(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
};

/**
 * Replaces what stands between the lines `<!-- name -->` and `<!-- /name -->` of a file.
 *
 * @throws {Error} when the file has no such place
 */
export const fillMarkdown = (file: string, name: string, text: string): void => {
  const before = readFileSync(file, 'utf8');
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [before.indexOf(open), before.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`${file} has no place for it between ${open} and ${close}.`);
  writeFileSync(file, `${before.slice(0, start)}${open}\n\n${text}\n\n${before.slice(end)}`);
};
