/** What a metric belongs to: the prefix of its name and its first label. */
export type MetricRole = 'client' | 'server';

/** One metric, as Prometheus sees it. */
export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** What one of its value is. */
  readonly unit: string;
  /** Labels beside `client` or `server`. */
  readonly labels: readonly string[];
  /** The only role that has it. @default both */
  readonly only?: MetricRole;
}

/** Labels of calls and of what is counted per request code. */
const code = ['code'] as const;
const none = [] as const;

/** Every metric by its name without prefix. Clients and servers both call and both serve, so nearly all exist twice. */
export const metricRows = {
  permits_available: {
    type: 'gauge',
    help: 'Permits for calls that are free.',
    unit: 'permits',
    labels: ['type'],
  },
  permits_limit: { type: 'gauge', help: 'Permits for calls there are in all.', unit: 'permits', labels: ['type'] },
  permit_waiters: { type: 'gauge', help: 'Calls that wait for a permit.', unit: 'calls', labels: ['type'] },
  response_table_size: { type: 'gauge', help: 'Calls that wait for their answer.', unit: 'calls', labels: none },
  calls_total: {
    type: 'counter',
    help: 'Calls that are over, by the way they were made and ended.',
    unit: 'calls',
    labels: ['code', 'kind', 'outcome'],
  },
  call_duration_seconds: {
    type: 'histogram',
    help: 'Time from the beginning of a call, connecting and waiting for a permit included, to its end.',
    unit: 'seconds',
    labels: code,
  },
  requests_total: {
    type: 'counter',
    help: 'Requests of peers that are over, by the way they ended.',
    unit: 'requests',
    labels: ['code', 'outcome'],
  },
  request_duration_seconds: {
    type: 'histogram',
    help: 'Time from the arrival of a request, waiting in the queue included, to its end.',
    unit: 'seconds',
    labels: code,
  },
  requests_running: { type: 'gauge', help: 'Requests that a processor works on.', unit: 'requests', labels: code },
  requests_running_limit: {
    type: 'gauge',
    help: 'Requests that a processor works on at most.',
    unit: 'requests',
    labels: code,
  },
  request_queue_length: {
    type: 'gauge',
    help: 'Requests that wait for their processor.',
    unit: 'requests',
    labels: code,
  },
  request_queue_limit: {
    type: 'gauge',
    help: 'Requests that wait for their processor at most.',
    unit: 'requests',
    labels: code,
  },
  requests_rejected_total: {
    type: 'counter',
    help: 'Requests that a processor did not take: answered SYSTEM_BUSY.',
    unit: 'requests',
    labels: code,
  },
  connections: { type: 'gauge', help: 'Connections that are open.', unit: 'connections', labels: none },
  connections_limit: {
    type: 'gauge',
    help: 'Connections that may be open.',
    unit: 'connections',
    labels: none,
    only: 'server',
  },
  connects_total: {
    type: 'counter',
    help: 'Connections that were opened, reconnects included.',
    unit: 'connections',
    labels: none,
  },
  connect_failures_total: {
    type: 'counter',
    help: 'Connections that could not be opened.',
    unit: 'connections',
    labels: none,
    only: 'client',
  },
  reconnects_total: {
    type: 'counter',
    help: 'Connections to an address that had been connected before.',
    unit: 'connections',
    labels: none,
    only: 'client',
  },
  connections_refused_total: {
    type: 'counter',
    help: 'Connections refused: too many, or without the TLS that is demanded.',
    unit: 'connections',
    labels: none,
    only: 'server',
  },
  received_bytes_total: { type: 'counter', help: 'Bytes received.', unit: 'bytes', labels: none },
  sent_bytes_total: { type: 'counter', help: 'Bytes sent.', unit: 'bytes', labels: none },
  channel_events_total: {
    type: 'counter',
    help: 'Channel events that reached the queue of the listener.',
    unit: 'events',
    labels: ['type'],
  },
  channel_events_dropped_total: {
    type: 'counter',
    help: 'Channel events dropped because the queue of the listener was full.',
    unit: 'events',
    labels: none,
  },
  late_replies_total: {
    type: 'counter',
    help: 'Answers that no call waited for: late, twice, or with a wrong opaque.',
    unit: 'responses',
    labels: none,
  },
  codec_errors_total: {
    type: 'counter',
    help: 'Connections closed for bytes that were no frame, or for half a frame.',
    unit: 'connections',
    labels: none,
  },
  slow_readers_total: {
    type: 'counter',
    help: 'Connections closed because their peer did not read.',
    unit: 'connections',
    labels: none,
  },
  callback_errors_total: {
    type: 'counter',
    help: 'Callbacks, hooks and listeners of the user that threw.',
    unit: 'errors',
    labels: none,
  },
  go_away_resends_total: {
    type: 'counter',
    help: 'Calls sent once more because their peer answered GO_AWAY.',
    unit: 'calls',
    labels: none,
    only: 'client',
  },
  // the last one, so that it counts the errors of its own scrape
  scrape_errors_total: {
    type: 'counter',
    help: 'Values that could not be read during a scrape and are missing from it.',
    unit: 'errors',
    labels: none,
  },
} as const satisfies Record<string, MetricRow>;

/** Name of a metric without its prefix. */
export type MetricKey = keyof typeof metricRows;

/** A metric of one role with its full name and all its labels. */
export interface MetricDescription extends MetricRow {
  readonly key: MetricKey;
  readonly role: MetricRole;
  readonly name: string;
}

const describe = (role: MetricRole, [key, row]: readonly [string, MetricRow]): MetricDescription => ({
  ...row,
  labels: key === 'scrape_errors_total' ? [] : [role, ...row.labels],
  key: key as MetricKey,
  role,
  name: `rocketmq_${role}_${key}`,
});

/** Every metric there is, in the order in which it is exported. */
export const metricDescriptions: readonly MetricDescription[] = (['client', 'server'] as const).flatMap(role =>
  Object.entries<MetricRow>(metricRows)
    .filter(([, row]) => row.only === undefined || row.only === role)
    .map(entry => describe(role, entry)),
);
