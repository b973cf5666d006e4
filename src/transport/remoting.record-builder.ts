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

/** Data with what goes beside it on the wire. Made by {@link RemotingRecordBuilder}. */
export class RemotingRecord<TData = unknown> {
  constructor(
    readonly data: TData,
    readonly options: Readonly<RemotingRecordOptions> = {},
  ) {}
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
