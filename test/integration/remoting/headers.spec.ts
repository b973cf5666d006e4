import { describe, expect, test } from '@jest/globals';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { useLoopback } from '../../helpers/loopback.js';
import { rawFrame } from '../../helpers/raw-peer.js';

const loopback = useLoopback();

describe('the form of headers', () => {
  test.each(['JSON', 'ROCKETMQ'] as const)(
    '%s: code, ext fields, remark and body go and come back',
    async serializeType => {
      const server = await loopback.server();
      server.registerProcessor(ECHO, {
        processRequest: (_channel, request) =>
          RemotingCommand.createResponseCommand(20_099, `re "${request.remark}"`, request.body, request.extFields),
      });
      const client = loopback.client({ serializeType });
      const extFields = { topic: 'ä"\\\n', 'a key': '😀', ['__proto__']: 'x', number: '9007199254740993' };
      const body = Buffer.from([0, 255, 10]);
      const request = new RemotingCommand({ code: ECHO, extFields, remark: 'größe', body });
      const answer = await client.invokeSync(server.address, request);
      expect({ ...answer.extFields }).toEqual(extFields);
      expect(answer).toMatchObject({ code: 20_099, remark: 're "größe"', serializeType, version: 513 });
      expect(answer.body).toEqual(body);
    },
  );

  test('a connection takes both at once; a call may ask for one', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    const forms = ['ROCKETMQ', 'JSON', undefined] as const;
    const calls = forms.map(serializeType =>
      client.invokeSync(server.address, new RemotingCommand({ code: ECHO, serializeType })),
    );
    expect((await Promise.all(calls)).map(answer => answer.serializeType)).toEqual(['ROCKETMQ', 'JSON', 'JSON']);
    expect(server.statistics.connectionsOpened).toBe(1);
  });

  test.each([
    [32_767, 'ROCKETMQ'],
    [32_768, 'JSON'],
    [200_050, 'JSON'],
    [-32_768, 'ROCKETMQ'],
    [-32_769, 'JSON'],
  ])('a code that int16 cannot hold goes as JSON: %i as %s', async (code, form) => {
    const raw = await loopback.rawServer();
    const client = loopback.client({ serializeType: 'ROCKETMQ' });
    const call = client.invokeSync(raw.address, new RemotingCommand({ code }));
    const peer = await raw.peer();
    const request = await peer.next();
    expect([request.code, request.serializeType]).toEqual([code, form]);
    peer.answer(request);
    await call;
  });

  test('so does such a response code, to a request in ROCKETMQ form', async () => {
    const server = await loopback.server();
    server.registerProcessor(ECHO, { processRequest: () => RemotingCommand.createResponseCommand(40_000) });
    const client = loopback.client({ serializeType: 'ROCKETMQ' });
    await expect(client.invokeSync(server.address, echoRequest())).resolves.toMatchObject({
      code: 40_000,
      serializeType: 'JSON',
    });
  });
});

describe('language', () => {
  test.each([
    [475, 'OTHER'],
    [476, 'OTHER'],
    [477, 'NODE_JS'],
    [513, 'NODE_JS'],
  ])('is OTHER until the peer has said a version from 477 on: after %i it is %s', async (version, language) => {
    const raw = await loopback.rawServer();
    const client = loopback.client();
    const first = client.invokeSync(raw.address, echoRequest());
    const peer = await raw.peer();
    const request = await peer.next();
    expect([request.language, request.version]).toEqual(['OTHER', 513]);
    peer.answer(request, { version });
    await first;
    const second = client.invokeSync(raw.address, echoRequest());
    const next = await peer.next();
    expect(next.language).toBe(language);
    peer.answer(next);
    await second;
  });

  test('is learnt for each connection by itself, and by a server from requests', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const [old, current] = [
      await loopback.rawClient(server.localListenPort()),
      await loopback.rawClient(server.localListenPort()),
    ];
    old.request({ code: ECHO, version: 401, language: 'JAVA' });
    current.request({ code: ECHO, version: 513, language: 'JAVA' });
    expect((await old.next()).language).toBe('OTHER');
    expect((await current.next()).language).toBe('NODE_JS');
  });

  test('is what the option says, from the first header on', async () => {
    const raw = await loopback.rawServer();
    const client = loopback.client({ language: 'GO', version: 399, serializeType: 'ROCKETMQ' });
    const call = client.invokeSync(raw.address, echoRequest());
    const peer = await raw.peer();
    const request = await peer.next();
    expect([request.language, request.version]).toEqual(['GO', 399]);
    peer.answer(request, { version: 513 });
    await call;
  });

  test('of a peer that no release knows does no harm', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const peer = await loopback.rawClient(server.localListenPort());
    for (const language of ['"KLINGON"', '99', 'null', '""']) {
      peer.send(rawFrame(`{"code":${ECHO},"language":${language},"opaque":3,"version":513}`));
      expect((await peer.next()).opaque).toBe(3);
    }
  });
});
