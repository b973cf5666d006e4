import { registerBrand, RocketMQError } from './rocketmq-error.js';

/** Options are wrong. `faults` names each one with what it must be. */
export class OptionsError extends RocketMQError {
  static override readonly brand: string = 'OptionsError';
  /** One line a wrong option. */
  readonly faults: readonly string[];
  constructor(owner: string, faults: readonly string[]) {
    super('RMQ_OPTIONS', `${owner}: ${faults.join('; ')}. Correct the named options.`);
    this.faults = faults;
  }
}
registerBrand(OptionsError);

/** Says what a value must be, or `undefined` when it is right. */
export type Check = (value: unknown) => string | undefined;

/** One check for each option: a key without a row is unknown. */
export type Checks<T> = { readonly [K in keyof Required<T>]: Check };

const when = (right: boolean, must: string): string | undefined => (right ? undefined : must);

/** A whole number from `min` to `max`, both included. */
export const wholeNumber =
  (min: number, max: number = Number.MAX_SAFE_INTEGER): Check =>
  value =>
    when(
      typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max,
      max === Number.MAX_SAFE_INTEGER
        ? `must be a whole number of at least ${min}`
        : `must be a whole number from ${min} to ${max}`,
    );

/** `true` or `false`. */
export const trueOrFalse: Check = value => when(typeof value === 'boolean', 'must be true or false');

/** A string of at least one character. */
export const nonEmptyString: Check = value =>
  when(typeof value === 'string' && value.length > 0, 'must be a string that is not empty');

/** One of the listed values. */
export const oneOf =
  (...allowed: readonly unknown[]): Check =>
  value =>
    when(allowed.includes(value), `must be one of ${allowed.map(each => JSON.stringify(each)).join(', ')}`);

/** A function. */
export const aFunction: Check = value => when(typeof value === 'function', 'must be a function');

/** An object that is no array. */
export const anObject: Check = value =>
  when(typeof value === 'object' && value !== null && !Array.isArray(value), 'must be an object');

/** An array whose members all pass. */
export const listOf =
  (check: Check): Check =>
  value => {
    if (!Array.isArray(value)) return 'must be an array';
    const at = value.findIndex(member => check(member) !== undefined);
    return at < 0 ? undefined : `member ${at} ${check(value[at])}`;
  };

/** An object with no other fields than these; what they hold is checked where it is used. */
export const fieldsOf =
  (...names: readonly string[]): Check =>
  value => {
    if (anObject(value) !== undefined) return 'must be an object';
    const other = Object.keys(value as object).find(key => !names.includes(key));
    return other === undefined ? undefined : `has an ${unknown('field', other, names)}`;
  };

/** Names by request code: `{ 20001: 'ECHO' }`. */
export const namesByCode: Check = value =>
  when(
    anObject(value) === undefined &&
      Object.entries(value as object).every(
        ([code, name]) => /^-?\d+$/.test(code) && nonEmptyString(name) === undefined,
      ),
    'must hold names by request code',
  );

/** Anything that one of the checks takes. */
export const anyOf =
  (must: string, ...checks: readonly Check[]): Check =>
  value =>
    when(
      checks.some(check => check(value) === undefined),
      must,
    );

/** Whatever the user gives; checked where it is used. */
export const anything: Check = () => undefined;

const bareName = (key: string): string => key.toLowerCase().replace(/(millis|ms|bytes|seconds|s)$/, '');

/** How many letters must be changed, added or left out to make one word of another. Source: Levenshtein. */
function letterDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [above, letter] of Array.from(from).entries()) {
    const next = [above + 1];
    for (const [at, other] of Array.from(to).entries()) {
      const replaced = (row[at] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Ways to take one name for another, the surest first. */
const likenesses: readonly ((bare: string, other: string) => boolean)[] = [
  (bare, other) => other === bare,
  (bare, other) => bare.length > 3 && letterDistance(bare, other) <= 2,
  (bare, other) => bare.length > 3 && (other.includes(bare) || bare.includes(other)),
];

/** The option that somebody who wrote `key` may have meant. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const bare = bareName(key.slice(0, 64));
  for (const alike of likenesses) {
    const found = known.find(each => alike(bare, bareName(each)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a key is that no row knows, and which one may have been meant. */
function unknown(kind: string, key: string, known: readonly string[]): string {
  const hint = nearest(key, known);
  return `unknown ${kind} "${key}"${hint === undefined ? '' : `, did you mean "${hint}"?`}`;
}

/**
 * What is given, name by name.
 *
 * @throws {OptionsError} when it is no object
 */
export function entriesOf(owner: string, given: object | undefined): [string, unknown][] {
  const must = anObject(given ?? {});
  if (must !== undefined) throw new OptionsError(owner, [must]);
  return Object.entries(given ?? {});
}

/** The faults that something finds in options. */
export function faultsOf(resolve: () => void): readonly string[] {
  try {
    resolve();
    return [];
  } catch (error) {
    if (error instanceof OptionsError) return error.faults;
    throw error;
  }
}

/**
 * Puts the given options over the defaults and checks every one.
 *
 * @param owner what the options belong to, for the message
 * @param checks one row an option
 * @param defaults the values of options that are not given; `undefined` means *not set*
 * @returns a frozen object
 * @throws {OptionsError} naming all faults at once; unknown keys come with the key that may have been meant
 */
export function resolveOptions<T extends object>(
  owner: string,
  checks: Checks<T>,
  defaults: T,
  given: Partial<T> | undefined,
): Readonly<T> {
  const faults: string[] = [];
  const resolved = { ...defaults } as Record<string, unknown>;
  const table = checks as Readonly<Record<string, Check>>;
  for (const [key, value] of entriesOf(owner, given)) {
    if (!Object.hasOwn(table, key)) {
      faults.push(unknown('option', key, Object.keys(table)));
    } else if (value !== undefined) {
      const must = table[key]?.(value);
      // the value itself stays out of the message: it may be a secret
      if (must !== undefined) faults.push(`"${key}" ${must}`);
      else resolved[key] = value;
    }
  }
  if (faults.length > 0) throw new OptionsError(owner, faults);
  return Object.freeze(resolved) as Readonly<T>;
}
