import { readFileSync } from 'node:fs';

const gold = (file: string): string[] =>
  readFileSync(new URL(`../../../fixtures/gold/${file}`, import.meta.url), 'utf8')
    .split('\n')
    .filter(line => line !== '');

/** What RocketMQ 5.5.0 printed of one kind, see `test/fixtures/java/MessageVectors.java`. */
export function goldMessages<T>(kind: string): T[] {
  const rows = gold('messages-5.5.0.jsonl')
    .map(line => JSON.parse(line) as T & { kind: string })
    .filter(row => row.kind === kind);
  if (rows.length === 0) throw new Error(`no gold row of kind ${kind}`);
  return rows;
}

/** The one row of a kind. */
export function goldMessage<T>(kind: string): T {
  const [row, ...more] = goldMessages<T>(kind);
  if (row === undefined || more.length > 0) throw new Error(`not one gold row of kind ${kind}`);
  return row;
}

/** Constants that RocketMQ 5.5.0 printed as `NAME = value`, values as JSON. */
export function goldConstants(file: 'message-properties' | 'message-sysflag'): ReadonlyMap<string, unknown> {
  const pairs = gold(`${file}-5.5.0.txt`).map(line => line.replace(/;$/, '').split(' = ') as [string, string]);
  return new Map(pairs.map(([name, value]) => [name, JSON.parse(value) as unknown]));
}

/** Bytes from hexadecimal digits. */
export const unhex = (digits: string): Buffer => Buffer.from(digits, 'hex');
