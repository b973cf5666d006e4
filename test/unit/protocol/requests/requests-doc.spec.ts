import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { requests } from '../../../../src/protocol/requests/index.js';

it('docs/requests.md says what the request table says', async () => {
  // in a variable, for a script has no types to check
  const script = '../../../../scripts/requests-doc.mjs';
  const { requestsDoc } = await import(script);
  const written = readFileSync(new URL('../../../../docs/requests.md', import.meta.url), 'utf8');
  expect(written).toBe(requestsDoc(requests));
  expect(written.match(/^## /gm)).toHaveLength(164);
});
