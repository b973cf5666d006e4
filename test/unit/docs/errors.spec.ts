import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type RocketMQErrorCode, errorCodes } from '../../../src/errors/error-codes.js';
import { OptionsError } from '../../../src/errors/options.js';
import * as remoting from '../../../src/errors/remoting-errors.js';
import { AbortProcessError, MQBrokerError, MQClientError } from '../../../src/errors/response-errors.js';
import { isRetryable, RocketMQError } from '../../../src/errors/rocketmq-error.js';
import { ResponseCode } from '../../../src/protocol/response-codes.js';
import { callOutcomes } from '../../../src/remoting/statistics.js';
import { plain, type Row, sectionsOf, tablesBelow } from './markdown-tables.js';

const sections = sectionsOf('errors.md');
const rowsBelow = (title: string, at = 0): readonly Row[] => tablesBelow(sections, title)[at] ?? [];

/** One error of each class. */
const errors: readonly RocketMQError[] = [
  ...Object.values(remoting).map(errorClass => new errorClass('message')),
  new AbortProcessError(1, 'remark'),
  new MQClientError('message'),
  new MQBrokerError('message', { responseCode: 1 }),
  new OptionsError('owner', ['fault']),
];

describe('docs/errors.md', () => {
  it('has every code with its class, in which case it comes and whether a new try may help', () => {
    const byCode = new Map<RocketMQErrorCode, RocketMQError>(errors.map(each => [each.code, each]));
    const inCode = Object.entries(errorCodes).map(([code, { summary }]) => {
      const error = byCode.get(code as RocketMQErrorCode);
      return { code, class: error?.name, when: summary, retryable: isRetryable(error) ? 'yes' : 'no' };
    });
    const inDocs = rowsBelow('Codes').map(({ code, class: name, when, retryable }) => {
      return { code: plain(code), class: plain(name), when, retryable };
    });
    expect(inDocs).toEqual(inCode);
  });

  it('says for each code what to do', () => {
    for (const row of rowsBelow('Codes')) expect(row['what to do']).toMatch(/^[A-Z].+\.$/);
  });

  it('has every way in which a call ends, with errors that there are', () => {
    const rows = rowsBelow('How a call ends');
    expect([...new Set(rows.map(row => plain(row['outcome'])))]).toEqual([...callOutcomes]);
    const known = errors.map(each => each.name);
    const named = rows.flatMap(row => row['error']?.match(/\b\w+Error\b/g) ?? []);
    expect(known).toEqual(expect.arrayContaining(named));
    expect(named.length).toBeGreaterThan(7);
  });

  it('names response codes as they are', () => {
    const rows = rowsBelow('What our server answers by itself');
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(ResponseCode).toHaveProperty(plain(row['name']), Number(row['code']));
  });

  it('quotes remarks that stand in the sources', () => {
    const sources = ['remoting', 'transport'].flatMap(folder => {
      const root = new URL(`../../../src/${folder}/`, import.meta.url);
      return readdirSync(root).map(file => readFileSync(new URL(file, root), 'utf8'));
    });
    const text = sources.join('\n').replaceAll(/\$\{[^}]*\}/g, '#');
    for (const row of rowsBelow('What our server answers by itself')) {
      const remark = plain(row['remark']);
      if (remark === '–') continue;
      const parts = remark.split(/N|…/).map(part => part.trim());
      const pattern = new RegExp(
        parts.map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join(' ?#? ?'),
      );
      expect([remark, pattern.test(text)]).toEqual([remark, true]);
    }
  });
});
