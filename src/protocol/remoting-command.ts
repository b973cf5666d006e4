import type { LanguageCode } from './language-code.js';
import type { RequestDefinition } from './schema/define-request.js';
import type { HeaderSchema } from './schema/header-schema.js';

/** How a header is put into bytes: fastjson's JSON or RocketMQ's binary form. Source: Java `SerializeType`. */
export type SerializeType = 'JSON' | 'ROCKETMQ';

/** Bits of {@link RemotingCommand.flag}. */
export const CommandFlag = {
  /** The command is a response. Source: Java `RemotingCommand.RPC_TYPE`. */
  RESPONSE: 1,
  /** No answer is wanted. Source: Java `RemotingCommand.RPC_ONEWAY`. */
  ONEWAY: 2,
  /** The caller takes an answer of several frames. Ours; Java looks at the two bits above only. */
  STREAM: 4,
} as const;

/** Name–value strings of a header. */
export type ExtFields = Record<string, string>;

/** Fields of a new command; what is left out has the value named at {@link RemotingCommand}. */
export interface RemotingCommandInit {
  code: number;
  flag?: number;
  opaque?: number;
  remark?: string | undefined;
  extFields?: ExtFields | undefined;
  /** Bytes, or text that is sent as UTF-8. */
  body?: Uint8Array | string | undefined;
  language?: LanguageCode | undefined;
  version?: number | undefined;
  serializeType?: SerializeType | undefined;
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * One request or response on the wire. Source: Java `RemotingCommand`.
 *
 * The body of a received command is cut from the chunk that it came in when it is first asked for, without a copy.
 */
export class RemotingCommand {
  /** Request code, or response code where {@link isResponse}. */
  code: number;
  /** Language of the sender. Default: what the connection says of itself. */
  language: LanguageCode | undefined;
  /** Version ordinal of the sender (`MQVersion`). Default: what the connection says of itself. */
  version: number | undefined;
  /** Number of the call on its connection; set when the command is sent. Default 0. */
  opaque: number;
  /** Bits of {@link CommandFlag}. Default 0. */
  flag: number;
  /** Text for people, most often of a response. Default: none. */
  remark: string | undefined;
  /** Name–value strings; the custom header of the code travels in them. Default: none. */
  extFields: ExtFields | undefined;
  /** Form of the header. Default: that of the connection. */
  serializeType: SerializeType | undefined;
  /** @internal Bytes or text of the body, or the chunk that holds it. */
  payload: Uint8Array | string | undefined;
  /** @internal Where the body begins in a received chunk; −1 when `payload` is all of it. */
  bodyStart: number;
  /** @internal */
  bodyEnd: number;

  constructor(init: RemotingCommandInit) {
    this.code = init.code;
    this.language = init.language;
    this.version = init.version;
    this.opaque = init.opaque ?? 0;
    this.flag = init.flag ?? 0;
    this.remark = init.remark;
    this.extFields = init.extFields;
    this.serializeType = init.serializeType;
    this.payload = init.body;
    this.bodyStart = -1;
    this.bodyEnd = -1;
  }

  /**
   * A request of a row of the request table.
   *
   * @throws {RemotingCommandError} when the header lacks a required field or a field has the wrong type
   */
  static createRequestCommand<Req, Res>(
    request: RequestDefinition<Req, Res> | number,
    header?: Req,
    body?: Uint8Array | string,
  ): RemotingCommand {
    if (typeof request === 'number') {
      return new RemotingCommand({ code: request, extFields: header as ExtFields | undefined, body });
    }
    const extFields = request.request.fields.length === 0 ? undefined : request.request.encode((header ?? {}) as Req);
    return new RemotingCommand({ code: request.code, extFields, body });
  }

  /** A response; the opaque of its request is set when it is sent. */
  static createResponseCommand(
    code: number,
    remark?: string,
    body?: Uint8Array | string,
    extFields?: ExtFields,
  ): RemotingCommand {
    return new RemotingCommand({ code, flag: CommandFlag.RESPONSE, remark, body, extFields });
  }

  get isResponse(): boolean {
    return (this.flag & CommandFlag.RESPONSE) !== 0;
  }

  get isOneway(): boolean {
    return (this.flag & CommandFlag.ONEWAY) !== 0;
  }

  /** Bytes of the body; `undefined` when there are none. Text that was set is encoded as UTF-8. */
  get body(): Buffer | undefined {
    const payload = this.payload;
    if (payload === undefined) return undefined;
    if (typeof payload === 'string') return Buffer.from(payload);
    if (this.bodyStart < 0) return asBuffer(payload);
    return asBuffer(payload).subarray(this.bodyStart, this.bodyEnd);
  }

  set body(value: Uint8Array | string | undefined) {
    this.payload = value;
    this.bodyStart = -1;
    this.bodyEnd = -1;
  }

  /** The body as UTF-8 text; `''` when there is none. */
  get bodyText(): string {
    const payload = this.payload;
    if (payload === undefined) return '';
    if (typeof payload === 'string') return payload;
    if (this.bodyStart < 0) return asBuffer(payload).toString('utf8');
    return (payload as Buffer).toString('utf8', this.bodyStart, this.bodyEnd);
  }

  /** First byte of the body, or −1 when there is none. */
  get firstBodyByte(): number {
    const payload = this.payload;
    if (typeof payload === 'object') return payload[this.bodyStart < 0 ? 0 : this.bodyStart] ?? -1;
    return payload === undefined || payload.length === 0 ? -1 : (Buffer.from(payload)[0] ?? -1);
  }

  /**
   * The custom header, checked and typed.
   *
   * @throws {RemotingCommandError} when a required field is missing or a value cannot be read
   */
  decodeHeader<T>(schema: HeaderSchema<T>): T {
    return schema.decode(this.extFields);
  }
}
