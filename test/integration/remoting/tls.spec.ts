import { describe, expect, test } from '@jest/globals';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { RemotingConnectError, RemotingSendRequestError } from '../../../src/errors/remoting-errors.js';
import type { RemotingServer } from '../../../src/remoting/remoting-server.js';
import type { RemotingServerOptions } from '../../../src/remoting/remoting-server-options.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { RecordingLogger } from '../../helpers/recording-logger.js';
import { ca, clientCertificate, otherCa, serverCertificate, strangerCertificate } from '../../helpers/tls-files.js';

const loopback = useLoopback();

const server = (options: Partial<RemotingServerOptions> = {}): Promise<RemotingServer & { readonly address: string }> =>
  loopback.server({ tls: serverCertificate, ...options }, { [ECHO]: echo });

const demanding = (): ReturnType<typeof server> =>
  server({ tls: { ...serverCertificate, ca, requestCert: true }, tlsMode: 'enforcing' });

const onlyChannel = (of: RemotingServer): boolean | undefined => [...of.channels][0]?.secure;

describe('one port, plain and TLS', () => {
  test('permissive takes both, told apart by the first byte', async () => {
    const permissive = await server();
    const secured = loopback.client({ tls: { ca } });
    expect((await secured.invokeSync(permissive.address, echoRequest('a'))).bodyText).toBe('a');
    expect(onlyChannel(permissive)).toBe(true);
    const plain = loopback.client();
    expect((await plain.invokeSync(permissive.address, echoRequest('b'))).bodyText).toBe('b');
    expect(new Set([...permissive.channels].map(channel => channel.secure))).toEqual(new Set([true, false]));
  });

  test('large bodies and many calls at once arrive over TLS', async () => {
    const enforcing = await server({ tlsMode: 'enforcing' });
    const client = loopback.client({ tls: { ca } });
    const bodies = Array.from({ length: 200 }, (_, at) => Buffer.alloc(at * 997, at));
    const answers = await Promise.all(
      bodies.map(body => client.invokeSync(enforcing.address, echoRequest(body), 20_000)),
    );
    expect(
      answers.map(answer => Buffer.compare(answer.body ?? Buffer.alloc(0), bodies.shift() ?? Buffer.alloc(1))),
    ).toEqual(answers.map(() => 0));
  });

  test('enforcing refuses a plain client and says so', async () => {
    const logger = new RecordingLogger();
    const enforcing = await server({ tlsMode: 'enforcing', logger });
    const client = loopback.client();
    await expect(client.invokeSync(enforcing.address, echoRequest())).rejects.toThrow(RemotingSendRequestError);
    expect(logger.lines.join()).toContain('it speaks no TLS (tlsMode is enforcing)');
    expect(enforcing.statistics.connectionsRefused).toBe(1);
  });

  test('disabled closes what begins with a handshake, and only that', async () => {
    const disabled = await loopback.server({}, { [ECHO]: echo });
    const plain = loopback.client();
    await plain.invokeSync(disabled.address, echoRequest());
    const secured = loopback.client({ tls: { ca } });
    await expect(secured.invokeSync(disabled.address, echoRequest())).rejects.toThrow(RemotingConnectError);
    expect(disabled.statistics.codecErrors).toBe(1);
    expect((await plain.invokeSync(disabled.address, echoRequest('still'))).bodyText).toBe('still');
  });
});

describe('the certificate of the server', () => {
  test('of an unknown authority is a clear error', async () => {
    const permissive = await server();
    const client = loopback.client({ tls: { ca: otherCa } });
    const failure = client.invokeSync(permissive.address, echoRequest());
    await expect(failure).rejects.toThrow(RemotingConnectError);
    await expect(failure).rejects.toThrow(
      /connect to <127\.0\.0\.1:\d+> failed: unable to verify the first certificate/,
    );
  });

  test('with `tls: true` must be known to the system', async () => {
    const permissive = await server();
    const client = loopback.client({ tls: true });
    await expect(client.invokeSync(permissive.address, echoRequest())).rejects.toThrow(RemotingConnectError);
  });

  test('must be for the host, or for the server name', async () => {
    const permissive = await server();
    const good = loopback.client({ tls: { ca, servername: 'rocketmq.test' } });
    expect((await good.invokeSync(permissive.address, echoRequest('x'))).bodyText).toBe('x');
    const bad = loopback.client({ tls: { ca, servername: 'elsewhere.test' } });
    await expect(bad.invokeSync(permissive.address, echoRequest())).rejects.toThrow(/elsewhere\.test/);
  });

  test('is not looked at where the user says so', async () => {
    const permissive = await server();
    const client = loopback.client({ tls: { rejectUnauthorized: false } });
    expect((await client.invokeSync(permissive.address, echoRequest('x'))).bodyText).toBe('x');
  });
});

describe('the certificate of the client', () => {
  test('that the authority vouches for is taken', async () => {
    const client = loopback.client({ tls: { ca, ...clientCertificate } });
    expect((await client.invokeSync((await demanding()).address, echoRequest('x'))).bodyText).toBe('x');
  });

  test.each([
    ['none', {}],
    ['a stranger’s', strangerCertificate],
  ])('%s is refused', async (_what, certificate) => {
    const strict = await demanding();
    const client = loopback.client({ tls: { ca, ...certificate } });
    // TLS 1.3 says it to the client only after its own handshake: connect or send
    await expect(client.invokeSync(strict.address, echoRequest())).rejects.toMatchObject({
      code: expect.stringMatching(/^RMQ_REMOTING_(CONNECT|SEND_REQUEST)$/),
    });
    await eventually(() => strict.statistics.connectionsRefused === 1, 'the refusal is counted');
    expect(strict.channels.size).toBe(0);
  });

  test('is taken unseen where the user says so', async () => {
    const lenient = await server({ tls: { ...serverCertificate, ca, requestCert: true, rejectUnauthorized: false } });
    const client = loopback.client({ tls: { ca, ...strangerCertificate } });
    expect((await client.invokeSync(lenient.address, echoRequest('x'))).bodyText).toBe('x');
  });
});

describe('handshakes that come to nothing', () => {
  test('a peer that stops in the middle of one is closed after handshakeTimeoutMs', async () => {
    const permissive = await server({ handshakeTimeoutMs: 60 });
    const peer = await loopback.rawClient(permissive.localListenPort());
    peer.send(Buffer.from([0x16, 3, 1, 2]));
    await peer.closed;
    expect(permissive.statistics.connectionsRefused).toBe(1);
  });

  test('a peer that says nothing is closed as soon where TLS is demanded, as an idle one where it is not', async () => {
    const options = { handshakeTimeoutMs: 60, idleTimeoutMs: 300 };
    const [strict, permissive] = [await server({ ...options, tlsMode: 'enforcing' }), await server(options)];
    const refused = await loopback.rawClient(strict.localListenPort());
    const late = await loopback.rawClient(permissive.localListenPort());
    const idle = await loopback.rawClient(permissive.localListenPort());
    await refused.closed;
    late.request({ code: ECHO, body: 'at last' });
    expect((await late.next()).bodyText).toBe('at last');
    await idle.closed;
    expect([strict.statistics.connectionsRefused, permissive.statistics.connectionsRefused]).toEqual([1, 1]);
  });

  test('garbage after the first byte costs that connection only', async () => {
    const permissive = await server();
    const client = loopback.client({ tls: { ca } });
    await client.invokeSync(permissive.address, echoRequest());
    const peer = await loopback.rawClient(permissive.localListenPort());
    peer.send(Buffer.concat([Buffer.from([0x16]), Buffer.alloc(500, 0xff)]));
    await peer.closed;
    const aborting = await loopback.rawClient(permissive.localListenPort());
    aborting.send(Buffer.from([0x16, 3, 1]));
    aborting.reset();
    expect((await client.invokeSync(permissive.address, echoRequest('still'))).bodyText).toBe('still');
  });

  test('shutdown closes connections whose handshake is not over', async () => {
    const permissive = await server();
    const half = await loopback.rawClient(permissive.localListenPort());
    half.send(Buffer.from([0x16, 3, 1, 2]));
    const silent = await loopback.rawClient(permissive.localListenPort());
    const secured = connectTls({ host: '127.0.0.1', port: permissive.localListenPort(), ca });
    await once(secured, 'secureConnect');
    await permissive.shutdown();
    await Promise.all([half.closed, silent.closed, secured.destroyed || once(secured, 'close')]);
  });
});

describe('wrong TLS options', () => {
  test('a certificate that is none is named where the server is made', async () => {
    await expect(loopback.server({ tls: { cert: 'no PEM', key: 'secret' } })).rejects.toThrow(
      /RemotingServer options: "tls" cannot be used/,
    );
    await expect(loopback.server({ tls: { cert: 'no PEM', key: 'secret' } })).rejects.not.toThrow(/secret/);
  });

  test('a certificate that is none fails the calls of a client', async () => {
    const client = loopback.client({ tls: { cert: 'no PEM', key: 'secret' } });
    await expect(client.invokeSync('127.0.0.1:9', echoRequest())).rejects.toThrow(RemotingConnectError);
  });
});
