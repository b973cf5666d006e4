/** Name of the instrumentation scope of every span. */
export const INSTRUMENTATION_NAME = 'nestjs-rocketmq';

/** Method of codes that have no name: peers can send any number, so these share one. */
export const OTHER_METHOD = '_OTHER';

/** One attribute of our spans. */
export interface SpanAttributeRow {
  /** Name on the span. */
  readonly key: string;
  /** Kinds of spans that have it. */
  readonly on: 'CLIENT' | 'SERVER' | 'CLIENT, SERVER';
  /** Since when the span has it: `start` is before the sampler decides. */
  readonly set: 'start' | 'end';
  /** What it says, and when it is there if not always. */
  readonly says: string;
}

/**
 * Every attribute of our spans, the one place that names them; `docs/tracing.md` is compared with it. Names by
 * OpenTelemetry's semantic conventions 1.44 for RPC, copied because they are no stable import; `rocketmq.*` are ours.
 */
export const spanAttributes = {
  RPC_SYSTEM_NAME: { key: 'rpc.system.name', on: 'CLIENT, SERVER', set: 'start', says: '`rocketmq`' },
  RPC_METHOD: {
    key: 'rpc.method',
    on: 'CLIENT, SERVER',
    set: 'start',
    says: 'name of the request code, as the span is named',
  },
  RPC_METHOD_ORIGINAL: {
    key: 'rpc.method_original',
    on: 'CLIENT, SERVER',
    set: 'end',
    says: 'the request code as text, where `rpc.method` is `_OTHER`',
  },
  RPC_STATUS_CODE: {
    key: 'rpc.status_code',
    on: 'CLIENT, SERVER',
    set: 'end',
    says: 'response code as text, where there was an answer',
  },
  ERROR_TYPE: {
    key: 'error.type',
    on: 'CLIENT, SERVER',
    set: 'end',
    says: 'what failed: a response code that is not 0, the code of our error (`RMQ_REMOTING_TIMEOUT`), or the class of what a processor threw',
  },
  SERVER_ADDRESS: {
    key: 'server.address',
    on: 'CLIENT, SERVER',
    set: 'start',
    says: 'host that was called; on a call to whichever name server or address of a list it is set at the end',
  },
  SERVER_PORT: { key: 'server.port', on: 'CLIENT, SERVER', set: 'start', says: 'its port' },
  NETWORK_PEER_ADDRESS: {
    key: 'network.peer.address',
    on: 'CLIENT, SERVER',
    set: 'end',
    says: 'IP address of the other end, where there was a connection',
  },
  NETWORK_PEER_PORT: { key: 'network.peer.port', on: 'CLIENT, SERVER', set: 'end', says: 'its port' },
  CLIENT_ADDRESS: { key: 'client.address', on: 'SERVER', set: 'end', says: 'IP address of the caller' },
  CLIENT_PORT: { key: 'client.port', on: 'SERVER', set: 'end', says: 'its port' },
  REMOTING_NAME: {
    key: 'rocketmq.remoting.name',
    on: 'CLIENT, SERVER',
    set: 'start',
    says: 'configured name of the client or server',
  },
  REMOTING_PATTERN: {
    key: 'rocketmq.remoting.pattern',
    on: 'CLIENT, SERVER',
    set: 'end',
    says: 'the Nest pattern of a NEST_PATTERN request, its first 256 characters',
  },
} as const satisfies Readonly<Record<string, SpanAttributeRow>>;
