import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  AggregatorRegistry,
  Counter,
  Gauge,
  type OpenMetricsContentType,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import { RocketMQCollector } from '../../../src/metrics/rocketmq-collector.js';
import { OBSERVED_REMOTING } from '../../../src/remoting/observed.js';
import { RemotingClient } from '../../../src/remoting/remoting-client.js';
import { RemotingServer } from '../../../src/remoting/remoting-server.js';
import { callKinds, callOutcomes } from '../../../src/remoting/statistics.js';

const SYNC = callKinds.indexOf('sync');
const SUCCESS = callOutcomes.indexOf('success');
const PULL_MESSAGE = 11;

const call = (client: RemotingClient, times: number, code = PULL_MESSAGE, ms = 3): void => {
  for (let at = 0; at < times; at++) client.statistics.calls.of(code).record(SYNC, SUCCESS, ms);
};
const asClient = (
  remoting: RemotingClient,
  name = 'main',
): { role: 'client'; name: string; remoting: RemotingClient } => ({
  role: 'client',
  name,
  remoting,
});
const collecting = (registry: Registry<RegistryContentType>, ...clients: RemotingClient[]): RocketMQCollector => {
  const collector = new RocketMQCollector({ registry });
  for (const each of clients) collector.add(asClient(each));
  collector.register();
  return collector;
};

let registry: Registry;
const valueOf = async (series: string): Promise<number | undefined> => {
  const line = (await registry.metrics()).split('\n').find(each => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};
const CALLS = 'rocketmq_client_calls_total{client="main",code="PULL_MESSAGE",kind="sync",outcome="success"}';
const ERRORS = 'rocketmq_client_scrape_errors_total';

beforeEach(() => {
  registry = new Registry();
});

describe('values', () => {
  test('a histogram is cumulative, with sum and count', async () => {
    const client = new RemotingClient();
    call(client, 2, PULL_MESSAGE, 0.05);
    call(client, 1, PULL_MESSAGE, 3);
    call(client, 1, PULL_MESSAGE, 100_000);
    collecting(registry, client);
    const name = 'rocketmq_client_call_duration_seconds';
    const labels = 'client="main",code="PULL_MESSAGE"';
    const bucket = (le: string): Promise<number | undefined> =>
      valueOf(`${name}_bucket{client="main",le="${le}",code="PULL_MESSAGE"}`);
    expect(await bucket('0.0001')).toBe(2);
    expect(await bucket('0.0016')).toBe(2);
    expect(await bucket('0.0032')).toBe(3);
    expect(await bucket('52.4288')).toBe(3);
    expect(await bucket('+Inf')).toBe(4);
    expect(await valueOf(`${name}_count{${labels}}`)).toBe(4);
    expect(await valueOf(`${name}_sum{${labels}}`)).toBeCloseTo(100.0031, 6);
  });

  test('codes without a label of their own share one', async () => {
    const client = new RemotingClient();
    call(client, 1, 20001);
    call(client, 2, 20002);
    collecting(registry, client);
    const other = CALLS.replace('PULL_MESSAGE', '_OTHER');
    expect(await valueOf(other)).toBe(3);
    const text = await registry.metrics();
    expect(text).not.toContain('20001');
    // each series once
    const series = text.split('\n').map(line => line.replace(/ [^ ]*$/, ''));
    expect(series.filter((each, at) => !each.startsWith('#') && each !== '' && series.indexOf(each) !== at)).toEqual(
      [],
    );
  });

  test('a code has its label when any server here serves it', async () => {
    const server = new RemotingServer();
    server.registerProcessor(20001, { processRequest: () => undefined });
    const client = new RemotingClient();
    call(client, 1, 20001);
    const collector = collecting(registry, client);
    const sink = { role: 'server', name: 'main', remoting: server } as const;
    collector.add(sink);
    const series = CALLS.replace('PULL_MESSAGE', '20001');
    expect(await valueOf(series)).toBe(1);
    collector.remove(sink);
    expect(await valueOf(series)).toBe(1);
  });

  test('limits, queues and rejections of processors', async () => {
    const server = new RemotingServer({ maxConnections: 7 });
    server.registerProcessor(PULL_MESSAGE, { processRequest: () => undefined }, { concurrency: 2, queue: 5 });
    server.registerDefaultProcessor({ processRequest: () => undefined });
    const pair = server.getProcessorPair(PULL_MESSAGE);
    if (pair !== undefined) pair.rejected = 3;
    const collector = new RocketMQCollector({ registry });
    collector.add({ role: 'server', name: 's', remoting: server });
    collector.register();
    const pull = '{server="s",code="PULL_MESSAGE"}';
    expect(await valueOf(`rocketmq_server_requests_running_limit${pull}`)).toBe(2);
    expect(await valueOf(`rocketmq_server_request_queue_limit${pull}`)).toBe(5);
    expect(await valueOf(`rocketmq_server_requests_rejected_total${pull}`)).toBe(3);
    expect(await registry.metrics()).toContain(
      'rocketmq_server_requests_running_limit{server="s",code="_DEFAULT"} +Inf',
    );
    expect(await valueOf('rocketmq_server_connections_limit{server="s"}')).toBe(7);
    expect(await valueOf('rocketmq_server_permits_limit{server="s",type="oneway"}')).toBe(256);
  });

  test('an OpenMetrics registry, JSON and the sum over the workers of a cluster', async () => {
    const client = new RemotingClient();
    call(client, 2);
    const open = new Registry<OpenMetricsContentType>();
    open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const collector = collecting(open, client);
    for (let scrape = 0; scrape < 2; scrape++) {
      const text = await open.metrics();
      expect(text).toContain('# TYPE rocketmq_client_calls counter\n');
      expect(text).toContain(`${CALLS} 2\n`);
      expect(text).toMatch(/# EOF\n$/);
      expect(text).not.toContain('_total_total');
    }
    collector.unregister();
    expect(open.getMetricsAsArray()).toEqual([]);

    collecting(registry, client);
    const workers = [await registry.getMetricsAsJSON(), await registry.getMetricsAsJSON()];
    const sums = await AggregatorRegistry.aggregate(workers).metrics();
    expect(sums).toContain(`${CALLS} 4\n`);
    expect(sums).toContain('rocketmq_client_call_duration_seconds_count{client="main",code="PULL_MESSAGE"} 4\n');
  });

  test('default labels of the registry are kept', async () => {
    registry.setDefaultLabels({ app: 'shop' });
    collecting(registry, new RemotingClient());
    expect(await registry.metrics()).toContain('rocketmq_client_connections{client="main",app="shop"} 0');
  });
});

describe('totals never fall while a name is there', () => {
  test('one of two clients goes', async () => {
    const [stays, goes] = [new RemotingClient(), new RemotingClient()];
    call(stays, 10);
    call(goes, 5);
    const collector = new RocketMQCollector({ registry });
    const going = asClient(goes);
    collector.add(asClient(stays));
    collector.add(going);
    collector.register();
    expect(await valueOf(CALLS)).toBe(15);
    expect(await valueOf('rocketmq_client_permits_limit{client="main",type="async"}')).toBe(131_070);
    call(goes, 1);
    collector.remove(going);
    expect(await valueOf(CALLS)).toBe(16);
    expect(await valueOf('rocketmq_client_call_duration_seconds_count{client="main",code="PULL_MESSAGE"}')).toBe(16);
    expect(await valueOf('rocketmq_client_permits_limit{client="main",type="async"}')).toBe(65_535);
    call(stays, 1);
    expect(await valueOf(CALLS)).toBe(17);
  });

  test('a later client of the name goes on where the one before stopped; in between there is nothing', async () => {
    const before = new RemotingClient();
    call(before, 5);
    const collector = new RocketMQCollector({ registry });
    const observed = asClient(before);
    collector.add(observed);
    collector.register();
    expect(await valueOf(CALLS)).toBe(5);
    collector.remove(observed);
    expect(await valueOf(CALLS)).toBeUndefined();
    const after = new RemotingClient();
    call(after, 1);
    collector.add(asClient(after));
    expect(await valueOf(CALLS)).toBe(6);
  });
});

describe('a scrape never fails', () => {
  test('a client that cannot be read is counted and missing, the rest is there', async () => {
    const [broken, whole] = [new RemotingClient(), new RemotingClient()];
    call(whole, 2);
    call(broken, 2);
    Object.defineProperty(broken.statistics, 'calls', {
      get: () => {
        throw new Error('broken');
      },
    });
    const collector = new RocketMQCollector({ registry });
    collector.add(asClient(broken, 'broken'));
    collector.add(asClient(whole));
    collector.register();
    // calls and their durations
    expect(await valueOf(ERRORS)).toBe(2);
    expect(await valueOf(CALLS)).toBe(2);
    expect(await valueOf(CALLS.replace('main', 'broken'))).toBeUndefined();
    expect(await valueOf('rocketmq_client_connections{client="broken"}')).toBe(0);
    expect(await valueOf(ERRORS)).toBe(2 * 5);
  });

  test('half a sum is not exported', async () => {
    const [broken, whole] = [new RemotingClient(), new RemotingClient()];
    call(whole, 2);
    call(broken, 2);
    collecting(registry, whole, broken);
    expect(await valueOf(CALLS)).toBe(4);
    Object.defineProperty(broken.statistics.calls, 'byCode', { value: undefined });
    expect(await valueOf(CALLS)).toBeUndefined();
  });

  test('holders and places that throw', async () => {
    const whole = new RemotingClient();
    call(whole, 2);
    const collector = collecting(registry, whole);
    collector.addLook('server', () => {
      throw new Error('broken');
    });
    const stranger = new Proxy(
      {},
      {
        has: () => {
          throw new Error('not here');
        },
      },
    );
    const holder = {
      [OBSERVED_REMOTING]: () => {
        throw new Error('broken');
      },
    };
    collector.addLook('client', () => [stranger, null, 7, holder]);
    expect(await valueOf(CALLS)).toBe(2);
    expect(await valueOf(ERRORS)).toBe(2);
    expect(await valueOf('rocketmq_server_scrape_errors_total')).toBe(3);
  });

  test('what was added and is no client at all', async () => {
    const collector = collecting(registry, new RemotingClient());
    const nonsense = { role: 'client', name: 'x', remoting: {} } as unknown as ReturnType<typeof asClient>;
    collector.add(nonsense);
    collector.add(null as unknown as typeof nonsense);
    expect(await valueOf('rocketmq_client_connections{client="main"}')).toBe(0);
    expect(await valueOf(ERRORS)).toBeGreaterThan(0);
  });
});

describe('applications share a registry', () => {
  test('each one adds its own; the metrics go with the last', async () => {
    const [one, two] = [new RemotingClient(), new RemotingClient()];
    const shared = new RemotingClient();
    call(shared, 3);
    const collectors = [one, two].map((client, at) => {
      const collector = new RocketMQCollector({ registry });
      collector.add(asClient(client, `app${at}`));
      collector.add(asClient(shared));
      return collector;
    });
    for (const each of collectors) each.register();
    // the same client in both counts once
    expect(await valueOf(CALLS)).toBe(3);
    expect(await valueOf('rocketmq_client_connections{client="app0"}')).toBe(0);
    expect(await valueOf('rocketmq_client_connections{client="app1"}')).toBe(0);
    collectors[0]?.unregister();
    collectors[0]?.unregister();
    expect(await valueOf(CALLS)).toBe(3);
    expect(await valueOf('rocketmq_client_connections{client="app0"}')).toBeUndefined();
    expect(await valueOf('rocketmq_client_connections{client="app1"}')).toBe(0);
    collectors[1]?.unregister();
    expect(registry.getMetricsAsArray()).toEqual([]);
  });

  test('names that each gives to its codes', async () => {
    const [one, two] = [new RemotingClient(), new RemotingClient()];
    call(one, 1, 20001);
    call(two, 2, 20001);
    for (const [client, name] of [
      [one, 'ECHO'],
      [two, 'ORDER'],
    ] as const) {
      const collector = new RocketMQCollector({ registry, requestCodes: { 20001: name } });
      collector.add(asClient(client));
      collector.register();
    }
    expect(await valueOf(CALLS.replace('PULL_MESSAGE', 'ECHO'))).toBe(1);
    expect(await valueOf(CALLS.replace('PULL_MESSAGE', 'ORDER'))).toBe(2);
  });

  test('metrics of others stay, and one with a name of ours is told at once', () => {
    const foreign = new Counter({ name: 'orders_total', help: 'Orders.', registers: [registry] });
    const collector = collecting(registry, new RemotingClient());
    collector.register();
    collector.unregister();
    expect(registry.getMetricsAsArray()).toEqual([foreign]);
    const taken = new Gauge({ name: 'rocketmq_server_connections', help: 'Mine.', registers: [registry] });
    expect(() => collector.register()).toThrow('rocketmq_server_connections');
    expect(registry.getMetricsAsArray()).toEqual([foreign, taken]);
  });

  test('a registry that was cleared or reset', async () => {
    const client = new RemotingClient();
    call(client, 3);
    const before = collecting(registry, client);
    registry.resetMetrics();
    expect(await valueOf(CALLS)).toBe(3);
    registry.clear();
    const after = collecting(registry, client);
    before.unregister();
    expect(await valueOf(CALLS)).toBe(3);
    after.unregister();
    expect(registry.getMetricsAsArray()).toEqual([]);
  });
});
