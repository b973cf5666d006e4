import { type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { type KnownDrops, knownDropsOf } from './known-drops.js';
import { INSTRUMENTATION_NAME } from './span-names.js';
import { UnsampledRoots } from './unsampled.js';

/** What the API's own provider stands in for, until an SDK is there. */
interface ProxyProvider extends TracerProvider {
  getDelegateTracer(name: string): Tracer | undefined;
}

const NONE: KnownDrops = { all: false, roots: false, unsampled: false };

const isProxy = (provider: TracerProvider): provider is ProxyProvider => 'getDelegateTracer' in provider;

/**
 * The tracer of an SDK, looked for until there is one: an SDK may be started after us. The API's own tracer, which does
 * nothing, does not count.
 */
export class TracerSource {
  private found: Tracer | undefined = undefined;
  private known: KnownDrops = NONE;
  /** For what is not asked for. */
  readonly unsampledRoots = new UnsampledRoots();

  constructor(private readonly provider: TracerProvider | undefined) {}

  /** `undefined`: there is no SDK, nothing is to be done. */
  get tracer(): Tracer | undefined {
    if (this.found === undefined) {
      this.found = this.find();
      if (this.found !== undefined) this.known = knownDropsOf(this.found);
    }
    return this.found;
  }

  /** What {@link tracer} need not be asked for. */
  get drops(): KnownDrops {
    return this.known;
  }

  private find(): Tracer | undefined {
    const provider = this.provider ?? trace.getTracerProvider();
    return isProxy(provider)
      ? provider.getDelegateTracer(INSTRUMENTATION_NAME)
      : provider.getTracer(INSTRUMENTATION_NAME);
  }
}
