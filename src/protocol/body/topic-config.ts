import { RemotingCommandError } from '../../errors/remoting-errors.js';
import { type Decoder, flag, integer, objectOf, orElse, tableOf, text } from './decoder.js';
import { parseTolerantJson } from './tolerant-json.js';

/** A topic as its broker knows it (Java `TopicConfig`). */
export interface TopicConfig {
  readonly topicName: string;
  /** Queues to read from. */
  readonly readQueueNums: number;
  /** Queues to write to. */
  readonly writeQueueNums: number;
  /** Bits: 4 read, 2 write, 1 inherit. */
  readonly perm: number;
  /** `SINGLE_TAG` or `MULTI_TAG`. */
  readonly topicFilterType: string;
  readonly topicSysFlag: number;
  /** Whether the topic is an ordered one. */
  readonly order: boolean;
  /** For example `message.type` → `DELAY`; since 5.0. */
  readonly attributes: Readonly<Record<string, string>>;
}

const DEFAULT_QUEUE_NUMS = 16;
const READ_AND_WRITE = 6;
const SINGLE_TAG = 'SINGLE_TAG';

const attributes = orElse(tableOf(text), {});

/** @internal */
export const topicConfig: Decoder<TopicConfig> = objectOf<TopicConfig>({
  attributes,
  order: orElse(flag, false),
  perm: orElse(integer, READ_AND_WRITE),
  readQueueNums: orElse(integer, DEFAULT_QUEUE_NUMS),
  topicFilterType: orElse(text, SINGLE_TAG),
  topicName: text,
  topicSysFlag: orElse(integer, 0),
  writeQueueNums: orElse(integer, DEFAULT_QUEUE_NUMS),
});

/** What a line must have; Java takes none that is shorter. */
const lineOf: Decoder<TopicConfig> = (value, path) => ({
  ...topicConfig(value, path),
  ...objectOf({ readQueueNums: integer, writeQueueNums: integer, perm: integer, topicFilterType: text })(value, path),
});

/** A topic with the given members; the others are those that Java begins with: 16 queues to be read and written. */
export function topicConfigOf(given: Pick<TopicConfig, 'topicName'> & Partial<TopicConfig>): TopicConfig {
  return topicConfig(given, 'TopicConfig');
}

/**
 * The line of a topic in a compressed registration; system flag and order have no place in it. Without attributes it
 * is the line that releases before 5.0 write, which read no longer one. Source: Java `TopicConfig.encode`.
 *
 * @param withAttributes whether attributes are written, where there are any
 * @throws RemotingCommandError when the name has a space, which separates the fields of the line.
 */
export function topicConfigLine(config: TopicConfig, withAttributes = true): string {
  const { topicName, readQueueNums, writeQueueNums, perm, topicFilterType, attributes: table } = config;
  if (topicName.includes(' ')) {
    throw new RemotingCommandError(
      `topic "${topicName}" has a space in its name: no compressed registration can hold it`,
    );
  }
  const line = [topicName, readQueueNums, writeQueueNums, perm, topicFilterType].join(' ');
  if (!withAttributes || Object.keys(table).length === 0) return line;
  // Java splits at every space, and would lose attributes that have one
  return `${line} ${JSON.stringify(table).replaceAll(' ', String.raw`\u0020`)}`;
}

/**
 * Reads the line of a topic. Source: Java `TopicConfig.decode`.
 *
 * @throws RemotingCommandError when it is no such line.
 */
export function parseTopicConfigLine(line: string): TopicConfig {
  const [topicName, readQueueNums, writeQueueNums, perm, topicFilterType, ...rest] = line.split(' ');
  const json = rest.join(' ');
  const fields = {
    topicName,
    readQueueNums: numberOf(readQueueNums),
    writeQueueNums: numberOf(writeQueueNums),
    perm: numberOf(perm),
    topicFilterType,
    attributes: json === '' ? undefined : parseTolerantJson(json),
  };
  return lineOf(fields, 'TopicConfig');
}

const numberOf = (digits = ''): unknown => (/^\d+$/.test(digits) ? Number(digits) : digits);
