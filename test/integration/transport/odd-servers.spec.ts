import { expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { lastValueFrom, take, toArray } from 'rxjs';
import { CommandFlag, type RemotingCommandInit } from '../../../src/protocol/remoting-command.js';
import type { ClientRemotingOptions } from '../../../src/transport/client-remoting-options.js';
import type { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { eventually } from '../../helpers/eventually.js';
import type { RawPeer } from '../../helpers/raw-peer.js';
import { useNest } from './support/nest-loopback.js';
import { type Observation, observe } from './support/observe.js';

const nest = useNest();
// late replies are told at debug
Logger.overrideLogger(false);

const part = (sequence: number | string, value: unknown, more: object = {}): Partial<RemotingCommandInit> => ({
  extFields: { streamSequence: String(sequence), ...more },
  body: JSON.stringify(value),
});
const last = (sequence: number, value: unknown): Partial<RemotingCommandInit> =>
  part(sequence, value, { streamEnd: '1' });

/** A call to a server that answers with these frames. */
async function answered(
  answers: readonly Partial<RemotingCommandInit>[],
  options: ClientRemotingOptions = {},
): Promise<{ client: ClientRemoting; peer: RawPeer; seen: Observation }> {
  const server = await nest.loopback.rawServer();
  const client = nest.client({ address: server.address, ...options });
  const seen = observe(client.send(20_001, 'x'));
  const peer = await server.peer();
  const request = await peer.next();
  expect(request.flag).toBe(CommandFlag.STREAM);
  for (const answer of answers) peer.answer(request, answer);
  return { client, peer, seen: await seen };
}

test.each<[what: string, answers: Partial<RemotingCommandInit>[], seen: object, late: number]>([
  ['twice', [{ body: '1' }, { body: '2' }], { values: [1] }, 1],
  ['with a stream and another frame behind its end', [part(0, 1), last(1, 2), part(2, 3)], { values: [1, 2] }, 1],
  ['with a stream of one frame', [last(0, 1)], { values: [1] }, 0],
  [
    'with a gap in its stream',
    [part(0, 1), part(2, 3), last(3, 4)],
    { values: [1], error: { error: { message: 'frame 1 of a streamed answer is missing', requestCode: 20_001 } } },
    1,
  ],
  ['with a frame twice', [part(0, 1), part(0, 1), last(1, 2)], { values: [1], error: {} }, 1],
  ['with a sequence that is no number', [part('x', 1), last(1, 2)], { values: [], error: {} }, 1],
  [
    'with an error in its stream',
    [part(0, 1), { code: 20_017, remark: 'broken' }],
    { values: [1], error: { error: { code: 20_017, message: 'broken' } } },
    0,
  ],
  [
    'with an error and no remark',
    [{ code: 5 }],
    { values: [], error: { error: { code: 5, message: 'the peer answered with code 5' } } },
    0,
  ],
  [
    'with ext fields that are names of Object',
    [{ body: '1', extFields: JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string> }],
    { values: [1] },
    0,
  ],
  ['with an empty body', [{}], { values: [] }, 0],
])('a server that answers %s', async (_what, answers, expected, late) => {
  const { client, seen } = await answered(answers);
  expect(seen).toMatchObject(expected);
  if (!('error' in expected)) expect(seen.error).toBeUndefined();
  await eventually(() => client.unwrap().statistics.lateReplies === late, `${late} late replies`);
  expect(client.unwrap().core.responseTable.size).toBe(0);
});

test('a body that is no JSON is an error where JSON is demanded, and bytes where it is not', async () => {
  const { seen } = await answered([{ body: 'plain' }]);
  expect(seen).toEqual({ values: [Buffer.from('plain')] });
  const { seen: demanded } = await answered([{ body: 'plain' }], { body: 'json' });
  expect(demanded).toMatchObject({
    values: [],
    error: {
      error: {
        code: 'RMQ_REMOTING_COMMAND',
        message: 'the answer cannot be read: the body is no JSON',
        address: expect.any(String),
        requestCode: 20_001,
      },
    },
  });
  const { seen: inStream } = await answered([part(0, 1), { ...last(1, 0), body: 'plain' }], { body: 'json' });
  expect(inStream).toMatchObject({ values: [1], error: { error: { code: 'RMQ_REMOTING_COMMAND' } } });
});

test('an unreadable value in the middle of a stream ends it, and the server hears of it', async () => {
  const server = await nest.loopback.rawServer();
  const client = nest.client({ address: server.address, body: 'json' });
  const seen = observe(client.send(20_001, 'x'));
  const peer = await server.peer();
  const request = await peer.next();
  peer.answer(request, { ...part(0, 0), body: 'plain' });
  expect(await seen).toMatchObject({ values: [], error: { error: { code: 'RMQ_REMOTING_COMMAND' } } });
  expect(await peer.next()).toMatchObject({ code: 30_002, extFields: { streamOpaque: String(request.opaque) } });
});

test('a reset in the middle of a stream', async () => {
  const server = await nest.loopback.rawServer();
  const client = nest.client({ address: server.address });
  const seen = observe(client.send(20_001, 'x'));
  const first = observe(client.send(20_001, 'x').pipe(take(1)));
  const peer = await server.peer();
  for (const request of await peer.take(2)) peer.answer(request, part(0, 'first'));
  expect(await first).toEqual({ values: ['first'] });
  peer.reset();
  expect(await seen).toMatchObject({
    values: ['first'],
    error: { error: { code: 'RMQ_REMOTING_SEND_REQUEST', address: server.address, requestCode: 20_001 } },
  });
});

test('a server that is no RocketMQ at all', async () => {
  const server = await nest.loopback.rawServer();
  const client = nest.client({ address: server.address });
  const seen = observe(client.send(20_001, 'x'));
  const peer = await server.peer();
  await peer.next();
  peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect(await seen).toMatchObject({ error: { error: { code: 'RMQ_REMOTING_SEND_REQUEST' } } });
});

test('answers of a server come to the calls that they belong to, in any order', async () => {
  const server = await nest.loopback.rawServer();
  const client = nest.client({ address: server.address });
  const calls = Array.from({ length: 20 }, (_, at) => lastValueFrom(client.send(20_001, at).pipe(toArray())));
  const peer = await server.peer();
  const requests = await peer.take(20);
  for (const request of requests.toReversed()) peer.answer(request, part(0, 'first'));
  for (const request of requests) peer.answer(request, { ...last(1, 0), body: request.bodyText });
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 20 }, (_, at) => ['first', at]));
});
