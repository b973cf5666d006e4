import type { Attributes, SpanKind, SpanOptions } from '@opentelemetry/api';
import { addressAttributes } from './address-attributes.js';
import { spanAttributes } from './span-names.js';

/** What a span is begun with. */
export interface SpanShape {
  readonly name: string;
  readonly options: SpanOptions;
}

const MOST_SHAPES = 1000;

/** What spans are begun with, made once for each method and address: nothing is computed for a call that is not sampled. */
export class SpanShapes {
  private readonly byAddress = new Map<string, Map<string, SpanShape>>();
  private size = 0;

  constructor(
    private readonly kind: SpanKind,
    /** Name of the client or server. */
    private readonly remotingName: string,
  ) {}

  /** @param address of the server as `host:port`; `''` where it is not known yet */
  of(method: string, address: string): SpanShape {
    return this.byAddress.get(address)?.get(method) ?? this.make(method, address);
  }

  private make(method: string, address: string): SpanShape {
    const { RPC_SYSTEM_NAME, RPC_METHOD, REMOTING_NAME, SERVER_ADDRESS, SERVER_PORT } = spanAttributes;
    const attributes: Attributes = Object.freeze({
      [RPC_SYSTEM_NAME.key]: 'rocketmq',
      [RPC_METHOD.key]: method,
      [REMOTING_NAME.key]: this.remotingName,
      ...(address === '' ? undefined : addressAttributes(address, SERVER_ADDRESS.key, SERVER_PORT.key)),
    });
    const shape = { name: method, options: Object.freeze({ kind: this.kind, attributes }) };
    // addresses of callers that change for ever must not fill the memory
    if (this.size < MOST_SHAPES) {
      this.size++;
      const methods = this.byAddress.get(address) ?? new Map<string, SpanShape>();
      this.byAddress.set(address, methods.set(method, shape));
    }
    return shape;
  }
}
