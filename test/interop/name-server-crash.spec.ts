import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { decodeClusterInfo } from '../../src/protocol/body/cluster-info.js';
import { RemotingCommand } from '../../src/protocol/remoting-command.js';
import { requests } from '../../src/protocol/requests/index.js';
import { ResponseCode } from '../../src/protocol/response-codes.js';
import { RemotingClient } from '../../src/remoting/remoting-client.js';
import { type RealServer, startNameServer } from './helpers/rocketmq.js';
import { describeInterop } from './helpers/tools.js';

const TIMEOUT_MS = 3_000;

describeInterop('our client when a real name server is killed', version => {
  const servers = new Set<RealServer>();
  let client: RemotingClient;

  const start = async (port?: number): Promise<RealServer> => {
    const server = await startNameServer(version, port);
    servers.add(server);
    return server;
  };
  const ask = async (): Promise<number> => {
    const request = RemotingCommand.createRequestCommand(requests.GET_BROKER_CLUSTER_INFO);
    const response = await client.invokeSync(null, request, TIMEOUT_MS);
    decodeClusterInfo(response.body ?? Buffer.alloc(0));
    return response.code;
  };

  beforeEach(() => {
    client = new RemotingClient();
    client.start();
  });
  afterEach(async () => {
    await client.shutdown();
    await Promise.all([...servers].map(server => server.kill()));
    servers.clear();
  });

  it('fails its calls with the address while it is down, and goes on when it is back on its port', async () => {
    const server = await start();
    client.updateNameServerAddressList([server.address]);
    expect(await ask()).toBe(ResponseCode.SUCCESS);

    await server.kill();
    const startedAt = performance.now();
    await expect(ask()).rejects.toMatchObject({
      code: expect.stringMatching(/^RMQ_REMOTING_(?:CONNECT|SEND_REQUEST)$/),
      message: expect.stringContaining(server.address),
    });
    await expect(ask()).rejects.toMatchObject({ code: 'RMQ_REMOTING_CONNECT', retryable: true });
    expect(performance.now() - startedAt).toBeLessThan(2 * TIMEOUT_MS);

    const restarted = await start(server.port);
    expect(restarted.address).toBe(server.address);
    expect(await ask()).toBe(ResponseCode.SUCCESS);
  });

  it('fails the calls that were in flight at once, each with one clear error', async () => {
    const server = await start();
    client.updateNameServerAddressList([server.address]);
    await ask();

    server.freeze();
    const settled = Promise.allSettled(Array.from({ length: 2_000 }, () => ask()));
    const startedAt = performance.now();
    await server.kill();
    const results = await settled;
    expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS);
    for (const result of results) {
      expect(result).toMatchObject({
        reason: { code: 'RMQ_REMOTING_SEND_REQUEST', message: expect.stringContaining(server.address) },
      });
    }
  });

  it('turns to another name server', async () => {
    const [first, second] = [await start(), await start()];
    client.updateNameServerAddressList([first.address, second.address]);
    expect(await ask()).toBe(ResponseCode.SUCCESS);
    const [used] = client.connectedAddresses;

    await (used === first.address ? first : second).kill();
    const other = used === first.address ? second : first;
    // Until the connection is seen to be closed a call may still go there.
    await Promise.allSettled([ask()]);
    expect(await ask()).toBe(ResponseCode.SUCCESS);
    expect(client.connectedAddresses).toEqual([other.address]);
  });
});
