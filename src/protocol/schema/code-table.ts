/** Rows of a table of codes, by name. */
export type CodeRows = Readonly<Record<string, { readonly code: number }>>;

/** Name → code of every row. */
export type Codes<Rows extends CodeRows> = { readonly [Name in keyof Rows]: Rows[Name]['code'] };

/** The codes of a table by name. */
export function codesOf<Rows extends CodeRows>(rows: Rows): Codes<Rows>;
export function codesOf(rows: CodeRows): Record<string, number> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.code]));
}

/** The names of a table by code. */
export function namesByCode(rows: CodeRows): ReadonlyMap<number, string> {
  return new Map(Object.entries(rows).map(([name, row]) => [row.code, name]));
}
