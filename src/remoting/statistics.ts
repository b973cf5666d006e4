/** How a call was made. */
export const callKinds = ['sync', 'async', 'oneway'] as const;
/** A member of {@link callKinds}. */
export type CallKind = (typeof callKinds)[number];

/**
 * How a call, or the handling of a request, ended: `success` and `error` are answers (response code 0, another one),
 * the others ended without.
 */
export const callOutcomes = [
  'success',
  'error',
  'timeout',
  'connect_error',
  'send_error',
  'too_much_request',
  'aborted',
  'shutdown',
] as const;
/** A member of {@link callOutcomes}. */
export type CallOutcome = (typeof callOutcomes)[number];

/** Upper bounds of the duration buckets in seconds: 0.1 ms, doubling up to 52 s. */
export const durationBucketBounds: readonly number[] = Array.from(
  { length: 20 },
  (_, at) => (0.0001 * 2 ** at * 1e6) / 1e6,
);

/** Code that all codes are counted under that have no entry of their own. */
export const OTHER_CODE = Number.MIN_SAFE_INTEGER;
const MOST_CODES = 1000;

/** Durations in log-scaled buckets; the last one holds what is longer than every bound. */
export class DurationHistogram {
  readonly counts = new Float64Array(durationBucketBounds.length + 1);
  /** Sum of all durations in seconds. */
  sumSeconds = 0;

  /** Counts one duration in milliseconds. */
  record(ms: number): void {
    this.sumSeconds += ms / 1000;
    const tenths = Math.ceil(ms * 10);
    // bucket n ends at 0.1 ms · 2^n
    const bucket = tenths <= 1 ? 0 : 32 - Math.clz32(tenths - 1);
    const last = this.counts.length - 1;
    const at = bucket < last ? bucket : last;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
  }
}

/** Calls of one request code. */
export class CallStatistics {
  /** One number for each kind and outcome: `kind index × number of outcomes + outcome index`. */
  readonly counts = new Float64Array(callKinds.length * callOutcomes.length);
  readonly durations = new DurationHistogram();

  record(kind: number, outcome: number, ms: number): void {
    const at = kind * callOutcomes.length + outcome;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.durations.record(ms);
  }

  /** Calls of a kind that ended so. */
  count(kind: CallKind, outcome: CallOutcome): number {
    return this.counts[callKinds.indexOf(kind) * callOutcomes.length + callOutcomes.indexOf(outcome)] ?? 0;
  }
}

/** Calls by request code; after a thousand codes the next ones share {@link OTHER_CODE}. */
export class CallTable {
  readonly byCode = new Map<number, CallStatistics>();

  of(code: number): CallStatistics {
    return this.byCode.get(code) ?? this.add(code);
  }

  private add(code: number): CallStatistics {
    const key = this.byCode.size < MOST_CODES ? code : OTHER_CODE;
    const statistics = this.byCode.get(key) ?? new CallStatistics();
    this.byCode.set(key, statistics);
    return statistics;
  }
}

/** What one client or server has counted since it was made. Plain numbers: reading them costs the core nothing. */
export class RemotingStatistics {
  /** Calls that were made. */
  readonly calls = new CallTable();
  /**
   * Requests that were served, by code. Codes that have no processor, no name in RocketMQ's request table and no row
   * made ahead by `requests.of(code)` are counted under {@link OTHER_CODE}.
   */
  readonly requests = new CallTable();
  connectionsOpened = 0;
  /** Connections to an address that had been connected before. */
  reconnects = 0;
  connectFailures = 0;
  bytesReceived = 0;
  bytesSent = 0;
  /** Answers to no call that waits: they came late, twice, or with a wrong opaque. */
  lateReplies = 0;
  /** Connections closed for bytes that were no frame. */
  codecErrors = 0;
  /** Callbacks, hooks and listeners of the user that threw. */
  callbackErrors = 0;
  /** Connections closed because their peer did not read. */
  slowReaders = 0;
  /** Connections refused: too many, without the TLS that is demanded, or with a failed handshake. */
  connectionsRefused = 0;
  /** Channel events by type that reached the queue of the listener. */
  readonly channelEvents = { CONNECT: 0, CLOSE: 0, IDLE: 0, EXCEPTION: 0 };
  /** Channel events that found the queue full. */
  channelEventsDropped = 0;
  /** Calls sent once more after GO_AWAY. */
  goAwayResends = 0;
}
