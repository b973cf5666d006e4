import { expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { echo, ECHO, echoRequest } from '../../helpers/echo.js';
import { useLoopback } from '../../helpers/loopback.js';

const loopback = useLoopback();

test('what is printed of a client and a server holds no keys and nothing that was sent', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const client = loopback.client({ tls: { passphrase: 'secret' }, keepAliveMs: 0 });
  const plain = loopback.client();
  await plain.invokeSync(server.address, echoRequest('a body'));
  expect(inspect({ client }, { depth: 20, showHidden: true })).toBe(
    '{ client: RemotingClient (started, 0 connections, 0 calls) }',
  );
  expect(inspect(server, { depth: 20 })).toBe('RemotingServer (started, 1 connections, 0 calls)');
});
