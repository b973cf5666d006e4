import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MQVersion } from '../../src/protocol/mq-version.js';
import { RemotingCommand, type ExtFields } from '../../src/protocol/remoting-command.js';
import { RemotingClient } from '../../src/remoting/remoting-client.js';
import { InteropCode } from './helpers/java-client-contract.js';
import { type JavaRemotingServer, startJavaRemotingServer } from './helpers/java-remoting.js';
import { describeInterop } from './helpers/tools.js';

const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const TIMEOUT_MS = 10_000;

const WAYS = [
  { serializeType: 'JSON', over: 'TCP', tls: false },
  { serializeType: 'ROCKETMQ', over: 'TCP', tls: false },
  // The official server makes itself a certificate, which nobody can trust, where it is given none.
  { serializeType: 'JSON', over: 'TLS', tls: { rejectUnauthorized: false } },
] as const;

const requestOf = (code: number, body?: Buffer | string, extFields?: ExtFields): RemotingCommand =>
  new RemotingCommand({ code, body, extFields });

describeInterop('our client at the official server', version => {
  let server: JavaRemotingServer;

  beforeAll(async () => {
    server = await startJavaRemotingServer({ version });
  });
  afterAll(() => server?.kill());

  describe.each(WAYS)('with $serializeType headers over $over', ({ serializeType, tls }) => {
    let client: RemotingClient;

    beforeAll(() => {
      client = new RemotingClient({ serializeType, tls });
      client.registerProcessor(InteropCode.CALLED_BACK, {
        processRequest: (_channel, { bodyText, extFields }) =>
          RemotingCommand.createResponseCommand(0, undefined, `node:${bodyText}`, extFields),
      });
      client.start();
    });
    afterAll(() => client.shutdown());

    const invoke = (
      code: number,
      body?: Buffer | string,
      ext?: ExtFields,
      timeoutMs = TIMEOUT_MS,
    ): Promise<RemotingCommand> => client.invokeSync(server.address, requestOf(code, body, ext), timeoutMs);
    const countOf = async (): Promise<number> => Number((await invoke(InteropCode.COUNT)).bodyText);
    const viaCallback = (body: string): Promise<RemotingCommand | undefined> =>
      new Promise((operationSucceed, operationFail) => {
        const callback = { operationSucceed, operationFail };
        client.invokeAsync(server.address, requestOf(InteropCode.ECHO, body), TIMEOUT_MS, callback);
      });
    const who = async (): Promise<string> => (await invoke(InteropCode.WHO)).bodyText;

    it('is encrypted where it is meant to be', async () => {
      expect((await client.connect(server.address)).secure).toBe(tls !== false);
    });

    it('is read by Java as it was sent', async () => {
      const ext = { topic: 'orders', flag: 'true', number: '-9223372036854775808', text: 'ä→𝄞 "quoted" \\ \n' };
      await invoke(InteropCode.ECHO);
      const response = await invoke(InteropCode.ECHO, allBytes, ext);
      expect(response.code).toBe(0);
      expect(response.body).toEqual(allBytes);
      expect(response.extFields).toEqual({
        ...ext,
        'seen.code': String(InteropCode.ECHO),
        'seen.serializeType': serializeType,
        'seen.version': String(MQVersion.V5_5_0),
        'seen.language': version === '4.9.7' ? 'OTHER' : 'NODE_JS',
      });
    });

    it('is answered a body of a mebibyte', async () => {
      const body = Buffer.alloc(1_048_576, allBytes);
      expect((await invoke(InteropCode.ECHO, body)).body?.equals(body)).toBe(true);
    });

    it('has each of many concurrent calls answered with its own answer, to promises and callbacks', async () => {
      const bodies = Array.from({ length: 500 }, (_, index) => `call ${index}`);
      const [sync, async] = await Promise.all([
        Promise.all(bodies.map(body => invoke(InteropCode.ECHO, body))),
        Promise.all(bodies.map(viaCallback)),
      ]);
      expect(sync.map(response => response.bodyText)).toEqual(bodies);
      expect(async.map(response => response?.bodyText)).toEqual(bodies);
    });

    it('has its oneway calls served', async () => {
      const before = await countOf();
      await client.invokeOneway(server.address, requestOf(InteropCode.EVENT), TIMEOUT_MS);
      await client.invokeOneway(server.address, requestOf(InteropCode.EVENT), TIMEOUT_MS);
      let count = before;
      while (count < before + 2) count = await countOf();
      expect(count).toBe(before + 2);
    });

    it('is answered errors as response code and remark', async () => {
      expect(await invoke(InteropCode.FAIL)).toMatchObject({ code: 20017, remark: 'no such order' });
      expect(await invoke(InteropCode.UNKNOWN)).toMatchObject({ code: 3, remark: ' request type 20999 not supported' });
      expect(await invoke(InteropCode.THROW)).toMatchObject({
        code: 1,
        remark: expect.stringContaining('IllegalStateException: thrown by the handler'),
      });
    });

    it('keeps its connection over an answer that comes too late', async () => {
      const before = await who();
      const { lateReplies } = client.statistics;
      await expect(invoke(InteropCode.DELAY, undefined, { delayMs: '600' }, 200)).rejects.toMatchObject({
        code: 'RMQ_REMOTING_TIMEOUT',
      });
      // Longer than what is left of the delay: the late answer has come when this one does.
      await invoke(InteropCode.DELAY, undefined, { delayMs: '600' });
      expect(client.statistics.lateReplies).toBe(lateReplies + 1);
      expect(await who()).toBe(before);
    });

    it('is called back by the server over its own connection', async () => {
      const response = await invoke(InteropCode.CALL_BACK, 'wie geht es?', { from: 'node' });
      expect(response).toMatchObject({ code: 0, bodyText: 'node:wie geht es?' });
      expect(response.extFields).toMatchObject({ from: 'node', 'seen.serializeType': serializeType });
    });

    it('leaves nothing behind', () => {
      expect(client.core.responseTable.size).toBe(0);
      expect(client.core.semaphoreAsync.availablePermits).toBe(client.core.semaphoreAsync.limit);
      expect(client.core.semaphoreOneway.availablePermits).toBe(client.core.semaphoreOneway.limit);
    });
  });
});
