import { expect, test } from '@jest/globals';
import { RemotingCommand } from '../../src/protocol/remoting-command.js';
import { RemotingClient } from '../../src/remoting/remoting-client.js';
import { RemotingServer } from '../../src/remoting/remoting-server.js';

test.each(['JSON', 'ROCKETMQ'] as const)('a call and its answer, %s headers', async serializeType => {
  const server = new RemotingServer({ port: 0 });
  server.registerProcessor(20001, {
    processRequest: (_channel, request) =>
      RemotingCommand.createResponseCommand(0, 'ok', request.body, request.extFields),
  });
  await server.start();
  const client = new RemotingClient({ serializeType });
  client.start();
  const address = `127.0.0.1:${server.localListenPort()}`;
  const response = await client.invokeSync(
    address,
    new RemotingCommand({ code: 20001, extFields: { a: 'ä"\\', b: '' }, body: Buffer.from([0, 255]) }),
  );
  expect({ ...response.extFields }).toEqual(serializeType === 'JSON' ? { a: 'ä"\\', b: '' } : { a: 'ä"\\', b: '' });
  expect(response.remark).toBe('ok');
  expect(response.body).toEqual(Buffer.from([0, 255]));
  await expect(client.invokeSync(address, new RemotingCommand({ code: 999 }))).resolves.toMatchObject({
    code: 3,
    remark: ' request type 999 not supported',
  });
  await expect(client.invokeSync('127.0.0.1:1', new RemotingCommand({ code: 999 }))).rejects.toMatchObject({
    code: 'RMQ_REMOTING_CONNECT',
    stack: expect.stringContaining('remoting-smoke.spec'),
  });
  await client.invokeOneway(address, new RemotingCommand({ code: 20001 }));
  await client.shutdown();
  await server.shutdown();
  expect(client.core.semaphoreAsync.availablePermits).toBe(65535);
  expect(client.core.semaphoreOneway.availablePermits).toBe(65535);
});
