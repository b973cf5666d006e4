import { expect, test } from '@jest/globals';
import { RemotingSendRequestError } from '../../../src/errors/remoting-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { frameOf } from '../../helpers/raw-peer.js';

const loopback = useLoopback();
const BIG = 20002;
const bigAnswer = Buffer.alloc(1_000_000);

const p99 = (durations: number[]): number =>
  durations.toSorted((a, b) => a - b)[Math.floor(durations.length * 0.99)] ?? 0;

test('a peer that asks and never reads is closed at maxUnsentBytes; the others go on', async () => {
  const server = await loopback.server({ maxUnsentBytes: 4_000_000 }, { [ECHO]: echo });
  server.registerProcessor(BIG, {
    processRequest: () => RemotingCommand.createResponseCommand(0, undefined, bigAnswer),
  });
  const client = loopback.client();
  const timed = async (): Promise<number> => {
    const begun = performance.now();
    await client.invokeSync(server.address, echoRequest('x'));
    return performance.now() - begun;
  };
  const before: number[] = [];
  for (let count = 0; count < 300; count++) before.push(await timed());

  const peer = await loopback.rawClient(server.localListenPort());
  peer.socket.pause();
  const during: number[] = [];
  const request = frameOf({ code: BIG });
  while (server.statistics.slowReaders === 0 && during.length < 300) {
    peer.send(request);
    during.push(await timed());
  }
  peer.socket.resume();
  await peer.closed;
  expect(server.statistics.slowReaders).toBe(1);
  expect(server.statistics.channelEvents.EXCEPTION).toBe(1);
  // twice the time of before, and what a timer and a full machine may add
  expect(p99(during)).toBeLessThan(2 * p99(before) + 50);
  expect(client.statistics.reconnects).toBe(0);
});

test('a server that never reads costs the calls to it, and no other', async () => {
  const raw = await loopback.rawServer();
  const healthy = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client({ maxUnsentBytes: 2_000_000 });
  await client.connect(raw.address);
  (await raw.peer()).socket.pause();
  const calls = Array.from({ length: 30 }, () => client.invokeSync(raw.address, echoRequest(bigAnswer), 10_000));
  const settled = Promise.allSettled(calls);
  expect((await client.invokeSync(healthy.address, echoRequest('x'))).bodyText).toBe('x');
  const results = await settled;
  expect(results.every(each => each.status === 'rejected' && each.reason instanceof RemotingSendRequestError)).toBe(
    true,
  );
  // calls after the close connect again, to a server that is as slow
  expect(client.statistics.slowReaders).toBeGreaterThanOrEqual(1);
});

test('isChannelWritable says when too much waits, and true where there is no channel', async () => {
  const raw = await loopback.rawServer();
  const client = loopback.client();
  expect(client.isChannelWritable(raw.address)).toBe(true);
  const channel = await client.connect(raw.address);
  const peer = await raw.peer();
  peer.socket.pause();
  const calls = [1, 2].map(() => client.invokeOneway(raw.address, echoRequest(Buffer.alloc(8_000_000)), 10_000));
  await eventually(() => channel.unsentBytes > 65_536, 'the kernel takes no more');
  expect(client.isChannelWritable(raw.address)).toBe(false);
  peer.socket.resume();
  await Promise.all(calls);
  expect(client.isChannelWritable(raw.address)).toBe(true);
});
