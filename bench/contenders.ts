import type { Contender } from './contender.js';

/** One way to call, by the name that its rows carry. */
export interface Entry {
  /** What its ratio is taken against, and the least that it must reach at 64 in flight with 128 B; 0: only reported. */
  readonly beside?: Readonly<Record<string, number>>;
  /** Loads it inside its server or client process; without it the ends are Java programs. */
  readonly load?: () => Promise<Contender>;
}

const bare = async () => (await import('./contenders/bare.js')).bare;
const core = async () => (await import('./contenders/core.js')).core;
const coreMetrics = async () => (await import('./contenders/core-metrics.js')).coreMetrics;
const coreTraced = async () => (await import('./contenders/core-traced.js')).coreTraced;
const startSdk = async () => (await import('./contenders/sdk.js')).startSdk;
const nest = async () => (await import('./contenders/nest.js')).nest;
const nestTcp = async () => (await import('./contenders/nest-tcp.js')).nestTcp;

const withSdk = (samples: 'nothing' | 'everything') => async (): Promise<Contender> => {
  (await startSdk())(samples);
  return (await coreTraced())();
};

/** Everything that is measured side by side, in the order of the report: what is compared runs within seconds. */
export const contenders: Readonly<Record<string, Entry>> = {
  bare: { load: async () => (await bare())('buffers') },
  'bare-slab': { beside: { bare: 0 }, load: async () => (await bare())('slab') },
  java: {},
  core: { beside: { bare: 0.7, java: 4 }, load: async () => (await core())() },
  'core-metrics': { beside: { core: 0.95 }, load: async () => (await coreMetrics())() },
  'core-nosdk': { beside: { core: 0.95 }, load: async () => (await coreTraced())() },
  'core-sampledout': { beside: { core: 0.8 }, load: withSdk('nothing') },
  'core-recorded': { beside: { core: 0 }, load: withSdk('everything') },
  nest: { beside: { 'nest-tcp': 2 }, load: async () => (await nest())('text') },
  'nest-tcp': { load: async () => (await nestTcp())('text') },
  'nest-number': { beside: { 'nest-tcp-number': 1.5 }, load: async () => (await nest())('number') },
  'nest-tcp-number': { load: async () => (await nestTcp())('number') },
  'nest-guarded': { beside: { 'nest-tcp-guarded': 1.3 }, load: async () => (await nest())('guarded') },
  'nest-tcp-guarded': { load: async () => (await nestTcp())('guarded') },
};
