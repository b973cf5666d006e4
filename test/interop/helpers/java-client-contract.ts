import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JavaRemotingClient, type JavaSerializeType } from './java-remoting.js';
import type { RocketMQVersion } from './tools.js';

/** Request codes of the servers that the official client is tried against; JavaRemotingServer.java has the same. */
export const InteropCode = {
  /** Answers body and ext fields as they came. */
  ECHO: 20001,
  /** Answers the sum of a JSON array of numbers. */
  SUM: 20002,
  /** Fails with code 20017 and the remark `no such order`. */
  FAIL: 20003,
  /** Streams 1 to n; n is the body. */
  STREAM: 20004,
  /** Answers after the ext field `delayMs`. */
  DELAY: 20005,
  /** Counts; an event. */
  EVENT: 20006,
  /** Answers how many events came. */
  COUNT: 20007,
  /** Served by the client: answers `java:` and the body. */
  CALLED_BACK: 20008,
  /** Calls the caller back with CALLED_BACK and answers what that answered. */
  CALL_BACK: 20009,
  /** Throws. */
  THROW: 20010,
  /** Answers the address of the caller as `host:port`. */
  WHO: 20011,
  /** Not served. */
  UNKNOWN: 20999,
} as const;

/** Ways in which the official client connects and writes its headers. */
const WAYS = [
  { serializeType: 'JSON', tls: false, over: 'TCP' },
  { serializeType: 'ROCKETMQ', tls: false, over: 'TCP' },
  { serializeType: 'JSON', tls: true, over: 'TLS' },
] as const;

/** A server under test. */
export interface ContractTarget {
  readonly address: string;
  /** System properties that the client needs, to trust the certificate of the server. */
  readonly clientProperties?: Readonly<Record<string, string>>;
  readonly close: () => Promise<unknown>;
}

/** How the client of a group of tests writes its headers, and the client itself once the tests run. */
export interface ContractWay {
  readonly serializeType: JavaSerializeType;
  readonly client: () => JavaRemotingClient;
}

const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/**
 * What an official client finds at a server, whoever made it. Run against Java's own server the contract proves itself;
 * run against ours it proves that the client cannot tell the two apart.
 *
 * @param startServer a server that takes TLS connections alone, or none
 * @param more what only our server does
 */
export const describeJavaClientContract = (
  version: RocketMQVersion,
  startServer: (tls: boolean) => Promise<ContractTarget>,
  more?: (way: ContractWay) => void,
): void => {
  describe.each(WAYS)('with $serializeType headers over $over', ({ serializeType, tls }) => {
    let server: ContractTarget;
    let client: JavaRemotingClient;

    beforeAll(async () => {
      server = await startServer(tls);
      const { address, clientProperties = {} } = server;
      client = await JavaRemotingClient.start({
        version,
        address,
        serializeType,
        tls,
        systemProperties: clientProperties,
      });
    });
    afterAll(async () => {
      await client?.kill();
      await server?.close();
    });

    it('is answered byte for byte', async () => {
      const response = await client.invokeSync({ code: InteropCode.ECHO, body: allBytes });
      expect(response).toMatchObject({ code: 0, body: allBytes });
    });

    it('is answered a body of a mebibyte', async () => {
      const body = Buffer.alloc(1_048_576, allBytes);
      const response = await client.invokeSync({ code: InteropCode.ECHO, body });
      expect(response.body.equals(body)).toBe(true);
    });

    it('gets its ext fields back', async () => {
      const ext = { topic: 'orders', flag: 'true', number: '-9223372036854775808', text: 'ä→𝄞 "quoted" \\ \n' };
      const response = await client.invokeSync({ code: InteropCode.ECHO, ext });
      expect(response.ext).toMatchObject(ext);
    });

    it('has each of many concurrent async calls answered with its own answer', async () => {
      const bodies = Array.from({ length: 500 }, (_, index) => `call ${index}`);
      const responses = await Promise.all(bodies.map(body => client.invokeAsync({ code: InteropCode.ECHO, body })));
      expect(responses.map(({ body }) => body.toString())).toEqual(bodies);
    });

    it('has its oneway calls served and not answered', async () => {
      const countOf = async (): Promise<number> =>
        Number((await client.invokeSync({ code: InteropCode.COUNT })).body.toString());
      const before = await countOf();
      await client.invokeOneway({ code: InteropCode.EVENT });
      await client.invokeOneway({ code: InteropCode.EVENT });
      let count = before;
      while (count < before + 2) count = await countOf();
      expect(count).toBe(before + 2);
    });

    it('gets an error of the handler as response code and remark', async () => {
      const response = await client.invokeSync({ code: InteropCode.FAIL });
      expect(response).toMatchObject({ code: 20017, remark: 'no such order' });
    });

    it('gets SYSTEM_ERROR when the handler throws', async () => {
      expect(await client.invokeSync({ code: InteropCode.THROW })).toMatchObject({ code: 1 });
      expect(await client.invokeAsync({ code: InteropCode.THROW })).toMatchObject({ code: 1 });
    });

    it('gets REQUEST_CODE_NOT_SUPPORTED for a code that nobody serves', async () => {
      const response = await client.invokeSync({ code: InteropCode.UNKNOWN });
      expect(response).toMatchObject({ code: 3, remark: ' request type 20999 not supported' });
    });

    it('keeps its connection over an answer that comes too late', async () => {
      const who = async (): Promise<string> => (await client.invokeSync({ code: InteropCode.WHO })).body.toString();
      const before = await who();
      const late = client.invokeSync({ code: InteropCode.DELAY, ext: { delayMs: '600' }, timeoutMs: 200 });
      await expect(late).rejects.toMatchObject({ name: 'RemotingTimeoutException' });
      // Longer than what is left of the delay: the late answer has come when this one does.
      await client.invokeSync({ code: InteropCode.DELAY, ext: { delayMs: '600' } });
      expect(await who()).toBe(before);
      const { onChannelConnect, onChannelClose } = await client.events();
      expect({ onChannelConnect, onChannelClose }).toEqual({ onChannelConnect: 1, onChannelClose: undefined });
    });

    it('times out an async call and goes on', async () => {
      // The official client looks for async calls over time once a second, and grants each a second more.
      const late = client.invokeAsync({ code: InteropCode.DELAY, ext: { delayMs: '4000' }, timeoutMs: 200 });
      await expect(late).rejects.toMatchObject({ name: 'RemotingTimeoutException' });
      expect(await client.invokeAsync({ code: InteropCode.ECHO, body: 'on' })).toMatchObject({ code: 0 });
    });

    it('is called back by the server over its own connection', async () => {
      const response = await client.invokeSync({ code: InteropCode.CALL_BACK, body: 'wie geht es?' });
      expect(response).toMatchObject({ code: 0, body: Buffer.from('java:wie geht es?') });
    });

    more?.({ serializeType, client: () => client });
  });
};
