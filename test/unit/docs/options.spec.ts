import { describe, expect, it } from '@jest/globals';
import { splitBrokerOuterOptions } from '../../../src/broker-outer/broker-outer-options.js';
import type { RocketMQMetricsAsyncOptions } from '../../../src/metrics/rocketmq-metrics.module.js';
import { resolveCollectorOptions, resolveMetricsOptions } from '../../../src/metrics/rocketmq-metrics-options.js';
import type { AclOptions } from '../../../src/remoting/acl-rpc-hook.js';
import { resolveRemotingClientOptions } from '../../../src/remoting/remoting-client-options.js';
import { resolveRemotingServerOptions } from '../../../src/remoting/remoting-server-options.js';
import { ProcessorPair } from '../../../src/remoting/request-processor.js';
import { commonChecks } from '../../../src/remoting/service-options.js';
import { resolveTopAddressingOptions } from '../../../src/remoting/top-addressing-options.js';
import type { RemotingServerTlsOptions, RemotingTlsOptions } from '../../../src/remoting/tls-options.js';
import { resolveTracingOptions } from '../../../src/tracing/rocketmq-tracing-options.js';
import type { RocketMQTracingAsyncOptions } from '../../../src/tracing/rocketmq-tracing.module.js';
import { splitClientOptions } from '../../../src/transport/client-remoting-options.js';
import type { RemotingRecordOptions } from '../../../src/transport/remoting.record-builder.js';
import { requestCodeOptionsOf } from '../../../src/transport/request-code.decorator.js';
import {
  resolveModuleOptions,
  type RocketMQModuleAsyncOptions,
} from '../../../src/transport/rocketmq.module-options.js';
import { type ServerAclOptions, splitServerOptions } from '../../../src/transport/server-remoting-options.js';
import { plain, type Row, sectionsOf, tablesBelow } from './markdown-tables.js';

const sections = sectionsOf('options.md');
const REQUIRED = Symbol('required');
const OF_THE_CLIENT = Symbol('that of the client');

/** Every option of a type with its default: the compiler finds what is missing or too much. */
type Defaults<T> = { readonly [K in keyof Required<T>]: unknown };

const record: Defaults<RemotingRecordOptions> = {
  extFields: undefined,
  timeoutMs: OF_THE_CLIENT,
  serializeType: OF_THE_CLIENT,
  remark: undefined,
};
const acl: Defaults<AclOptions> = { accessKey: REQUIRED, secretKey: REQUIRED, securityToken: undefined };
const serverAcl: Defaults<ServerAclOptions> = { accounts: REQUIRED };
const factory = { imports: undefined, inject: undefined, useFactory: REQUIRED };
const moduleAsync: Defaults<RocketMQModuleAsyncOptions> = {
  ...factory,
  clients: ['default'],
  server: false,
  brokerOuter: false,
};
const metricsAsync: Defaults<RocketMQMetricsAsyncOptions> = { ...factory, controller: false };
const tracingAsync: Defaults<RocketMQTracingAsyncOptions> = factory;
const clientTls: Defaults<RemotingTlsOptions> = {
  ca: true,
  cert: true,
  key: true,
  pfx: true,
  passphrase: true,
  servername: true,
  rejectUnauthorized: true,
  minVersion: true,
  maxVersion: true,
  ciphers: true,
  checkServerIdentity: true,
};
const { servername: _servername, checkServerIdentity: _identity, ...bothTls } = clientTls;
const serverTls: Defaults<RemotingServerTlsOptions> = { ...bothTls, requestCert: true };

/** Defaults that a reader is not helped by seeing. */
const inWords: Readonly<Record<string, string>> = {
  logger: 'silent',
  environment: 'process.env',
  registry: "prom-client's register",
};

function told(name: string, value: unknown): string {
  const words = inWords[name];
  if (words !== undefined) return words;
  if (typeof value === 'symbol') return value.description ?? '';
  if (value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)) return 'none';
  if (Array.isArray(value)) return `[${value.map(each => told('', each)).join(', ')}]`;
  if (value === Number.MAX_SAFE_INTEGER || value === Number.POSITIVE_INFINITY) return 'no limit';
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

const toldAll = (defaults: object): Record<string, string> =>
  Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, told(name, value)]));

const written = (rows: readonly Row[] | undefined, column = 'default'): Record<string, string> =>
  Object.fromEntries((rows ?? []).map(row => [plain(row['option']), plain(row[column])]));

const common = Object.keys(commonChecks);
const onlyCommon = (resolved: object): object =>
  Object.fromEntries(Object.entries(resolved).filter(([name]) => common.includes(name)));
const withoutCommon = (resolved: object): object =>
  Object.fromEntries(Object.entries(resolved).filter(([name]) => !common.includes(name)));

const client = resolveRemotingClientOptions();
const server = resolveRemotingServerOptions();
const { concurrency, queue } = new ProcessorPair({ processRequest: () => undefined }, {}, () => undefined);
const ofClient = splitClientOptions({});
const ofServer = splitServerOptions({});

describe('docs/options.md has every option with its default', () => {
  it.each([
    ['RemotingClient', 0, withoutCommon(client)],
    ['RemotingServer', 0, withoutCommon(server)],
    ['Limits of a processor', 0, { concurrency, queue }],
    ['ServerRemoting', 0, { acl: undefined, ...ofServer.own }],
    ['ServerRemoting', 1, serverAcl],
    ['ClientRemoting', 0, { acl: undefined, ...ofClient.own }],
    ['ClientRemoting', 1, acl],
    ['ClientRemoting', 2, record],
    ['@RequestCode', 0, requestCodeOptionsOf(undefined)],
    ['RocketMQModule', 0, resolveModuleOptions({})],
    ['RocketMQModule', 1, moduleAsync],
    ['BrokerOuterAPI', 0, splitBrokerOuterOptions({}).own],
    ['TopAddressing', 0, resolveTopAddressingOptions()],
    ['RocketMQMetricsModule', 0, resolveMetricsOptions(undefined)],
    ['RocketMQMetricsModule', 1, metricsAsync],
    ['RocketMQTracingModule', 0, resolveTracingOptions()],
    ['RocketMQTracingModule', 1, tracingAsync],
  ])('%s, table %i', (title, at, defaults) => {
    expect(written(tablesBelow(sections, title)[at])).toEqual(toldAll(defaults));
  });

  it('what clients and servers share', () => {
    const [rows] = tablesBelow(sections, 'RemotingClient and RemotingServer');
    expect(written(rows, 'client')).toEqual(toldAll(onlyCommon(client)));
    expect(written(rows, 'server')).toEqual(toldAll(onlyCommon(server)));
  });

  it('a collector takes what its module takes but the controller', () => {
    expect(Object.keys(resolveCollectorOptions(undefined))).toEqual(['registry', 'requestCodes']);
  });

  it('TLS', () => {
    const [rows = []] = tablesBelow(sections, 'TLS');
    const fields = (side: string): string[] => rows.filter(row => row[side] === 'yes').map(row => plain(row['field']));
    expect(fields('client').toSorted()).toEqual(Object.keys(clientTls).toSorted());
    expect(fields('server').toSorted()).toEqual(Object.keys(serverTls).toSorted());
  });

  it('no table is left out of the comparison', () => {
    const compared = sections.flatMap(({ tables }) => tables).filter(rows => rows[0]?.['option'] !== undefined);
    expect(compared).toHaveLength(18);
  });

  it('units are those of the names', () => {
    for (const { tables } of sections) {
      for (const row of tables.flat().filter(each => each['unit'] !== undefined)) {
        const name = plain(row['option']);
        if (name.endsWith('Ms')) expect(`${name} ${row['unit']}`).toBe(`${name} ms`);
        if (name.endsWith('Bytes')) expect(`${name} ${row['unit']}`).toBe(`${name} bytes`);
      }
    }
  });
});

/** Fields of `NettyClientConfig` and `NettyServerConfig` in RocketMQ 5.5.0. */
const JAVA_OPTIONS = `
  clientWorkerThreads clientCallbackExecutorThreads clientOnewaySemaphoreValue clientAsyncSemaphoreValue
  connectTimeoutMillis channelNotActiveInterval isScanAvailableNameSrv clientChannelMaxIdleTimeSeconds
  clientSocketSndBufSize clientSocketRcvBufSize clientPooledByteBufAllocatorEnable clientCloseSocketIfTimeout useTLS
  socksProxyConfig writeBufferHighWaterMark writeBufferLowWaterMark disableCallbackExecutor disableNettyWorkerGroup
  maxReconnectIntervalTimeSeconds enableReconnectForGoAway
  bindAddress listenPort serverWorkerThreads serverCallbackExecutorThreads serverSelectorThreads
  serverOnewaySemaphoreValue serverAsyncSemaphoreValue serverChannelMaxIdleTimeSeconds serverSocketSndBufSize
  serverSocketRcvBufSize serverSocketBacklog serverNettyWorkerGroupEnable serverPooledByteBufAllocatorEnable
  enableShutdownGracefully shutdownWaitTimeSeconds useEpollNativeSelector`;

it("docs/options.md has each of Java's options once, and names only options of ours that there are", () => {
  const [here = []] = tablesBelow(sections, "Java's options and ours");
  const [nowhere = []] = tablesBelow(sections, 'Without a counterpart');
  const named = [...here, ...nowhere].map(row => plain(row['Java']));
  expect(named.toSorted()).toEqual(JAVA_OPTIONS.trim().split(/\s+/).toSorted());
  const known = { ...toldAll(client), ...toldAll(server) };
  for (const row of here) {
    const name = plain(row['here']);
    const isOfServer = !(name in client) || /^(server|bind|listen|shutdown)/.test(plain(row['Java']));
    const ours = told(name, (isOfServer ? server : client)[name as never]).replaceAll("'", '');
    expect(Object.keys(known)).toContain(name);
    expect([name, row['default here']?.split(':')[0]]).toEqual([name, ours]);
  }
});
