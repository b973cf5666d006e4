import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { useLoopback } from '../../helpers/loopback.js';
import { frameOf, rawFrame } from '../../helpers/raw-peer.js';

const loopback = useLoopback();

const int32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => bytes.writeInt32BE(value, at * 4));
  return bytes;
};
const HEADER = `{"code":${ECHO},"flag":0,"language":"JAVA","opaque":7,"version":513}`;

const broken: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['a negative length', int32(-1, 0)],
  ['the smallest length', int32(-0x80000000, 0)],
  ['a length below 4', int32(3, 0)],
  ['a length over the limit', int32(16_777_217, 0)],
  ['the largest length', int32(0x7fffffff, 0)],
  ['a header longer than its frame', int32(4, 1)],
  ['an unknown serialize type', rawFrame(HEADER, '', 2)],
  ['the largest serialize type', rawFrame(HEADER, '', 255)],
  ['a header over maxHeaderBytes', rawFrame(`{"remark":"${'x'.repeat(2_000_000)}"}`)],
  ['no header', int32(4, 0)],
  ['a header that is no JSON', rawFrame('hello')],
  ['a header that ends in the middle', rawFrame(HEADER.slice(0, -1))],
  ['a header whose end is in the body', rawFrame(HEADER.slice(0, -1), '}')],
  ['ext fields whose end is in the body', rawFrame('{"extFields":{"a":"b"', '}}')],
  ['a JSON array', rawFrame('[1]')],
  ['JSON null', rawFrame('null')],
  ['a code that is a text', rawFrame('{"code":"1"}')],
  ['a code over int32', rawFrame('{"code":2147483648}')],
  ['an opaque that is a fraction', rawFrame('{"code":1,"opaque":1.5}')],
  ['ext fields that are a list', rawFrame('{"code":1,"extFields":["a"]}')],
  ['an ext field that is an object', rawFrame('{"code":1,"extFields":{"a":{}}}')],
  ['a remark that is a number', rawFrame('{"code":1,"remark":5}')],
  ['a ROCKETMQ header that is too short', rawFrame(Buffer.alloc(20), '', 1)],
  ['a ROCKETMQ header with a remark beyond its end', rawFrame(Buffer.concat([Buffer.alloc(13), int32(9, 0)]), '', 1)],
  [
    'a ROCKETMQ header with a remark of negative length',
    rawFrame(Buffer.concat([Buffer.alloc(13), int32(-1, 0)]), '', 1),
  ],
  ['a ROCKETMQ header with ext fields beyond its end', rawFrame(Buffer.concat([Buffer.alloc(13), int32(0, 1)]), '', 1)],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
];

describe('bytes that are no frame', () => {
  test.each(broken)('%s: that connection is closed and counted, no other is disturbed', async (_what, bytes) => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client();
    await client.invokeSync(server.address, echoRequest());
    const peer = await loopback.rawClient(server.localListenPort());
    peer.request({ code: ECHO, opaque: 1, body: 'before' });
    await peer.next();
    peer.send(Buffer.concat([frameOf({ code: ECHO, opaque: 2 }), bytes, frameOf({ code: ECHO, opaque: 3 })]));
    await peer.closed;
    expect(server.statistics.codecErrors).toBe(1);
    expect(server.statistics.channelEvents.EXCEPTION).toBe(1);
    expect((await client.invokeSync(server.address, echoRequest('still'))).bodyText).toBe('still');
    expect(client.statistics.reconnects).toBe(0);
  });

  test.each(broken.slice(0, 12))(
    '%s from a server fails the calls on that connection, at once',
    async (_what, bytes) => {
      const [bad, good] = [await loopback.rawServer(), await loopback.server({}, { [ECHO]: echo })];
      const client = loopback.client();
      const calls = [client.invokeSync(bad.address, echoRequest()), client.invokeSync(bad.address, echoRequest())];
      const other = client.invokeSync(good.address, echoRequest('fine'));
      const peer = await bad.peer();
      await peer.take(2);
      peer.send(bytes);
      for (const call of calls) {
        await expect(call).rejects.toMatchObject({
          code: 'RMQ_REMOTING_SEND_REQUEST',
          cause: expect.objectContaining({ code: 'RMQ_REMOTING_CODEC' }),
        });
      }
      expect((await other).bodyText).toBe('fine');
      expect(client.statistics.codecErrors).toBe(1);
    },
  );
});

test('random bytes never do more than close their own connection', async () => {
  const server = await loopback.server({ frameTimeoutMs: 0 }, { [ECHO]: echo });
  const client = loopback.client();
  const prefix = fc.constantFrom(Buffer.alloc(0), int32(40), int32(40, 32), int32(40, 0x01000020), int32(8, 0, 0));
  await fc.assert(
    fc.asyncProperty(prefix, fc.uint8Array({ minLength: 1, maxLength: 200 }), async (start, bytes) => {
      const peer = await loopback.rawClient(server.localListenPort());
      peer.send(Buffer.concat([start, bytes]));
      peer.socket.end();
      await peer.closed;
      expect((await client.invokeSync(server.address, echoRequest('x'))).bodyText).toBe('x');
    }),
    { numRuns: 150 },
  );
  expect(client.statistics.reconnects).toBe(0);
  expect(server.statistics.callbackErrors).toBe(0);
}, 30_000);

test('a frame cut at every byte arrives whole, both ways', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const peer = await loopback.rawClient(server.localListenPort());
  const frame = frameOf({ code: ECHO, opaque: 5, extFields: { topic: 'T' }, body: 'äöü' });
  for (let at = 1; at < frame.length; at++) {
    peer.send(frame.subarray(0, at));
    await new Promise(resolve => setImmediate(resolve));
    peer.send(frame.subarray(at));
    const answer = await peer.next();
    expect([answer.opaque, answer.bodyText, answer.extFields?.['topic']]).toEqual([5, 'äöü', 'T']);
  }
});

describe('headers of ill will', () => {
  test('__proto__ among ext fields is a field like others and pollutes nothing', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const peer = await loopback.rawClient(server.localListenPort());
    const evil = '"__proto__":"x","constructor":"y","toString":"z"';
    // by hand, and by JSON.parse (a blank)
    for (const blank of ['', ' ']) {
      peer.send(rawFrame(`{"code":${ECHO},${blank}"opaque":1,"flag":0,"extFields":{${evil}}}`));
      const { extFields } = await peer.next();
      const all = { ...extFields };
      expect(Object.keys(all)).toEqual(['__proto__', 'constructor', 'toString']);
      expect(Object.values(all)).toEqual(['x', 'y', 'z']);
    }
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    peer.send(rawFrame(`{"code":${ECHO},"opaque":2,"__proto__":{"isResponse":true},"flag":0}`));
    expect((await peer.next()).opaque).toBe(2);
  });

  test('of a key that comes twice the last one counts', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const peer = await loopback.rawClient(server.localListenPort());
    for (const blank of ['', ' ']) {
      peer.send(rawFrame(`{"code":1,"code":${ECHO},${blank}"opaque":1,"opaque":9,"extFields":{"a":"1","a":"2"}}`));
      const answer = await peer.next();
      expect([answer.opaque, answer.extFields?.['a']]).toEqual([9, '2']);
    }
  });

  test('10 MB of ext fields are over the limit unless it is raised', async () => {
    const extFields = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`k${at}`, 'v'.repeat(1024 * 1024)]));
    const strict = await loopback.server({}, { [ECHO]: echo });
    const peer = await loopback.rawClient(strict.localListenPort());
    peer.request({ code: ECHO, extFields });
    await peer.closed;
    expect(strict.statistics.codecErrors).toBe(1);
    const wide = await loopback.server({ maxHeaderBytes: 0xffffff }, { [ECHO]: echo });
    const client = loopback.client({ maxHeaderBytes: 0xffffff });
    const request = echoRequest();
    request.extFields = extFields;
    const answer = await client.invokeSync(wide.address, request, 20_000);
    expect(Object.keys(answer.extFields ?? {})).toHaveLength(10);
  }, 30_000);

  test('a header nested a hundred thousand deep is refused without harm', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const peer = await loopback.rawClient(server.localListenPort());
    peer.send(rawFrame(`{"code":1,"extFields":${'['.repeat(100_000)}${']'.repeat(100_000)}}`));
    await peer.closed;
    expect(server.statistics.codecErrors).toBe(1);
  });
});

describe('what cannot be sent', () => {
  test.each([
    [
      'a body over maxFrameBytes',
      { body: Buffer.alloc(2000) },
      /the frame has at least 2\d{3} bytes, maxFrameBytes allows 1024/,
    ],
    ['a text over maxFrameBytes', { body: 'x'.repeat(2000) }, /maxFrameBytes allows 1024/],
    ['a header over maxHeaderBytes', { remark: 'x'.repeat(300) }, /maxHeaderBytes allows 256/],
    ['a code that is no int32', { code: 1.5 }, /code 1.5 is no 32-bit integer/],
    [
      'an ext field that is no string',
      { extFields: { delayMs: 5 as never } },
      /"delayMs" is no string but of type number/,
    ],
    ['a remark that is no string', { remark: new Error('x') as never }, /the remark is no string but of type object/],
    // its length was taken for undefined, and every later frame of the connection was lost
    [
      'a body that is a number',
      { body: 5 as never },
      /the body is neither bytes \(Uint8Array\) nor text but of type number/,
    ],
    ['a body that is null', { body: null as never }, /nor text but null/],
    ['a body of wider numbers', { body: new Uint16Array(2) as never }, /nor text but of type object/],
  ])('%s fails that call only and leaves the connection', async (_what, init, message) => {
    const server = await loopback.server({}, { [ECHO]: echo });
    const client = loopback.client({ maxFrameBytes: 1024, maxHeaderBytes: 256 });
    const bad = (): RemotingCommand => new RemotingCommand({ code: ECHO, ...init });
    const good = client.invokeSync(server.address, echoRequest('good'));
    for (const call of [client.invokeSync(server.address, bad()), client.invokeOneway(server.address, bad())]) {
      await expect(call).rejects.toMatchObject({
        code: 'RMQ_REMOTING_COMMAND',
        message: expect.stringMatching(message),
      });
    }
    expect((await good).bodyText).toBe('good');
    expect((await client.invokeSync(server.address, echoRequest('after'))).bodyText).toBe('after');
    expect(client.statistics.reconnects).toBe(0);
  });

  test('a response over the limits becomes SYSTEM_ERROR', async () => {
    const server = await loopback.server({ maxFrameBytes: 1024 }, {});
    server.registerProcessor(ECHO, {
      processRequest: () => RemotingCommand.createResponseCommand(0, undefined, Buffer.alloc(2000)),
    });
    const client = loopback.client();
    await expect(client.invokeSync(server.address, echoRequest())).resolves.toMatchObject({
      code: 1,
      remark: 'the response cannot be sent: it breaks the frame limits',
    });
  });
});
