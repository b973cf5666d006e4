import { expect, it } from '@jest/globals';
import { languageByteOf, languageCodeOf } from '../../../src/protocol/language-code.js';

it('knows names and bytes', () => {
  expect([languageCodeOf('JAVA'), languageCodeOf('OTHER'), languageCodeOf('GO')]).toEqual(['JAVA', 'OTHER', 'GO']);
  expect([languageCodeOf(0), languageCodeOf(7), languageCodeOf(13)]).toEqual(['JAVA', 'OTHER', 'NODE_JS']);
  for (let byte = 0; byte <= 13; byte++) {
    const name = languageCodeOf(byte);
    expect(name === undefined ? -1 : languageByteOf(name)).toBe(byte);
  }
});

it('reads names as 5.5.0 does', () => {
  expect(['NODE_JS', 'NODEJS', 'node-js', 'other'].map(languageCodeOf)).toEqual([
    'NODE_JS',
    'NODE_JS',
    'NODE_JS',
    'OTHER',
  ]);
});

it.each(['', 'KOTLIN', '__proto__', 'constructor', 14, -1, 0.5, Number.NaN, null, undefined, {}])(
  'does not know %p',
  language => {
    expect(languageCodeOf(language)).toBeUndefined();
  },
);
