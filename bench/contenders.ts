import type { Contender } from './contender.js';

/** One way to call, by the name that its rows carry. */
export interface Entry {
  /** What its ratio is taken against, and the least that it must reach at 64 in flight with 128 B; 0: only reported. */
  readonly beside?: Readonly<Record<string, number>>;
  /** Loads it inside its server or client process; without it the ends are Java programs. */
  readonly load?: () => Promise<Contender>;
}

const core = async () => (await import('./contenders/core.js')).core;
const nest = async () => (await import('./contenders/nest.js')).nest;
const nestTcp = async () => (await import('./contenders/nest-tcp.js')).nestTcp;

/** Everything that is measured side by side, in the order of the report. */
export const contenders: Readonly<Record<string, Entry>> = {
  bare: { load: async () => (await import('./contenders/bare.js')).bare },
  core: { beside: { bare: 0.7, java: 4 }, load: async () => (await core())() },
  nest: { beside: { 'nest-tcp': 2 }, load: async () => (await nest())('text') },
  'nest-number': { beside: { 'nest-tcp-number': 1.5 }, load: async () => (await nest())('number') },
  'nest-guarded': { beside: { 'nest-tcp-guarded': 1.3 }, load: async () => (await nest())('guarded') },
  'nest-tcp': { load: async () => (await nestTcp())('text') },
  'nest-tcp-number': { load: async () => (await nestTcp())('number') },
  'nest-tcp-guarded': { load: async () => (await nestTcp())('guarded') },
  java: {},
};
