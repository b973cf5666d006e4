/**
 * The types a field of a custom header can have. On the wire each of them is text: Java writes every field with
 * `toString()` and reads it back by the type of the Java field (`RemotingCommand.decodeCommandCustomHeader`).
 */
export interface FieldType<T, Required extends boolean = boolean> {
  /** The wire type; an enum is a `'string'` with {@link FieldType.values}. */
  readonly type: 'string' | 'int' | 'long' | 'boolean';
  /** Whether Java refuses a header without this field (`@CFNotNull`). */
  readonly required: Required;
  /** The only texts allowed, where the field is an enum. */
  readonly values?: readonly string[];
  /** Set on a field that no Java header class has, see {@link extField}. */
  readonly extField?: true;
  /** The text of a value, or `undefined` when the value is of a wrong type or out of range. */
  readonly format: (value: unknown) => string | undefined;
  /** The value of a text, or `undefined` when the text is not one of this type. */
  readonly parse: (text: string) => T | undefined;
}

/**
 * Java's `Long.MAX_VALUE` as a number: the one value above `Number.MAX_SAFE_INTEGER` that headers carry, meaning
 * "no limit". `9223372036854775807` decodes to it, and it encodes to exactly that text.
 */
export const LONG_MAX_VALUE: number = 2 ** 63;

/** Java's `Long.MIN_VALUE` as a number; see {@link LONG_MAX_VALUE}. */
export const LONG_MIN_VALUE: number = -(2 ** 63);

const LONG_MAX_TEXT = '9223372036854775807';
const LONG_MIN_TEXT = '-9223372036854775808';
const INTEGER = /^[+-]?\d+$/;

/** Text of any length. */
export const string: FieldType<string, true> = {
  type: 'string',
  required: true,
  format: value => (typeof value === 'string' ? value : undefined),
  parse: text => text,
};

/** A signed integer of 32 bits. */
export const int: FieldType<number, true> = {
  type: 'int',
  required: true,
  format: value => (typeof value === 'number' && isInt32(value) ? String(value) : undefined),
  parse: text => {
    const value = parseInteger(text);
    return isInt32(value) ? value : undefined;
  },
};

/** A signed integer of 64 bits, as a safe integer or {@link LONG_MAX_VALUE} or {@link LONG_MIN_VALUE}. */
export const long: FieldType<number, true> = {
  type: 'long',
  required: true,
  format: value => {
    if (Number.isSafeInteger(value)) return String(value);
    if (value === LONG_MAX_VALUE) return LONG_MAX_TEXT;
    return value === LONG_MIN_VALUE ? LONG_MIN_TEXT : undefined;
  },
  parse: text => {
    const value = parseInteger(text);
    if (Number.isSafeInteger(value)) return value;
    if (text === LONG_MAX_TEXT) return LONG_MAX_VALUE;
    return text === LONG_MIN_TEXT ? LONG_MIN_VALUE : undefined;
  },
};

/** `true` or `false`; like Java, letter case is ignored when reading. */
export const boolean: FieldType<boolean, true> = {
  type: 'boolean',
  required: true,
  format: value => (typeof value === 'boolean' ? String(value) : undefined),
  parse: text => {
    const lower = text.toLowerCase();
    if (lower === 'true') return true;
    return lower === 'false' ? false : undefined;
  },
};

/** Which end of equal store times a search for an offset wants (Java `BoundaryType`). */
export type BoundaryType = 'LOWER' | 'UPPER';

const BOUNDARY_TYPES: readonly BoundaryType[] = ['LOWER', 'UPPER'];

/** Java's enum `BoundaryType`, written as its constant's name and read in any letter case. */
export const boundaryType: FieldType<BoundaryType, true> = {
  type: 'string',
  required: true,
  values: BOUNDARY_TYPES,
  format: value => BOUNDARY_TYPES.find(each => each === value),
  parse: text => BOUNDARY_TYPES.find(each => each === text.toUpperCase()),
};

/** The same field, but a header may leave it out. */
export function optional<T>(field: FieldType<T>): FieldType<T, false> {
  return { ...field, required: false };
}

/** A field that Java sends beside the header class (`RemotingCommand.addExtField`); it may always be left out. */
export function extField<T>(field: FieldType<T>): FieldType<T, false> {
  return { ...optional(field), extField: true };
}

function isInt32(value: number): boolean {
  return (value | 0) === value;
}

/** NaN for what is no integer; adds 0 so that `-0` becomes the 0 it is in Java. */
function parseInteger(text: string): number {
  return INTEGER.test(text) ? Number(text) + 0 : Number.NaN;
}
