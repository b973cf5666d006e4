import { type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { INSTRUMENTATION_NAME } from './span-names.js';

/** What the API's own provider stands in for, until an SDK is there. */
interface ProxyProvider extends TracerProvider {
  getDelegateTracer(name: string): Tracer | undefined;
}

const isProxy = (provider: TracerProvider): provider is ProxyProvider => 'getDelegateTracer' in provider;

/**
 * The tracer of an SDK, looked for until there is one: an SDK may be started after us. The API's own tracer, which does
 * nothing, does not count.
 */
export class TracerSource {
  private found: Tracer | undefined = undefined;

  constructor(private readonly provider: TracerProvider | undefined) {}

  /** `undefined`: there is no SDK, nothing is to be done. */
  get tracer(): Tracer | undefined {
    return (this.found ??= this.find());
  }

  private find(): Tracer | undefined {
    const provider = this.provider ?? trace.getTracerProvider();
    return isProxy(provider)
      ? provider.getDelegateTracer(INSTRUMENTATION_NAME)
      : provider.getTracer(INSTRUMENTATION_NAME);
  }
}
