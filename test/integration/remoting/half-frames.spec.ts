import { expect, test } from '@jest/globals';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { frameOf } from '../../helpers/raw-peer.js';

// the sweep that looks for half frames runs each second
const loopback = useLoopback();

test('a peer that sends half a frame and stops is closed after frameTimeoutMs, no other', async () => {
  const server = await loopback.server({ frameTimeoutMs: 50 }, { [ECHO]: echo });
  const client = loopback.client();
  await client.invokeSync(server.address, echoRequest());
  const halves = [1, 4, 7, 8, 20];
  const peers = await Promise.all(halves.map(() => loopback.rawClient(server.localListenPort())));
  const frame = frameOf({ code: ECHO, body: Buffer.alloc(100) });
  peers.forEach((peer, at) => peer.send(frame.subarray(0, halves[at])));
  await Promise.all(peers.map(peer => peer.closed));
  expect(server.statistics.codecErrors).toBe(halves.length);
  expect((await client.invokeSync(server.address, echoRequest('still'))).bodyText).toBe('still');
});

test('a trickle of bytes that never ends a frame does not buy time', async () => {
  const server = await loopback.server({ frameTimeoutMs: 300 }, { [ECHO]: echo });
  const peer = await loopback.rawClient(server.localListenPort());
  const frame = frameOf({ code: ECHO, body: Buffer.alloc(10_000) });
  let sent = 0;
  const trickle = setInterval(() => {
    peer.send(frame.subarray(sent, sent + 10));
    sent += 10;
  }, 10);
  await peer.closed;
  clearInterval(trickle);
  expect(sent).toBeLessThan(frame.length);
});

test('a stream of whole frames that are cut anywhere lives on, however long it never pauses between two', async () => {
  const server = await loopback.server({ frameTimeoutMs: 300 }, { [ECHO]: echo });
  const peer = await loopback.rawClient(server.localListenPort());
  const frame = frameOf({ code: ECHO });
  // each piece ends one frame and begins the next
  peer.send(frame.subarray(0, 10));
  let sent = 0;
  const flow = setInterval(() => {
    sent++;
    peer.send(Buffer.concat([frame.subarray(10), frame.subarray(0, 10)]));
  }, 10);
  await eventually(() => sent >= 250, 'two sweeps and a half have passed', 10_000);
  clearInterval(flow);
  expect(peer.isClosed).toBe(false);
  expect(server.statistics.codecErrors).toBe(0);
  await peer.take(sent);
});

test('frameTimeoutMs 0 waits for ever', async () => {
  const server = await loopback.server({ frameTimeoutMs: 0, idleTimeoutMs: 0 }, { [ECHO]: echo });
  const peer = await loopback.rawClient(server.localListenPort());
  const frame = frameOf({ code: ECHO, body: 'late' });
  peer.send(frame.subarray(0, 9));
  await new Promise(resolve => setTimeout(resolve, 1200));
  peer.send(frame.subarray(9));
  expect((await peer.next()).bodyText).toBe('late');
});
