import { describe, expect, test } from '@jest/globals';
import type { RocketMQError } from '../../../src/errors/rocketmq-error.js';
import { CommandFlag, RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { STREAM_CANCEL } from '../../../src/protocol/reserved-codes.js';
import type { RemotingClient } from '../../../src/remoting/remoting-client.js';
import type { ResponseFuture } from '../../../src/remoting/response-future.js';
import { STREAM_END, STREAM_OPAQUE, STREAM_SEQUENCE } from '../../../src/remoting/stream.js';
import { ECHO, echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { type RawServer, useLoopback } from '../../helpers/loopback.js';
import type { RawPeer } from '../../helpers/raw-peer.js';

const loopback = useLoopback();

interface Stream {
  readonly call: ResponseFuture;
  readonly parts: string[];
  /** The body of the last frame, or the code of the error. */
  end: string | undefined;
}

function openStream(client: RemotingClient, address: string, timeoutMs = 2000, signal?: AbortSignal): Stream {
  const stream: { parts: string[]; end: string | undefined } = { parts: [], end: undefined };
  const callback = {
    operationNext: (response: RemotingCommand) => void stream.parts.push(response.bodyText),
    operationSucceed: (response: RemotingCommand | undefined) => {
      stream.end = response?.bodyText;
    },
    operationFail: (error: RocketMQError) => {
      stream.end = error.code;
    },
  };
  const call = client.invokeAsync(address, echoRequest(), timeoutMs, callback, { signal });
  return Object.assign(stream, { call });
}

const part = (sequence: number, end = false): { extFields: Record<string, string>; body: string } => ({
  extFields: { [STREAM_SEQUENCE]: String(sequence), ...(end ? { [STREAM_END]: '' } : {}) },
  body: `p${sequence}`,
});

async function opened(raw: RawServer, stream: Stream): Promise<{ peer: RawPeer; request: RemotingCommand }> {
  const peer = await raw.peer();
  const request = await peer.next();
  peer.answer(request, part(0));
  await eventually(() => stream.parts.length === 1, 'the first part is there');
  return { peer, request };
}

describe('a streamed answer', () => {
  test('is asked for by a flag, comes in parts, and ends with its last frame', async () => {
    const server = await loopback.server();
    server.registerProcessor(ECHO, {
      asyncProcessRequest: task => {
        for (let at = 0; at < 20; at++) {
          task.sendPart(
            RemotingCommand.createResponseCommand(0, undefined, `p${at}`, { [STREAM_SEQUENCE]: String(at) }),
          );
        }
        const { extFields, body } = part(20, true);
        task.complete(RemotingCommand.createResponseCommand(0, undefined, body, extFields));
      },
    });
    const flags: number[] = [];
    server.registerRPCHook({ doBeforeRequest: (_address, request) => void flags.push(request.flag) });
    const client = loopback.client();
    const stream = openStream(client, server.address);
    await eventually(() => stream.end !== undefined, 'the stream ends');
    expect(stream.parts).toEqual(Array.from({ length: 20 }, (_, at) => `p${at}`));
    expect(stream.end).toBe('p20');
    client.invokeAsync(server.address, echoRequest(), 1000, {
      operationSucceed: () => 0,
      operationFail: () => 0,
    });
    await eventually(() => flags.length === 2, 'both requests are seen');
    expect(flags).toEqual([CommandFlag.STREAM, 0]);
    // who asked for no stream takes the first frame for the answer, the others for late ones
    await eventually(() => client.statistics.lateReplies === 20, 'the rest is late');
  });

  test('may be a plain one', async () => {
    const raw = await loopback.rawServer();
    const stream = openStream(loopback.client(), raw.address);
    const peer = await raw.peer();
    peer.answer(await peer.next(), { body: 'plain' });
    await eventually(() => stream.end !== undefined, 'it ends');
    expect([stream.parts, stream.end]).toEqual([[], 'plain']);
  });

  test.each([
    ['is missing', 2],
    ['comes twice', 0],
    ['is no number', Number.NaN],
  ])('of which a frame %s fails and is cancelled', async (_what, sequence) => {
    const raw = await loopback.rawServer();
    const stream = openStream(loopback.client(), raw.address);
    const { peer, request } = await opened(raw, stream);
    peer.answer(request, part(sequence));
    const cancel = await peer.next();
    expect(cancel).toMatchObject({ code: STREAM_CANCEL, isOneway: true });
    expect(cancel.extFields?.[STREAM_OPAQUE]).toBe(String(request.opaque));
    expect(stream.end).toBe('RMQ_REMOTING_COMMAND');
    expect(stream.call.error?.message).toBe('frame 1 of a streamed answer is missing');
  });

  test('has as much time between two frames as a call has in all', async () => {
    const raw = await loopback.rawServer();
    const stream = openStream(loopback.client(), raw.address, 150);
    const { peer, request } = await opened(raw, stream);
    for (let at = 1; at < 5; at++) {
      await new Promise(resolve => setTimeout(resolve, 60));
      peer.answer(request, part(at));
    }
    await eventually(() => stream.parts.length === 5, 'it outlived its time-out');
    await eventually(() => stream.end !== undefined, 'silence ends it');
    expect(stream.end).toBe('RMQ_REMOTING_TIMEOUT');
    expect((await peer.next()).code).toBe(STREAM_CANCEL);
  });

  test('outlives the sweep for lost calls', async () => {
    const raw = await loopback.rawServer();
    const stream = openStream(loopback.client(), raw.address, 500);
    const { peer, request } = await opened(raw, stream);
    for (let at = 1; at < 11; at++) {
      await new Promise(resolve => setTimeout(resolve, 250));
      peer.answer(request, part(at, at === 10));
    }
    await eventually(() => stream.end !== undefined, 'it ends');
    expect(stream.end).toBe('p10');
  }, 10_000);

  test('that its caller leaves is cancelled at the server', async () => {
    const raw = await loopback.rawServer();
    const abort = new AbortController();
    const client = loopback.client();
    const stream = openStream(client, raw.address, 2000, abort.signal);
    const { peer, request } = await opened(raw, stream);
    abort.abort();
    expect(stream.end).toBe('RMQ_REMOTING_ABORTED');
    expect((await peer.next()).extFields?.[STREAM_OPAQUE]).toBe(String(request.opaque));
    peer.answer(request, part(1));
    await eventually(() => client.statistics.lateReplies === 1, 'what comes then is late');
    expect(stream.parts).toHaveLength(1);
  });

  test('is not cancelled at a peer that never streamed: it would not know the code', async () => {
    const raw = await loopback.rawServer();
    const abort = new AbortController();
    const client = loopback.client();
    openStream(client, raw.address, 2000, abort.signal);
    const peer = await raw.peer();
    await peer.next();
    abort.abort();
    const next = client.invokeSync(raw.address, echoRequest('next'));
    const request = await peer.next();
    expect(request.code).toBe(ECHO);
    peer.answer(request);
    await next;
  });

  test('whose part makes the callback throw goes on', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    let end: string | undefined;
    client.invokeAsync(raw.address, echoRequest(), 2000, {
      operationNext: () => {
        throw new Error('boom');
      },
      operationSucceed: response => {
        end = response?.bodyText;
      },
      operationFail: () => undefined,
    });
    const peer = await raw.peer();
    const request = await peer.next();
    peer.answer(request, part(0));
    peer.answer(request, part(1, true));
    await eventually(() => end !== undefined, 'it ends');
    expect([end, client.statistics.callbackErrors]).toEqual(['p1', 1]);
  });

  test('ends with the connection', async () => {
    const raw = await loopback.rawServer();
    const stream = openStream(loopback.client(), raw.address);
    const { peer } = await opened(raw, stream);
    peer.reset();
    await eventually(() => stream.end !== undefined, 'it ends');
    expect(stream.end).toBe('RMQ_REMOTING_SEND_REQUEST');
  });
});
