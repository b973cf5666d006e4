import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { useLoopback } from '../../helpers/loopback.js';
import { ca, serverCertificate } from '../../helpers/tls-files.js';

const loopback = useLoopback();

/** Bytes that say where they belong: a buffer that is used again too early shows. */
const bytesOf = (size: number, seed: number): Buffer => {
  const pattern = createHash('sha1').update(String(seed)).digest();
  return Buffer.alloc(size, pattern);
};

test.each([
  ['TCP', {}, {}],
  ['TLS', { tls: serverCertificate }, { tls: { ca } }],
])(
  'bodies of any size, in any number at once, come back byte for byte over %s',
  async (_what, serverOptions, clientOptions) => {
    const server = await loopback.server(serverOptions, { [ECHO]: echo });
    const client = loopback.client(clientOptions);
    const sizes = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.nat(300) },
        { weight: 3, arbitrary: fc.nat(20_000) },
        // around the size of a slab, and beyond it
        { weight: 2, arbitrary: fc.integer({ min: 60_000, max: 70_000 }) },
        { weight: 2, arbitrary: fc.integer({ min: 100_000, max: 600_000 }) },
      ),
      { minLength: 20, maxLength: 80 },
    );
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (all, seed) => {
        const bodies = all.map((size, at) => bytesOf(size, seed + at));
        const answers = await Promise.all(
          bodies.map(body => client.invokeSync(server.address, echoRequest(body), 20_000)),
        );
        const wrong = answers.filter(
          (answer, at) => !(answer.body ?? Buffer.alloc(0)).equals(bodies[at] ?? Buffer.alloc(1)),
        );
        expect(wrong).toHaveLength(0);
      }),
      { numRuns: 40 },
    );
    expect(client.statistics.connectionsOpened).toBe(1);
  },
  60_000,
);

test('text bodies of any length and alphabet', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client();
  const text = fc
    .tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(5000))
    .map(([part, times]) => part.repeat(times));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 10 }), async all => {
      const answers = await Promise.all(all.map(each => client.invokeSync(server.address, echoRequest(each), 20_000)));
      expect(answers.map(answer => answer.bodyText)).toEqual(all);
    }),
    { numRuns: 25 },
  );
}, 60_000);
