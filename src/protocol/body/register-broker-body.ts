import { Buffer } from 'node:buffer';
import { constants, crc32, deflateSync, inflateSync } from 'node:zlib';
import { RemotingCommandError } from '../../errors/remoting-errors.js';
import { dataVersion } from './data-version.js';
import { decodeBody, type Decoder, listOf, objectOf, orElse, text } from './decoder.js';
import { encodeBody } from './encoder.js';
import { MAX_JSON_LENGTH } from './json-value.js';
import { parseTopicConfigLine, topicConfigLine } from './topic-config.js';
import { type TopicConfigSerializeWrapper, topicConfigWrapper, topicConfigWrapperOf } from './topic-config-wrapper.js';
import { mappingInfo } from './topic-route-data.js';

/** What a broker tells a name server of itself: the body of `REGISTER_BROKER` (Java `RegisterBrokerBody`). */
export interface RegisterBrokerBody {
  /** Filter servers of the broker; none since 5.x. */
  readonly filterServerList: readonly string[];
  readonly topicConfigSerializeWrapper: TopicConfigSerializeWrapper;
}

const names = listOf(text);

const registerBrokerBody = objectOf<RegisterBrokerBody>({
  filterServerList: orElse(names, []),
  topicConfigSerializeWrapper: orElse(topicConfigWrapper, topicConfigWrapper({}, '')),
});

/** What a compressed registration may have at most when it is unpacked. */
const MAX_UNPACKED_BYTES = 4 * MAX_JSON_LENGTH;
const NAME = 'RegisterBrokerBody';

/** The body of `REGISTER_BROKER` as JSON. */
export function encodeRegisterBrokerBody(body: RegisterBrokerBody): Buffer {
  return encodeBody(body);
}

/**
 * The body of `REGISTER_BROKER`, compressed: deflated parts with their length (int32) before each of them: data version
 * as JSON; number of topics and a line for each; filter servers as JSON; number of mappings and the JSON of each. Less
 * goes in than into JSON: neither order nor system flag of a topic, nor the version and the history of mappings.
 *
 * @param since5 whether attributes of topics and the mappings are written: readers take the mappings for granted by
 * the version that the command names, from 5.0 (413) on, and those before 5.0 take no attributes
 * @throws RemotingCommandError when a topic cannot be written.
 */
export function compressRegisterBrokerBody(body: RegisterBrokerBody, since5 = true): Buffer {
  const { dataVersion: version, topicConfigTable, topicQueueMappingInfoMap } = body.topicConfigSerializeWrapper;
  const topics = Object.values(topicConfigTable);
  const mappings = Object.values(topicQueueMappingInfoMap);
  const parts = [
    ...part(encodeBody(version)),
    int32(topics.length),
    ...topics.flatMap(topic => part(Buffer.from(topicConfigLine(topic, since5)))),
    ...part(encodeBody(body.filterServerList)),
    ...(since5 ? [int32(mappings.length), ...mappings.flatMap(each => part(encodeBody(each)))] : []),
  ];
  return deflateSync(Buffer.concat(parts), { level: constants.Z_BEST_COMPRESSION });
}

/**
 * Decodes the body of `REGISTER_BROKER`.
 *
 * @param compressed what the header says
 * @throws RemotingCommandError when the body is no registration.
 */
export function decodeRegisterBrokerBody(body: Uint8Array, compressed = false): RegisterBrokerBody {
  return compressed ? unpack(body) : decodeBody(NAME, registerBrokerBody, body);
}

/** Check sum of a body as the header of `REGISTER_BROKER` carries it (Java `UtilAll.crc32`). */
export function bodyCrc32(body: Uint8Array): number {
  return crc32(body) & 0x7f_ff_ff_ff;
}

function unpack(body: Uint8Array): RegisterBrokerBody {
  const reader = new PartReader(inflated(body));
  const version = reader.json(dataVersion);
  const topics = reader.many(() => parseTopicConfigLine(reader.part().toString()));
  const filterServerList = reader.json(names);
  const mappings = reader.atEnd ? [] : reader.many(() => reader.json(mappingInfo));
  const topicQueueMappingInfoMap = Object.fromEntries(mappings.map(each => [each.topic ?? '', each]));
  return {
    filterServerList,
    topicConfigSerializeWrapper: topicConfigWrapperOf(topics, version, { topicQueueMappingInfoMap }),
  };
}

function inflated(body: Uint8Array): Buffer {
  try {
    return inflateSync(body, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    throw new RemotingCommandError(`${NAME}: it cannot be inflated`, { cause });
  }
}

/** Reads parts that have their length before them. */
class PartReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }

  part(): Buffer {
    return this.take(this.int());
  }

  json<T>(decode: Decoder<T>): T {
    return decodeBody(NAME, decode, this.part());
  }

  /** As many as the number before them says; a wrong number runs into the end. */
  many<T>(one: () => T): T[] {
    const all: T[] = [];
    for (let left = this.int(); left > 0; left--) all.push(one());
    return all;
  }

  private int(): number {
    return this.take(4).readInt32BE();
  }

  private take(length: number): Buffer {
    if (length < 0 || length > this.bytes.length - this.at) {
      throw new RemotingCommandError(`${NAME}: a part of ${length} bytes does not fit into what is left`);
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

const part = (bytes: Buffer): Buffer[] => [int32(bytes.length), bytes];

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
