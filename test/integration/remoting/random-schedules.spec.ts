import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import { MQVersion } from '../../../src/protocol/mq-version.js';
import { ResponseCode } from '../../../src/protocol/response-codes.js';
import { STREAM_END, STREAM_SEQUENCE } from '../../../src/remoting/stream.js';
import type { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import type { RemotingClient } from '../../../src/remoting/remoting-client.js';
import { echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { type RawServer, useLoopback } from '../../helpers/loopback.js';
import type { RawPeer } from '../../helpers/raw-peer.js';

const loopback = useLoopback();

type Step =
  | { readonly kind: 'call' | 'oneway' | 'stream'; readonly timeoutMs: number }
  | { readonly kind: 'answer' | 'part' | 'goAway' | 'abort'; readonly at: number }
  | { readonly kind: 'garbage' | 'reset' | 'close' | 'turn' | 'pause' };

const of = <Kind extends Step['kind']>(...kinds: Kind[]): fc.Arbitrary<Kind> => fc.constantFrom(...kinds);

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: of('call', 'oneway', 'stream'), timeoutMs: fc.constantFrom(0, 1, 15, 200) }),
    },
    { weight: 8, arbitrary: fc.record({ kind: of('answer', 'part', 'goAway', 'abort'), at: fc.nat(50) }) },
    { weight: 4, arbitrary: fc.record({ kind: of('turn', 'pause') }) },
    { weight: 1, arbitrary: fc.record({ kind: of('garbage', 'reset', 'close') }) },
  ),
  { minLength: 5, maxLength: 60 },
);

/** A call and how often it was told of its end. */
interface Told {
  ends: number;
  abort: () => void;
}

function begin(client: RemotingClient, address: string, kind: 'call' | 'oneway' | 'stream', timeoutMs: number): Told {
  const abort = new AbortController();
  const told: Told = { ends: 0, abort: () => abort.abort() };
  const ended = (): void => {
    told.ends++;
  };
  if (kind === 'oneway') {
    void client.invokeOneway(address, echoRequest(), timeoutMs, { signal: abort.signal }).then(ended, ended);
  } else {
    const callback = { operationSucceed: ended, operationFail: ended };
    const streamed = { ...callback, operationNext: () => undefined };
    client.invokeAsync(address, echoRequest(), timeoutMs, kind === 'call' ? callback : streamed, abort);
  }
  return told;
}

/** One of the requests that came by any connection, answered before or not. */
function anyRequest(raw: RawServer, at: number): { peer: RawPeer; request: RemotingCommand } | undefined {
  const all = raw.peers.flatMap(peer => peer.commands.map(request => ({ peer, request })));
  return all[at % Math.max(all.length, 1)];
}

const responses = {
  answer: () => ({}),
  part: (at: number) => ({
    extFields: { [STREAM_SEQUENCE]: String(at % 2), ...(at % 3 === 0 ? { [STREAM_END]: '' } : {}) },
  }),
  goAway: () => ({ code: ResponseCode.GO_AWAY, version: MQVersion.V5_5_0 }),
};

const disturbances = {
  garbage: (raw: RawServer): void => raw.peers.at(-1)?.send(Buffer.alloc(40, 0xff)),
  reset: (raw: RawServer): void => raw.peers.at(-1)?.reset(),
  close: (raw: RawServer, client: RemotingClient): void => client.closeChannel(raw.address),
  turn: () => new Promise(resolve => setImmediate(resolve)),
  pause: () => delay(5),
};

async function run(step: Step, raw: RawServer, client: RemotingClient, calls: Told[]): Promise<void> {
  if ('timeoutMs' in step) {
    calls.push(begin(client, raw.address, step.kind, step.timeoutMs));
  } else if (!('at' in step)) {
    await disturbances[step.kind](raw, client);
  } else if (step.kind === 'abort') {
    calls[step.at % Math.max(calls.length, 1)]?.abort();
  } else {
    const found = anyRequest(raw, step.at);
    found?.peer.answer(found.request, responses[step.kind](step.at));
  }
}

test('no schedule of answers, time-outs, closes and aborts settles a call twice or keeps a permit', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(1, 3, 100), fc.boolean(), async (schedule, permits, closes) => {
      const raw = await loopback.rawServer();
      const client = loopback.client({
        permitsAsync: permits,
        permitsOneway: permits,
        clientCloseSocketIfTimeout: closes,
        reconnectDelayMs: 0,
      });
      const { core } = client;
      const calls: Told[] = [];
      for (const step of schedule) await run(step, raw, client, calls);
      for (const call of calls.filter((_, at) => at % 2 === 0)) call.abort();
      await eventually(() => calls.every(call => call.ends > 0), 'each call is settled');
      await client.shutdown();
      await raw.stop();
      expect(calls.map(call => call.ends)).toEqual(calls.map(() => 1));
      expect(core.responseTable.size).toBe(0);
      expect([core.semaphoreAsync, core.semaphoreOneway]).toEqual([
        expect.objectContaining({ availablePermits: permits, queueLength: 0 }),
        expect.objectContaining({ availablePermits: permits, queueLength: 0 }),
      ]);
      expect(client.statistics.callbackErrors).toBe(0);
    }),
    { numRuns: 150, interruptAfterTimeLimit: 40_000 },
  );
}, 60_000);
