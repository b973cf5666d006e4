import { describe, expect, test } from '@jest/globals';
import { OptionsError } from '../../../src/errors/options.js';
import { AbortProcessError } from '../../../src/errors/response-errors.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import type { RequestProcessor } from '../../../src/remoting/request-processor.js';
import type { RequestTask } from '../../../src/remoting/request-task.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { frameOf } from '../../helpers/raw-peer.js';
import { RecordingLogger } from '../../helpers/recording-logger.js';

const loopback = useLoopback();
const BUSY = 2;

// taken as they were, requests would wait for ever, or a misspelt limit be none
test.each<[limits: object, fault: string]>([
  [{ concurrency: 0 }, '"concurrency" must be a whole number of at least 1, or Infinity'],
  [{ concurrency: Number.NaN, queue: -1 }, '"queue" must be a whole number of at least 0, or Infinity'],
  [{ concurency: 3 }, 'unknown option "concurency", did you mean "concurrency"?'],
])('limits that are none are refused: %j', async (limits, fault) => {
  const server = await loopback.server();
  for (const register of [
    () => server.registerProcessor(ECHO, echo, limits),
    () => server.registerDefaultProcessor(echo, limits),
  ]) {
    expect(register).toThrow(OptionsError);
    expect(register).toThrow(fault);
  }
  server.registerProcessor(ECHO, echo, { concurrency: Number.POSITIVE_INFINITY, queue: 0 });
});

/** A processor whose requests wait until `finish()` is called, in the order of their start. */
class Held {
  readonly running: RequestTask[] = [];
  readonly started: string[] = [];

  asyncProcessRequest(task: RequestTask): void {
    this.running.push(task);
    this.started.push(task.request.bodyText);
  }

  finish(): void {
    const task = this.running.shift();
    task?.complete(RemotingCommand.createResponseCommand(0, undefined, task.request.body));
  }
}

describe('a code without a processor', () => {
  test('is answered REQUEST_CODE_NOT_SUPPORTED in the words of Java', async () => {
    const server = await loopback.server();
    const client = loopback.client();
    await expect(client.invokeSync(server.address, new RemotingCommand({ code: 999 }))).resolves.toMatchObject({
      code: 3,
      remark: ' request type 999 not supported',
    });
  });

  test('goes to the default processor where there is one', async () => {
    const server = await loopback.server({}, { [ECHO]: echo });
    server.registerDefaultProcessor({
      processRequest: (_channel, request) => RemotingCommand.createResponseCommand(0, `default ${request.code}`),
    });
    const client = loopback.client();
    expect((await client.invokeSync(server.address, new RemotingCommand({ code: 5 }))).remark).toBe('default 5');
    expect((await client.invokeSync(server.address, echoRequest('x'))).bodyText).toBe('x');
    expect(server.getProcessorPair(ECHO)?.processor).toBe(echo);
    expect(server.getProcessorPair(5)).toBe(server.dispatcher.defaultPair);
  });
});

describe('SYSTEM_BUSY', () => {
  test('at once when the processor rejects', async () => {
    let full = true;
    const server = await loopback.server({}, { [ECHO]: { ...echo, rejectRequest: () => full } });
    const client = loopback.client();
    await expect(client.invokeSync(server.address, echoRequest())).resolves.toMatchObject({
      code: BUSY,
      remark: '[REJECTREQUEST]system busy, start flow control for a while',
    });
    full = false;
    await expect(client.invokeSync(server.address, echoRequest())).resolves.toMatchObject({ code: 0 });
    expect(server.getProcessorPair(ECHO)?.rejected).toBe(1);
  });

  test('at once when as many run and wait as may; the others are served in order', async () => {
    const logger = new RecordingLogger();
    const held = new Held();
    const server = await loopback.server({ logger });
    server.registerProcessor(ECHO, held, { concurrency: 2, queue: 3 });
    const pair = server.getProcessorPair(ECHO);
    const client = loopback.client();
    const calls = Array.from({ length: 8 }, (_, at) => client.invokeSync(server.address, echoRequest(String(at))));
    const busy = await Promise.all(calls.slice(5));
    for (const answer of busy) {
      expect(answer).toMatchObject({ code: BUSY, remark: '[OVERLOAD]system busy, start flow control for a while' });
    }
    expect([pair?.active, pair?.queueLength, pair?.rejected]).toEqual([2, 3, 3]);
    for (let count = 0; count < 5; count++) held.finish();
    const answers = await Promise.all(calls.slice(0, 5));
    expect(answers.map(answer => answer.bodyText)).toEqual(['0', '1', '2', '3', '4']);
    expect(held.started).toEqual(['0', '1', '2', '3', '4']);
    expect([pair?.active, pair?.queueLength]).toEqual([0, 0]);
    // said once in ten seconds
    expect(logger.lines.filter(line => line.includes('[OVERLOAD]'))).toHaveLength(1);
  });

  test('is not told to a oneway request, which is dropped and counted', async () => {
    const server = await loopback.server();
    server.registerProcessor(ECHO, new Held(), { concurrency: 1, queue: 0 });
    const peer = await loopback.rawClient(server.localListenPort());
    for (const opaque of [1, 2]) peer.request({ code: ECHO, flag: 2, opaque });
    peer.request({ code: 999, opaque: 3 });
    expect((await peer.next()).opaque).toBe(3);
    expect(server.getProcessorPair(ECHO)?.rejected).toBe(1);
  });

  test('a hundred thousand waiting requests that end at once need no stack', async () => {
    const server = await loopback.server();
    const held = new Held();
    let first = true;
    server.registerProcessor(
      ECHO,
      {
        asyncProcessRequest: task => {
          if (first) held.asyncProcessRequest(task);
          else task.complete();
          first = false;
        },
      },
      { concurrency: 1, queue: 200_000 },
    );
    const peer = await loopback.rawClient(server.localListenPort());
    const frame = frameOf({ code: ECHO, flag: 2 });
    for (let count = 0; count < 100; count++) peer.send(Buffer.concat(Array.from({ length: 1000 }, () => frame)));
    await eventually(() => server.dispatcher.pending === 100_000, 'all have come', 10_000);
    held.finish();
    expect(server.dispatcher.pending).toBe(0);
  });
});

const throws = (error: unknown): RequestProcessor => ({
  processRequest: () => {
    throw error;
  },
});

describe('an error of a processor', () => {
  test('is answered SYSTEM_ERROR, its words kept for the log', async () => {
    const logger = new RecordingLogger();
    const server = await loopback.server({ logger }, { [ECHO]: throws(new Error('password is 1234')) });
    const client = loopback.client();
    const answer = await client.invokeSync(server.address, echoRequest());
    expect(answer).toMatchObject({ code: 1, remark: 'Internal server error' });
    expect(answer.body).toBeUndefined();
    expect(logger.lines).toEqual([expect.stringMatching(/^error request 20001 from 127\.0\.0\.1:\d+ failed$/)]);
  });

  test('with exposeErrors is described', async () => {
    const server = await loopback.server({ exposeErrors: true }, { [ECHO]: throws(new TypeError('no such order')) });
    const client = loopback.client();
    expect((await client.invokeSync(server.address, echoRequest())).remark).toBe('TypeError: no such order');
  });

  test.each([false, true])('that is an AbortProcessError answers its code and remark (async: %s)', async later => {
    const error = new AbortProcessError(20_017, 'go fish');
    const processor: RequestProcessor = later ? { processRequest: () => Promise.reject(error) } : throws(error);
    const server = await loopback.server({}, { [ECHO]: processor });
    const client = loopback.client();
    expect(await client.invokeSync(server.address, echoRequest())).toMatchObject({ code: 20_017, remark: 'go fish' });
  });

  test('answers nobody when the request was oneway', async () => {
    const server = await loopback.server({}, { [ECHO]: throws(new Error('x')) });
    const peer = await loopback.rawClient(server.localListenPort());
    peer.request({ code: ECHO, flag: 2, opaque: 1 });
    peer.request({ code: 999, opaque: 2 });
    expect((await peer.next()).opaque).toBe(2);
    expect(server.statistics.requests.of(ECHO).count('oneway', 'error')).toBe(1);
  });
});

test('a request is done once, whoever ends it and however often', async () => {
  const server = await loopback.server();
  const outcomes: unknown[] = [];
  server.registerRequestHook({ onRequestFinished: task => outcomes.push(task.outcome) });
  server.registerProcessor(ECHO, {
    asyncProcessRequest: task => {
      task.complete(RemotingCommand.createResponseCommand(0, 'first'));
      task.complete(RemotingCommand.createResponseCommand(0, 'second'));
      task.fail(new Error('third'));
      task.sendPart(RemotingCommand.createResponseCommand(0, 'fourth'));
    },
  });
  const client = loopback.client();
  expect((await client.invokeSync(server.address, echoRequest())).remark).toBe('first');
  await client.invokeSync(server.address, new RemotingCommand({ code: 999 }));
  expect(client.statistics.lateReplies).toBe(0);
  expect(outcomes).toEqual(['success', 'error']);
  expect(server.dispatcher.pending).toBe(0);
});

test('the answer has the form and the opaque of its request', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  const peer = await loopback.rawClient(server.localListenPort());
  for (const serializeType of ['JSON', 'ROCKETMQ', 'JSON'] as const) {
    peer.request({ code: ECHO, opaque: -7, serializeType });
    expect(await peer.next()).toMatchObject({ opaque: -7, serializeType, isResponse: true, isOneway: false });
  }
});
