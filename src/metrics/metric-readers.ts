import type { RemotingService } from '../remoting/remoting-service.js';
import type { ProcessorPair } from '../remoting/request-processor.js';
import type { Semaphore } from '../remoting/semaphore.js';
import {
  callKinds,
  callOutcomes,
  type CallTable,
  durationBucketBounds,
  type RemotingStatistics,
} from '../remoting/statistics.js';
import type { MetricKey } from './metric-names.js';
import type { Samples } from './samples.js';

/** Label of the processor that serves the codes without one of their own. */
const DEFAULT_PROCESSOR = '_DEFAULT';

/** Reads the values of one metric from a client or server. */
export type Read = (remoting: RemotingService, into: Samples, labelOf: (code: number) => string) => void;

const perSemaphore =
  (read: (semaphore: Semaphore) => number): Read =>
  ({ core }, into) => {
    into.add({ type: 'async' }, read(core.semaphoreAsync));
    into.add({ type: 'oneway' }, read(core.semaphoreOneway));
  };

const perProcessor =
  (read: (pair: ProcessorPair) => number): Read =>
  ({ dispatcher }, into, labelOf) => {
    for (const [code, pair] of dispatcher.processorTable) into.add({ code: labelOf(code) }, read(pair));
    if (dispatcher.defaultPair !== undefined) into.add({ code: DEFAULT_PROCESSOR }, read(dispatcher.defaultPair));
  };

const counted =
  (read: (statistics: RemotingStatistics) => number): Read =>
  ({ statistics }, into) =>
    into.add({}, read(statistics));

const durations =
  (tableOf: (statistics: RemotingStatistics) => CallTable): Read =>
  ({ statistics }, into, labelOf) => {
    for (const [each, { durations: histogram }] of tableOf(statistics).byCode) {
      const code = labelOf(each);
      let count = 0;
      const bounds = [...durationBucketBounds, '+Inf'];
      for (const [at, le] of bounds.entries()) {
        count += histogram.counts[at] ?? 0;
        into.add({ le, code }, count, '_bucket');
      }
      into.add({ code }, histogram.sumSeconds, '_sum');
      into.add({ code }, count, '_count');
    }
  };

const calls: Read = ({ statistics }, into, labelOf) => {
  for (const [each, row] of statistics.calls.byCode) {
    const code = labelOf(each);
    for (const kind of callKinds) {
      for (const outcome of callOutcomes) {
        const count = row.count(kind, outcome);
        // all combinations would be 24 series a code
        if (count > 0) into.add({ code, kind, outcome }, count);
      }
    }
  }
};

const requests: Read = ({ statistics }, into, labelOf) => {
  for (const [each, row] of statistics.requests.byCode) {
    const code = labelOf(each);
    for (const outcome of callOutcomes) {
      const count = callKinds.reduce((sum, kind) => sum + row.count(kind, outcome), 0);
      if (count > 0) into.add({ code, outcome }, count);
    }
  }
};

/** How each metric is read. What a scrape itself counts is not read from a client or server. */
export const readers: { readonly [Key in Exclude<MetricKey, 'scrape_errors_total'>]: Read } = {
  permits_available: perSemaphore(each => each.availablePermits),
  permits_limit: perSemaphore(each => each.limit),
  permit_waiters: perSemaphore(each => each.queueLength),
  response_table_size: ({ core }, into) => into.add({}, core.responseTable.size),
  calls_total: calls,
  call_duration_seconds: durations(each => each.calls),
  requests_total: requests,
  request_duration_seconds: durations(each => each.requests),
  requests_running: perProcessor(each => each.active),
  requests_running_limit: perProcessor(each => each.concurrency),
  request_queue_length: perProcessor(each => each.queueLength),
  request_queue_limit: perProcessor(each => each.queue),
  requests_rejected_total: perProcessor(each => each.rejected),
  connections: ({ group }, into) => into.add({}, group.channels.size),
  connections_limit: (remoting, into) => {
    if ('maxConnections' in remoting) into.add({}, Number(remoting.maxConnections));
  },
  connects_total: counted(each => each.connectionsOpened),
  connect_failures_total: counted(each => each.connectFailures),
  reconnects_total: counted(each => each.reconnects),
  connections_refused_total: counted(each => each.connectionsRefused),
  received_bytes_total: counted(each => each.bytesReceived),
  sent_bytes_total: counted(each => each.bytesSent),
  channel_events_total: ({ statistics }, into) => {
    for (const [type, count] of Object.entries(statistics.channelEvents)) into.add({ type }, count);
  },
  channel_events_dropped_total: counted(each => each.channelEventsDropped),
  late_replies_total: counted(each => each.lateReplies),
  codec_errors_total: counted(each => each.codecErrors),
  slow_readers_total: counted(each => each.slowReaders),
  callback_errors_total: counted(each => each.callbackErrors),
  go_away_resends_total: counted(each => each.goAwayResends),
};
