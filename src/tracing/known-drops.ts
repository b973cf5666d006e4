import type { Tracer } from '@opentelemetry/api';

/** What a tracer is known to record never: asking it would make ids and objects for nothing. */
export interface KnownDrops {
  /** Whatever is asked. */
  readonly all: boolean;
  /** What has no parent. */
  readonly roots: boolean;
  /** What has a parent that is not sampled. */
  readonly unsampled: boolean;
}

const OFF = 'AlwaysOffSampler';
// a sampler that has none inside: a nested ParentBased says the same words of what is not meant
const ANY = '([^{},]*(?:\\{[^{},]*\\})?)';
const PARENT_BASED = new RegExp(
  `^ParentBased\\{root=${ANY}, remoteParentSampled=${ANY}, remoteParentNotSampled=${ANY}, ` +
    `localParentSampled=${ANY}, localParentNotSampled=${ANY}\\}$`,
);

/**
 * Reads it off the description of the sampler, which the specification words: `AlwaysOffSampler`,
 * `ParentBased{root=…, remoteParentNotSampled=…, localParentNotSampled=…}`. The SDK gives no public access to the
 * sampler of a tracer; where there is none every call is asked, which is right in any case and only slower.
 */
export function knownDropsOf(tracer: Tracer): KnownDrops {
  const sampler = String(Reflect.get(tracer, '_sampler'));
  const all = sampler === OFF;
  const [, root, , remote, , local] = PARENT_BASED.exec(sampler) ?? [];
  return { all, roots: all || root === OFF, unsampled: all || (remote === OFF && local === OFF) };
}
