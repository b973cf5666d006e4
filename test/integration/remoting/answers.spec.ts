import { describe, expect, test } from '@jest/globals';
import { RemotingTimeoutError } from '../../../src/errors/remoting-errors.js';
import type { RemotingClient } from '../../../src/remoting/remoting-client.js';
import { echo, ECHO, echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { RecordingLogger } from '../../helpers/recording-logger.js';

const loopback = useLoopback();

const lateReplies = (client: RemotingClient, count: number): Promise<void> =>
  eventually(() => client.statistics.lateReplies === count, `${count} late replies`);

const setOpaque = (client: RemotingClient, opaque: number): void => {
  (client.core as unknown as { opaque: number }).opaque = opaque;
};

describe('an answer', () => {
  test('that comes late is counted, said at debug level, nothing more', async () => {
    const raw = await loopback.rawServer();
    const logger = new RecordingLogger();
    const client = loopback.client({ logger });
    const call = client.invokeSync(raw.address, echoRequest(), 40);
    const peer = await raw.peer();
    const request = await peer.next();
    await expect(call).rejects.toThrow(RemotingTimeoutError);
    peer.answer(request);
    await lateReplies(client, 1);
    expect(logger.lines).toEqual([`debug late reply ${request.opaque} from ${raw.address}`]);
    const next = client.invokeSync(raw.address, echoRequest());
    peer.answer(await peer.next(), { body: 'next' });
    expect((await next).bodyText).toBe('next');
  });

  test('that comes twice counts once', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const call = client.invokeSync(raw.address, echoRequest());
    const peer = await raw.peer();
    const request = await peer.next();
    peer.answer(request, { body: 'first' });
    peer.answer(request, { body: 'second' });
    expect((await call).bodyText).toBe('first');
    await lateReplies(client, 1);
  });

  test.each([-1, 0, 99, 0x7fffffff, -0x80000000])(
    'to a call that was never made (opaque %i) ends none',
    async opaque => {
      const raw = await loopback.rawServer();
      const client = loopback.client();
      const call = client.invokeSync(raw.address, echoRequest());
      const peer = await raw.peer();
      const request = await peer.next();
      peer.answer(request, { opaque });
      await lateReplies(client, 1);
      peer.answer(request, { body: 'right' });
      expect((await call).bodyText).toBe('right');
    },
  );

  test('on another connection than was asked ends nothing: no peer answers for another', async () => {
    const [raw, other] = [await loopback.rawServer(), await loopback.rawServer()];
    const client = loopback.client();
    const call = client.invokeSync(raw.address, echoRequest());
    await client.connect(other.address);
    const [peer, foreigner] = [await raw.peer(), await other.peer()];
    const request = await peer.next();
    foreigner.answer(request, { body: 'forged' });
    await lateReplies(client, 1);
    peer.answer(request, { body: 'true' });
    expect((await call).bodyText).toBe('true');
  });

  test('of a connection before does not end a call on the one after', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const before = client.invokeSync(raw.address, echoRequest()).catch((error: unknown) => error);
    const first = await raw.peer();
    const request = await first.next();
    first.reset();
    await before;
    const call = client.invokeSync(raw.address, echoRequest());
    const second = await raw.peer();
    const again = await second.next();
    second.answer(request, { body: 'old' });
    await lateReplies(client, 1);
    second.answer(again, { body: 'new' });
    expect((await call).bodyText).toBe('new');
  });

  test('that is a oneway response, or whose header says a request, ends nothing', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const call = client.invokeSync(raw.address, echoRequest());
    const peer = await raw.peer();
    const request = await peer.next();
    peer.answer(request, { flag: 0, code: 999 });
    // it is a request to the client, which serves no such code
    expect(await peer.next()).toMatchObject({ code: 3, remark: ' request type 999 not supported' });
    peer.answer(request, { body: 'right' });
    expect((await call).bodyText).toBe('right');
  });

  test('comes in any order', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const calls = [0, 1, 2, 3].map(at => client.invokeSync(raw.address, echoRequest(String(at))));
    const peer = await raw.peer();
    const requests = await peer.take(4);
    for (const request of requests.toReversed()) peer.answer(request, { body: `re ${request.bodyText}` });
    expect((await Promise.all(calls)).map(answer => answer.bodyText)).toEqual(['re 0', 're 1', 're 2', 're 3']);
  });
});

describe('opaque', () => {
  test('wraps round to 1 and passes over numbers that are in flight', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const pending = [1, 2].map(() => client.invokeSync(raw.address, echoRequest()));
    const peer = await raw.peer();
    const first = await peer.take(2);
    expect(first.map(request => request.opaque)).toEqual([1, 2]);
    setOpaque(client, 0x7ffffffe);
    const later = [1, 2, 3].map(() => client.invokeSync(raw.address, echoRequest()));
    const second = await peer.take(3);
    expect(second.map(request => request.opaque)).toEqual([0x7fffffff, 3, 4]);
    for (const request of [...second, ...first]) peer.answer(request, { body: String(request.opaque) });
    const bodies = (await Promise.all([...pending, ...later])).map(answer => answer.bodyText);
    expect(bodies).toEqual(['1', '2', '2147483647', '3', '4']);
  });

  test('is counted for each client by itself', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    for (const client of [loopback.client(), loopback.client()]) {
      expect((await client.invokeSync(server.address, echoRequest())).opaque).toBe(1);
    }
  });
});
