import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RemotingClient } from '../../../src/remoting/remoting-client.js';
import { type Ended, ExampleProcess, freePorts } from './example-process.js';
import { blocks, compileReadme, runBlock } from './readme.js';

jest.setTimeout(180_000);

const READY = 'Ctrl-C stops it.';
const started: ExampleProcess[] = [];

async function run(...args: ConstructorParameters<typeof ExampleProcess>): Promise<Ended> {
  const example = new ExampleProcess(...args);
  started.push(example);
  return example.ended;
}

async function start(): Promise<{ example: ExampleProcess; remotingPort: number }> {
  const ports = await freePorts();
  const example = new ExampleProcess(ports);
  started.push(example);
  await example.printed(READY);
  return { example, remotingPort: ports.remotingPort };
}

// in a fresh clone the first start builds, and says so
beforeAll(async () => {
  await run(await freePorts(), '--once');
});

afterAll(() => Promise.all(started.map(each => each.kill())));

describe('one start', () => {
  it('--once prints addresses, three sample calls with their answers and what to try, and ends with 0', async () => {
    const ports = await freePorts();
    const { code, stdout } = await run(ports, '--once');
    expect(code).toBe(0);
    expect(stdout).toContain(`127.0.0.1:${ports.remotingPort}\n`);
    expect(stdout).toContain(`http://127.0.0.1:${ports.httpPort}\n`);
    expect(stdout).toMatch(/20001 ECHO +\{"hello":"RocketMQ"\} +→ \{"hello":"RocketMQ"\}\n/);
    expect(stdout).toMatch(/20002 SUM +\[1,2,39\] +→ 42\n/);
    expect(stdout).toMatch(/20004 COUNT +5 +→ 1 2 3 4 5\n/);
    expect(stdout).toContain(`curl http://127.0.0.1:${ports.httpPort}/metrics\n`);
    expect(stdout).not.toContain(READY);
  });

  it.each(['remotingPort', 'httpPort'] as const)('a taken %s is one clear line and exit code 1', async which => {
    const ports = await freePorts();
    const other = createServer().listen(ports[which], '127.0.0.1');
    await once(other, 'listening');
    const { code, stdout, stderr } = await run(ports);
    other.close();
    const name = which === 'httpPort' ? 'HTTP_PORT' : 'REMOTING_PORT';
    const why = 'something else listens there';
    expect(stderr).toBe(`cannot listen on 127.0.0.1:${ports[which]}: ${why}. Set ${name} to another port.\n`);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it.each([
    [{ remotingPort: '80x', httpPort: 3000 }, [], 'REMOTING_PORT must be a port from 1 to 65535, not "80x"\n'],
    [{ remotingPort: 8888, httpPort: 65_536 }, [], 'HTTP_PORT must be a port from 1 to 65535, not "65536"\n'],
    [{ remotingPort: 8888, httpPort: 3000 }, ['--onec'], 'unknown argument --onec: the only one there is is --once\n'],
  ])('says what is wrong with %j %j', async (ports, args, message) => {
    expect(await run(ports, ...args)).toMatchObject({ code: 1, stdout: '', stderr: message });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s finishes what runs, turns /health first, and ends with 0',
    async signal => {
      const { example } = await start();
      const slow = example.get('/delay/1000');
      await untilInFlight(example, 1);
      example.signal(signal);
      // npm passes the signal of a terminal on, so that it comes twice
      example.signal(signal);
      await example.printed('Finishing what runs.');
      expect(await example.get('/health')).toMatchObject({
        status: 503,
        body: { status: 'error', details: { server: { status: 'down', message: 'it drains' } } },
      });
      expect(await slow).toEqual({ status: 200, body: { delayedMs: 1000 } });
      expect(await example.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    },
  );
});

/** Waits until the client of the example has so many calls in flight. */
async function untilInFlight(example: ExampleProcess, calls: number): Promise<void> {
  for (;;) {
    const { body } = await example.get('/health');
    if ((body as { details: { client: { inFlight: number } } }).details.client.inFlight === calls) return;
  }
}

describe('a running example', () => {
  let example: ExampleProcess;
  let client: RemotingClient;
  let address: string;

  beforeAll(async () => {
    const { example: running, remotingPort } = await start();
    example = running;
    address = `127.0.0.1:${remotingPort}`;
    client = new RemotingClient();
    client.start();
  });

  afterAll(async () => {
    await client.shutdown();
  });

  const call = (init: ConstructorParameters<typeof RemotingCommand>[0]): Promise<RemotingCommand> =>
    client.invokeSync(address, new RemotingCommand(init));

  it('20001 and POST /echo give the body back byte for byte', async () => {
    const bytes = randomBytes(200_000);
    expect((await call({ code: 20_001, body: bytes })).body).toEqual(bytes);
    expect((await call({ code: 20_001 })).body).toBeUndefined();
    for (const body of [bytes, Buffer.from('{"like": "JSON" }'), Buffer.alloc(0)]) {
      const response = await fetch(`${example.url}/echo`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
    }
  });

  it('20002 and /sum add numbers, and refuse what is none', async () => {
    expect((await call({ code: 20_002, body: '[1, 2, 39.5]' })).bodyText).toBe('42.5');
    expect((await call({ code: 20_002, body: '[]' })).bodyText).toBe('0');
    expect(await example.get('/sum?numbers=1,2,39')).toEqual({ status: 200, body: { sum: 42 } });
    for (const body of ['{}', '[1,"2"]', '7', undefined]) {
      expect(await call({ code: 20_002, body })).toMatchObject({ code: 29, remark: /array of numbers/ });
    }
    for (const query of ['', '?numbers=', '?numbers=1,x', '?numbers=1,,2', '?numbers=1&numbers=2']) {
      expect(await example.get(`/sum${query}`)).toMatchObject({ status: 400 });
    }
  });

  it('20003 is an error of the application, 404 over HTTP', async () => {
    expect(await call({ code: 20_003 })).toMatchObject({ code: 20_017, remark: 'no such order' });
    expect(await example.get('/orders/4711')).toEqual({
      status: 404,
      body: { code: 20_017, message: 'no such order', address, requestCode: 20_003 },
    });
  });

  it('20004 streams to our client, and gives its last value to one that takes no streams', async () => {
    expect((await call({ code: 20_004, body: '3' })).bodyText).toBe('3');
    const { status, body } = await example.get('/count/1000');
    expect(status).toBe(200);
    const values = [...String(body).matchAll(/^data: (\d+)$/gm)].map(([, value]) => Number(value));
    expect(values).toEqual(Array.from({ length: 1000 }, (_, at) => at + 1));
    for (const bad of ['x', '-1', '1.5', '100001', '1e3']) {
      expect(await example.get(`/count/${bad}`)).toMatchObject({ status: 400 });
    }
    for (const bad of ['-1', '"3"', '1e9', 'null']) {
      expect(await call({ code: 20_004, body: bad })).toMatchObject({ code: 29 });
    }
  });

  it('who leaves a stream ends it at its source', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${example.url}/count/100000`, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await untilInFlight(example, 0);
    const aborted = /^rocketmq_client_calls_total\{.*code="COUNT",kind="async",outcome="aborted"\} 1$/m;
    expect((await example.get('/metrics')).body).toMatch(aborted);
    const idle = /^rocketmq_server_requests_running\{server="example",code="COUNT"\} 0$/m;
    while (!idle.test(String((await example.get('/metrics')).body)));
  });

  it('20005 answers after delayMs', async () => {
    const before = performance.now();
    expect((await call({ code: 20_005, extFields: { delayMs: '200' } })).bodyText).toBe('200');
    expect(performance.now() - before).toBeGreaterThan(195);
    expect(await example.get('/delay/20')).toEqual({ status: 200, body: { delayedMs: 20 } });
    for (const bad of ['x', '-1', '60001']) expect(await example.get(`/delay/${bad}`)).toMatchObject({ status: 400 });
    expect(await call({ code: 20_005 })).toMatchObject({ code: 29 });
  });

  it('20006 counts, 20007 tells', async () => {
    const hits = async (): Promise<number> => Number((await call({ code: 20_007 })).bodyText);
    const before = await hits();
    await client.invokeOneway(address, new RemotingCommand({ code: 20_006 }));
    await call({ code: 20_006 });
    expect((await fetch(`${example.url}/hits`, { method: 'POST' })).status).toBe(202);
    // the clients of the example and of this test have connections of their own
    while ((await hits()) < before + 3);
    expect(await example.get('/hits')).toEqual({ status: 200, body: { hits: before + 3 } });
  });

  it('/metrics has all clients and the server, by the names of the codes, and nothing of the process', async () => {
    const { status, body } = await example.get('/metrics');
    expect(status).toBe(200);
    expect(body).toMatch(/^rocketmq_server_requests_total\{server="example",code="ECHO",outcome="success"\} [1-9]/m);
    expect(body).toMatch(
      /^rocketmq_client_calls_total\{client="example",code="SUM",kind="async",outcome="success"\} /m,
    );
    expect(body).toMatch(/^rocketmq_client_permits_available\{client="bytes",type="async"\} 65535$/m);
    const foreign = String(body).match(/^(?!#|rocketmq_|$).*/gm);
    expect(foreign).toBeNull();
  });

  it('/health tells the live state', async () => {
    expect(await example.get('/health')).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { server: { status: 'up' }, client: { status: 'up', inFlight: 0 } } },
    });
  });

  it('bytes that are no frame cost their own connection only', async () => {
    const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'close');
    expect((await call({ code: 20_002, body: '[1]' })).bodyText).toBe('1');
  });
});

describe('README.md', () => {
  it('has its two commands each in a block of its own', () => {
    expect(blocks('sh').slice(0, 2)).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
  });

  it('shows code that compiles, and an example that runs', async () => {
    expect(compileReadme()).toBe('');
    const { remotingPort } = await freePorts();
    const { status, output } = runBlock(0, remotingPort);
    expect(status).toBe(0);
    expect(output).toMatch(/^42$/m);
  });
});
