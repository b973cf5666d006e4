import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { ResponseCode } from '../../../src/protocol/response-codes.js';
import type { RemotingClient } from '../../../src/remoting/remoting-client.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { RecordingLogger } from '../../helpers/recording-logger.js';
import { useTracing } from './support/tracing.js';

const loopback = useLoopback();
const tracing = useTracing();
const logger = new RecordingLogger();

const ENDINGS = {
  answer: 20001,
  refuse: 20002,
  throw: 20003,
  silence: 20004,
  closeConnection: 20005,
  later: 20006,
  unknown: 20007,
} as const;
type Ending = keyof typeof ENDINGS;

const schedule = fc.array(
  fc.record({
    ending: fc.constantFrom<Ending>('answer', 'later', 'silence', ...(Object.keys(ENDINGS) as Ending[])),
    kind: fc.constantFrom('sync', 'async', 'oneway'),
    abortAfter: fc.constantFrom(undefined, undefined, undefined, undefined, 0, 5),
    known: fc.constantFrom(true, true, true, false),
    timeoutMs: fc.constantFrom(0, 15, 40),
  }),
  { minLength: 1, maxLength: 12 },
);

const answer = (code = 0): RemotingCommand => RemotingCommand.createResponseCommand(code);

const serve = () =>
  loopback.server(
    { logger },
    {
      [ENDINGS.answer]: { processRequest: () => answer() },
      [ENDINGS.refuse]: { processRequest: () => answer(ResponseCode.SYSTEM_BUSY) },
      [ENDINGS.throw]: {
        processRequest: () => {
          throw new Error('as planned');
        },
      },
      [ENDINGS.silence]: { processRequest: () => undefined },
      [ENDINGS.closeConnection]: { processRequest: channel => channel.destroy() },
      [ENDINGS.later]: {
        processRequest: () => new Promise(resolve => setTimeout(() => resolve(answer()), 20)),
      },
    },
  );

const begin = (
  client: RemotingClient,
  address: string,
  plan: typeof schedule extends fc.Arbitrary<(infer P)[]> ? P : never,
): Promise<unknown> => {
  const request = new RemotingCommand({ code: ENDINGS[plan.ending] });
  const abort = new AbortController();
  const { signal } = abort;
  if (plan.abortAfter === 0) abort.abort();
  else if (plan.abortAfter !== undefined) setTimeout(() => abort.abort(), plan.abortAfter);
  if (plan.kind === 'oneway') return client.invokeOneway(address, request, plan.timeoutMs, { signal });
  if (plan.kind === 'sync') return client.invokeSync(address, request, plan.timeoutMs, { signal });
  return new Promise((resolve, reject) => {
    client.invokeAsync(
      address,
      request,
      plan.timeoutMs,
      { operationSucceed: resolve, operationFail: reject },
      { signal },
    );
  });
};

test('whatever ends a call, its spans end once, and nothing of us stays', async () => {
  const endings = new Set<unknown>();
  const downAddress = `127.0.0.1:${await loopback.closedPort()}`;
  await fc.assert(
    fc.asyncProperty(schedule, fc.constantFrom(false, false, true), async (plans, shutDown) => {
      tracing.restart();
      const server = await serve();
      const client = loopback.client({ logger, permitsAsync: 3 });
      const ours = tracing.observe(
        {},
        { role: 'client', name: 'c', remoting: client },
        { role: 'server', name: 's', remoting: server },
      );
      const calls = plans.map(plan => begin(client, plan.known ? server.address : downAddress, plan));
      if (shutDown) await client.shutdown();
      await Promise.allSettled(calls);
      await eventually(() => server.dispatcher.pending === 0, 'the server is idle');
      expect(tracing.spans.filter(each => each.kind === 'CLIENT')).toHaveLength(plans.length);
      expect(tracing.ends.filter(ends => ends !== 1)).toEqual([]);
      for (const { attributes } of tracing.spans) endings.add(attributes['error.type']);
      ours.stop();
      expect([...client.core.hooks.callHooks, ...server.core.hooks.requestHooks]).toEqual([]);
      await client.shutdown();
      await server.shutdown();
    }),
    { numRuns: 40 },
  );
  // the schedules are worth their time
  expect(endings.size).toBeGreaterThan(6);
}, 30_000);
