import { expect, test } from '@jest/globals';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RemotingClient } from '../../../src/remoting/remoting-client.js';
import { RemotingServer } from '../../../src/remoting/remoting-server.js';

test('bodies around the size that is sent without a copy arrive whole and in order, between small ones', async () => {
  const server = new RemotingServer({ port: 0 });
  server.registerProcessor(20001, {
    processRequest: (_channel, request) => RemotingCommand.createResponseCommand(0, undefined, request.body),
  });
  await server.start();
  const client = new RemotingClient();
  client.start();
  const sizes = [1, 32_767, 32_768, 5, 65_536, 0, 1_000_000, 40_000, 7, 4_194_304, 3];
  const bodies = sizes.map((size, at) => Buffer.alloc(size, at + 1));
  const answers = await Promise.all(
    bodies.map(body =>
      client.invokeSync(
        `127.0.0.1:${server.localListenPort()}`,
        new RemotingCommand({ code: 20001, body, extFields: { size: String(body.length) } }),
      ),
    ),
  );
  for (const [at, answer] of answers.entries()) {
    expect(Buffer.compare(answer.body ?? Buffer.alloc(0), bodies[at] ?? Buffer.alloc(0))).toBe(0);
  }
  expect(client.statistics.bytesSent).toBe(server.statistics.bytesReceived);
  await client.shutdown();
  await server.shutdown();
});
