import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { RocketMQCollector } from '../../../src/metrics/rocketmq-collector.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';
import { hasPromtool, promtoolFindings } from './promtool.js';

const ECHO = 20001;
const SILENT = 20002;
const FAILS = 20003;
const ASKS_BACK = 20004;
const PULL_MESSAGE = 11;
const NOBODYS = 29999;

const loopback = useLoopback();
const request = (code: number, body?: Buffer): RemotingCommand => new RemotingCommand({ code, ...(body && { body }) });

/** Exported values by series, without comments. */
async function seriesOf(registry: Registry): Promise<Map<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter(line => line !== '' && !line.startsWith('#'));
  return new Map(lines.map(line => [line.replace(/ [^ ]+$/, ''), Number(line.replace(/^.* /, ''))]));
}

test('a scrape shows what a client and a server did', async () => {
  const server = await loopback.server(
    {},
    {
      [ECHO]: { processRequest: (_, { body }) => RemotingCommand.createResponseCommand(0, undefined, body) },
      [SILENT]: { processRequest: () => undefined },
      [FAILS]: {
        processRequest: () => {
          throw new Error('as it should');
        },
      },
      [ASKS_BACK]: {
        processRequest: async channel => server.invokeSync(channel, request(ECHO)),
      },
    },
  );
  const client = loopback.client();
  client.registerProcessor(ECHO, { processRequest: () => RemotingCommand.createResponseCommand(0) });
  client.registerRPCHook({
    doAfterResponse: (_, { code }) => {
      if (code === FAILS) throw new Error('a hook of the user');
    },
  });

  const registry = new Registry();
  const collector = new RocketMQCollector({ registry, requestCodes: { [ECHO]: 'ECHO' } });
  collector.add({ role: 'client', name: 'c', remoting: client });
  collector.add({ role: 'server', name: 's', remoting: server });
  collector.register();

  const { address } = server;
  const body = Buffer.alloc(5000);
  for (let at = 0; at < 3; at++) await client.invokeSync(address, request(ECHO, body));
  await client.invokeOneway(address, request(ECHO));
  await eventually(() => server.statistics.requests.of(ECHO).count('oneway', 'success') === 1, 'the oneway request');
  await client.invokeSync(address, request(FAILS));
  await client.invokeSync(address, request(PULL_MESSAGE));
  await client.invokeSync(address, request(NOBODYS));
  await client.invokeSync(address, request(ASKS_BACK));
  await expect(client.invokeSync(address, request(SILENT), 40)).rejects.toThrow('timeout');
  await expect(client.invokeSync(`127.0.0.1:${await loopback.closedPort()}`, request(ECHO))).rejects.toThrow();
  const aborted = client.invokeSync(address, request(SILENT), 3000, { signal: AbortSignal.abort() });
  await expect(aborted).rejects.toThrow('aborted');
  const open = client.invokeAsync(address, request(SILENT), 3000, {
    operationSucceed: () => undefined,
    operationFail: () => undefined,
  });
  await eventually(() => server.statistics.requests.of(SILENT).count('sync', 'success') === 2, 'the call arrived');

  const series = await seriesOf(registry);
  const calls = [...series].filter(([name]) => name.startsWith('rocketmq_client_calls_total'));
  expect(Object.fromEntries(calls)).toEqual({
    'rocketmq_client_calls_total{client="c",code="ECHO",kind="sync",outcome="success"}': 3,
    'rocketmq_client_calls_total{client="c",code="ECHO",kind="sync",outcome="connect_error"}': 1,
    'rocketmq_client_calls_total{client="c",code="ECHO",kind="oneway",outcome="success"}': 1,
    'rocketmq_client_calls_total{client="c",code="20003",kind="sync",outcome="error"}': 1,
    'rocketmq_client_calls_total{client="c",code="PULL_MESSAGE",kind="sync",outcome="error"}': 1,
    'rocketmq_client_calls_total{client="c",code="_OTHER",kind="sync",outcome="error"}': 1,
    'rocketmq_client_calls_total{client="c",code="20004",kind="sync",outcome="success"}': 1,
    'rocketmq_client_calls_total{client="c",code="20002",kind="sync",outcome="timeout"}': 1,
    'rocketmq_client_calls_total{client="c",code="20002",kind="sync",outcome="aborted"}': 1,
  });
  const requests = [...series].filter(([name]) => name.startsWith('rocketmq_server_requests_total'));
  expect(Object.fromEntries(requests)).toEqual({
    'rocketmq_server_requests_total{server="s",code="ECHO",outcome="success"}': 4,
    'rocketmq_server_requests_total{server="s",code="20003",outcome="error"}': 1,
    'rocketmq_server_requests_total{server="s",code="20004",outcome="success"}': 1,
    'rocketmq_server_requests_total{server="s",code="20002",outcome="success"}': 2,
    'rocketmq_server_requests_total{server="s",code="PULL_MESSAGE",outcome="error"}': 1,
    'rocketmq_server_requests_total{server="s",code="_OTHER",outcome="error"}': 1,
  });
  const expected = {
    'rocketmq_client_requests_total{client="c",code="ECHO",outcome="success"}': 1,
    'rocketmq_server_calls_total{server="s",code="ECHO",kind="sync",outcome="success"}': 1,
    'rocketmq_client_call_duration_seconds_count{client="c",code="ECHO"}': 5,
    'rocketmq_server_request_duration_seconds_count{server="s",code="ECHO"}': 4,
    'rocketmq_client_response_table_size{client="c"}': 1,
    'rocketmq_client_permits_available{client="c",type="async"}': 65_534,
    'rocketmq_client_permits_limit{client="c",type="async"}': 65_535,
    'rocketmq_client_permit_waiters{client="c",type="async"}': 0,
    'rocketmq_client_connections{client="c"}': 1,
    'rocketmq_client_connects_total{client="c"}': 1,
    'rocketmq_client_connect_failures_total{client="c"}': 1,
    'rocketmq_client_reconnects_total{client="c"}': 0,
    'rocketmq_client_callback_errors_total{client="c"}': 1,
    'rocketmq_client_channel_events_total{client="c",type="CONNECT"}': 1,
    'rocketmq_client_channel_events_total{client="c",type="CLOSE"}': 0,
    'rocketmq_server_connections{server="s"}': 1,
    'rocketmq_server_connections_limit{server="s"}': 10_000,
    rocketmq_client_scrape_errors_total: 0,
    rocketmq_server_scrape_errors_total: 0,
  };
  expect(Object.fromEntries(Object.keys(expected).map(name => [name, series.get(name)]))).toEqual(expected);
  expect(series.get('rocketmq_client_sent_bytes_total{client="c"}')).toBe(client.statistics.bytesSent);
  expect(series.get('rocketmq_client_sent_bytes_total{client="c"}')).toBeGreaterThan(15_000);
  expect(series.get('rocketmq_server_received_bytes_total{server="s"}')).toBeGreaterThan(15_000);

  if (hasPromtool()) expect(promtoolFindings(await registry.metrics())).toBe('');
  open.abort();
});

test('an export without clients and servers is clean as well', async () => {
  const registry = new Registry();
  new RocketMQCollector({ registry }).register();
  if (hasPromtool()) expect(promtoolFindings(await registry.metrics())).toBe('');
});

test('reconnects, late replies, codec errors and full processors', async () => {
  let answer: (() => void) | undefined;
  const server = await loopback.server();
  server.registerProcessor(
    SILENT,
    {
      processRequest: () =>
        new Promise(resolve => {
          answer = () => resolve(RemotingCommand.createResponseCommand(0));
        }),
    },
    { concurrency: 1, queue: 1 },
  );
  const client = loopback.client();
  const registry = new Registry();
  const collector = new RocketMQCollector({ registry });
  collector.add({ role: 'client', name: 'c', remoting: client });
  collector.add({ role: 'server', name: 's', remoting: server });
  collector.register();

  const { address } = server;
  const late = client.invokeSync(address, request(SILENT), 40);
  await expect(late).rejects.toThrow('timeout');
  const running = server.getProcessorPair(SILENT);
  answer?.();
  await eventually(() => client.statistics.lateReplies === 1, 'the late reply');
  const calls = [1, 2].map(() => client.invokeSync(address, request(SILENT)));
  await eventually(() => running?.queueLength === 1, 'one waits');
  await expect(client.invokeSync(address, request(SILENT))).resolves.toMatchObject({ code: 2 });
  const during = await seriesOf(registry);
  const pull = '{server="s",code="20002"}';
  expect(during.get(`rocketmq_server_requests_running${pull}`)).toBe(1);
  expect(during.get(`rocketmq_server_request_queue_length${pull}`)).toBe(1);
  expect(during.get(`rocketmq_server_requests_rejected_total${pull}`)).toBe(1);
  answer?.();
  await calls[0];
  answer?.();
  await calls[1];

  client.closeChannel(address);
  await client.connect(address);
  const peer = await loopback.rawClient(server.localListenPort());
  peer.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  await peer.closed;
  const series = await seriesOf(registry);
  expect(series.get('rocketmq_client_late_replies_total{client="c"}')).toBe(1);
  expect(series.get('rocketmq_client_reconnects_total{client="c"}')).toBe(1);
  expect(series.get('rocketmq_server_codec_errors_total{server="s"}')).toBe(1);
});
