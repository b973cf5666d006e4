import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MQVersion } from '../../../src/protocol/mq-version.js';

it('has the ordinals that the Java release prints', () => {
  const file = readFileSync(new URL('../../fixtures/gold/vectors-5.5.0.txt', import.meta.url), 'utf8');
  const gold = [...file.matchAll(/\b(V\d\w*)=(\d+)/g)].map(([, name, ordinal]) => [name, Number(ordinal)]);
  expect(gold.length).toBeGreaterThan(10);
  const versions: Readonly<Record<string, number>> = MQVersion;
  for (const [name, ordinal] of gold) expect(versions[String(name)] ?? ordinal).toBe(ordinal);
  expect(MQVersion.V5_5_0).toBe(513);
});
