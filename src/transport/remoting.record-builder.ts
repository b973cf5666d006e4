import { anObject, type Checks, oneOf, resolveOptions, wholeNumber } from '../errors/options.js';
import type { ExtFields, SerializeType } from '../protocol/remoting-command.js';

/** What a {@link RemotingRecord} says beside its data. */
export interface RemotingRecordOptions {
  /** Ext fields of the request, or of the response when a handler returns the record. */
  extFields?: ExtFields;
  /** Time-out of this call in milliseconds. @default that of the client */
  timeoutMs?: number;
  /** Form of the header. @default that of the client */
  serializeType?: SerializeType;
  /** Remark of the command. @default none */
  remark?: string;
}

const isString = (value: unknown): boolean => typeof value === 'string';
const when = (right: boolean, must: string): string | undefined => (right ? undefined : must);

const checks: Checks<RemotingRecordOptions> = {
  extFields: value => anObject(value) ?? when(Object.values(value as object).every(isString), 'must hold strings'),
  timeoutMs: wholeNumber(1, 2_147_483_647),
  serializeType: oneOf('JSON', 'ROCKETMQ'),
  remark: value => when(isString(value), 'must be a string'),
};

/** Data with what goes beside it on the wire. Made by {@link RemotingRecordBuilder}. */
export class RemotingRecord<TData = unknown> {
  readonly options: Readonly<RemotingRecordOptions>;

  /** @throws {OptionsError} naming all wrong options */
  constructor(
    readonly data: TData,
    options: Readonly<RemotingRecordOptions> = {},
  ) {
    this.options = resolveOptions<RemotingRecordOptions>('RemotingRecord', checks, {}, options);
  }
}

/**
 * Builds records to send, or to return from a handler.
 *
 * @example client.send(20001, new RemotingRecordBuilder(order).setExtFields({ tenant: 'a' }).setTimeoutMs(500).build())
 */
export class RemotingRecordBuilder<TData = unknown> {
  private options: RemotingRecordOptions = {};

  constructor(private data?: TData) {}

  /** Sets the data. */
  setData(data: TData): this {
    this.data = data;
    return this;
  }

  /** Sets ext fields, beside those that were set before. */
  setExtFields(extFields: ExtFields): this {
    this.options = { ...this.options, extFields: { ...this.options.extFields, ...extFields } };
    return this;
  }

  /** Sets the time-out of the call in milliseconds. */
  setTimeoutMs(timeoutMs: number): this {
    this.options = { ...this.options, timeoutMs };
    return this;
  }

  /** Sets the form of the header. */
  setSerializeType(serializeType: SerializeType): this {
    this.options = { ...this.options, serializeType };
    return this;
  }

  /** Sets the remark. */
  setRemark(remark: string): this {
    this.options = { ...this.options, remark };
    return this;
  }

  build(): RemotingRecord<TData> {
    return new RemotingRecord(this.data as TData, this.options);
  }
}
