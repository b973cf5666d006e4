import { readFileSync } from 'node:fs';

/** A row of a table by the names of its columns. */
export type Row = Readonly<Record<string, string>>;

/** A heading of a page with the tables below it. */
export interface Section {
  readonly title: string;
  readonly tables: readonly (readonly Row[])[];
}

const isTableLine = (line: string): boolean => line.startsWith('|');
const cellsOf = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map(cell => cell.trim().replaceAll('\\|', '|'));

/** The sections of a page of docs/. */
export function sectionsOf(page: string): readonly Section[] {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  return text.split(/^#+ /m).flatMap(part => {
    const [title = '', ...lines] = part.split('\n');
    return title === '' ? [] : [{ title, tables: tablesOf(lines) }];
  });
}

function tablesOf(lines: readonly string[]): Row[][] {
  const tables: Row[][] = [];
  for (let at = 0; at < lines.length; at++) {
    const table: string[] = [];
    for (let line = lines[at]; line !== undefined && isTableLine(line); line = lines[++at]) table.push(line);
    if (table.length > 0) tables.push(rowsOf(table));
  }
  return tables;
}

function rowsOf([head = '', , ...body]: readonly string[]): Row[] {
  const columns = cellsOf(head);
  return body.map(line => Object.fromEntries(cellsOf(line).map((cell, at) => [columns[at] ?? '', cell])));
}

/** The tables below a heading; throws when there is none of that title. */
export function tablesBelow(sections: readonly Section[], title: string): Section['tables'] {
  const found = sections.find(each => each.title === title);
  if (found === undefined) throw new Error(`no heading "${title}"`);
  return found.tables;
}

/** The text of a cell without the quotes of code. */
export const plain = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');
