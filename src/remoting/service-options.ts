import {
  aFunction,
  anyOf,
  anObject,
  type Check,
  type Checks,
  oneOf,
  trueOrFalse,
  wholeNumber,
} from '../errors/options.js';
import { defaultFrameLimits } from '../protocol/frame-limits.js';
import type { LanguageCode } from '../protocol/language-code.js';
import { MQVersion } from '../protocol/mq-version.js';
import type { SerializeType } from '../protocol/remoting-command.js';
import type { ChannelEventListener } from './channel-events.js';
import { type RemotingLogger, silentLogger } from './logger.js';

/** Options that {@link RemotingClientOptions} and {@link RemotingServerOptions} share. */
export interface CommonRemotingOptions {
  /** Oneway calls that may be unwritten at the same time. @default 65535 (client), 256 (server) */
  permitsOneway: number;
  /** Calls that may wait for an answer at the same time. @default 65535 (client), 64 (server) */
  permitsAsync: number;
  /** Form of request headers; answers are given in the form of their request. @default 'JSON' */
  serializeType: SerializeType;
  /** Language that headers name; `'auto'` is OTHER, then NODE_JS once the peer knows it. @default 'auto' */
  language: LanguageCode | 'auto';
  /** Version ordinal that headers name, see `MQVersion`. @default 513 (V5_5_0) */
  version: number;
  /** Bytes of a frame, both ways. @default 16777216 */
  maxFrameBytes: number;
  /** Bytes of a header, both ways. @default 1048576 */
  maxHeaderBytes: number;
  /** Unsent bytes of one connection at which a peer that does not read is cut off. @default none (client), 67108864 (server) */
  maxUnsentBytes: number;
  /** Milliseconds without a byte in either direction after which a connection is closed; 0: never. @default 120000 */
  idleTimeoutMs: number;
  /** Milliseconds that a frame may stay half received; 0: any time. @default 30000 */
  frameTimeoutMs: number;
  /** First TCP keep-alive probe after so many milliseconds of silence; 0: none. @default 60000 */
  keepAliveMs: number;
  /** Tell callers what a processor threw, instead of `Internal server error`. @default false */
  exposeErrors: boolean;
  /** Told of connections. @default none */
  channelEventListener: ChannelEventListener | undefined;
  /** Where it says what happens. @default nowhere */
  logger: RemotingLogger;
}

/** Values of options that are not given, where client and server agree. */
export const commonDefaults = Object.freeze({
  serializeType: 'JSON',
  language: 'auto',
  version: MQVersion.V5_5_0,
  maxFrameBytes: defaultFrameLimits.maxFrameBytes,
  maxHeaderBytes: defaultFrameLimits.maxHeaderBytes,
  idleTimeoutMs: 120_000,
  frameTimeoutMs: 30_000,
  keepAliveMs: 60_000,
  exposeErrors: false,
  channelEventListener: undefined,
  logger: silentLogger,
}) satisfies Partial<CommonRemotingOptions>;

/** The longest time that `setTimeout` takes. */
const LONGEST_MS = 2_147_483_647;
/** Milliseconds, 0 included. */
export const milliseconds: Check = wholeNumber(0, LONGEST_MS);
const HEADER_LIMIT = 0xffffff;

const aLogger: Check = value =>
  anObject(value) === undefined &&
  ['error', 'warn', 'log', 'debug'].every(name => aFunction((value as Record<string, unknown>)[name]) === undefined)
    ? undefined
    : 'must have the methods error, warn, log and debug';

/** Checks of {@link CommonRemotingOptions}. */
export const commonChecks: Checks<CommonRemotingOptions> = {
  permitsOneway: wholeNumber(1),
  permitsAsync: wholeNumber(1),
  serializeType: oneOf('JSON', 'ROCKETMQ'),
  language: anyOf("must be 'auto' or a LanguageCode", value =>
    typeof value === 'string' && /^[A-Za-z_]+$/.test(value) ? undefined : 'x',
  ),
  version: wholeNumber(0, 32_767),
  maxFrameBytes: wholeNumber(1024, LONGEST_MS),
  maxHeaderBytes: wholeNumber(256, HEADER_LIMIT),
  maxUnsentBytes: wholeNumber(65_536),
  idleTimeoutMs: milliseconds,
  frameTimeoutMs: milliseconds,
  keepAliveMs: milliseconds,
  exposeErrors: trueOrFalse,
  channelEventListener: anyOf('must be a ChannelEventListener', anObject),
  logger: aLogger,
};
