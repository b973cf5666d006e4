import { expect, test } from '@jest/globals';
import { CodeLabels, OTHER_LABEL } from '../../../src/metrics/code-labels.js';
import { OTHER_CODE } from '../../../src/remoting/statistics.js';

test.each([
  ['a name given by the user', 20001, 'ECHO'],
  ['a name given by the user for a code of RocketMQ', 310, 'SEND'],
  ['a code of RocketMQ', 11, 'PULL_MESSAGE'],
  ['a reserved code', 30001, 'NEST_PATTERN'],
  ['a code with a processor', 20002, '20002'],
  ['any other code', 20003, OTHER_LABEL],
  ['codes counted together', OTHER_CODE, OTHER_LABEL],
])('%s', (_what, code, label) => {
  const labels = new CodeLabels();
  labels.noteServed([20002]);
  expect(labels.labelOf(code, { 20001: 'ECHO', 310: 'SEND' })).toBe(label);
});
