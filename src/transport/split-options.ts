import {
  anything,
  type Check,
  type Checks,
  entriesOf,
  faultsOf,
  OptionsError,
  resolveOptions,
} from '../errors/options.js';

/** Options of the Nest edge, checked, and those of the core, which it gets as they were given. */
export interface SplitOptions<Own, Core> {
  readonly own: Readonly<Own>;
  readonly core: Partial<Core>;
}

/**
 * Splits options that are given together.
 *
 * @param owner what the options belong to, for the message
 * @param checks one row an option of the Nest edge
 * @param resolveCore fills in and checks the options of the core
 * @throws {OptionsError} naming all faults of both at once
 */
export function splitOptions<Own extends object, Core extends object>(
  owner: string,
  checks: Checks<Own>,
  defaults: Own,
  given: Partial<Own & Core>,
  resolveCore: (core?: Partial<Core>) => object,
): SplitOptions<Own, Core> {
  const own: Record<string, unknown> = {};
  const core: Record<string, unknown> = {};
  const coreNames = Object.keys(resolveCore());
  for (const [name, value] of entriesOf(owner, given)) {
    if (coreNames.includes(name)) core[name] = value;
    else own[name] = value;
  }
  // names of the core are known here as well, for the hints, of which the first one that fits is given
  const table: Record<string, Check> = { ...checks, ...Object.fromEntries(coreNames.map(name => [name, anything])) };
  const faults = [
    ...faultsOf(() => resolveOptions<object>(owner, table, {}, own)),
    ...faultsOf(() => resolveCore(core as Partial<Core>)),
  ];
  if (faults.length > 0) throw new OptionsError(owner, faults);
  return { own: resolveOptions(owner, checks, defaults, own as Partial<Own>), core: core as Partial<Core> };
}
