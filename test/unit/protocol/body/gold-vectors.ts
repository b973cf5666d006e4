import { readFileSync } from 'node:fs';

/** What the Java release printed, by the name at the start of each line. */
export function goldVectors(release: '4.9.7' | '5.5.0'): ReadonlyMap<string, string> {
  const file = new URL(`../../../fixtures/gold/vectors-${release}.txt`, import.meta.url);
  const lines = readFileSync(file, 'utf8').split('\n');
  return new Map(lines.map(line => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

/** One of {@link goldVectors}. */
export function goldVector(release: '4.9.7' | '5.5.0', name: string): string {
  const vector = goldVectors(release).get(name);
  if (vector === undefined) throw new Error(`no vector ${name} of ${release}`);
  return vector;
}
