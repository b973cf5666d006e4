import { RemotingCommandError } from '../../errors/remoting-errors.js';
import type { FieldType } from './field-types.js';
import { defineField, type HeaderField } from './header-field.js';

/** The fields of a header by name, as a row of the request table writes them. */
export type HeaderFields = Readonly<Record<string, FieldType<unknown>>>;

type RequiredNames<F extends HeaderFields> = {
  [K in keyof F]: F[K] extends FieldType<unknown, true> ? K : never;
}[keyof F];

type FieldValue<F> = F extends FieldType<infer T> ? T : never;

/** The header object of {@link HeaderFields}: a required field is a property, any other may be left out. */
export type InferHeader<F extends HeaderFields> = Flatten<
  { [K in RequiredNames<F>]: FieldValue<F[K]> } & {
    [K in Exclude<keyof F, RequiredNames<F>>]?: FieldValue<F[K]> | undefined;
  }
>;

type Flatten<T> = { [K in keyof T]: T[K] };

/** How the custom header of one request or response is written to `extFields` and read from them. */
export interface HeaderSchema<T> {
  /** The fields in the order of the row. */
  readonly fields: readonly HeaderField[];
  /**
   * The ext fields of a header; what is `undefined` or `null` is left out.
   *
   * @throws RemotingCommandError naming request and field when a required one is missing, or a value has the wrong
   * type or is out of range.
   */
  encode(header: T): Record<string, string>;
  /**
   * The header in `extFields`; ext fields that the schema does not know are ignored.
   *
   * @throws RemotingCommandError naming request and field when a required one is missing, or a text cannot be read.
   */
  decode(extFields: Readonly<Record<string, string>> | undefined): T;
}

/** Whose header it is, for error messages. */
export interface HeaderOwner {
  /** For example `PULL_MESSAGE request`. */
  readonly name: string;
  /** The request code. */
  readonly requestCode: number;
}

/**
 * Makes the schema of one header.
 *
 * @throws TypeError when a name cannot be a field's (see {@link defineField}).
 */
export function defineHeader<F extends HeaderFields>(owner: HeaderOwner, definition: F): HeaderSchema<InferHeader<F>>;
export function defineHeader(owner: HeaderOwner, definition: HeaderFields): HeaderSchema<LooseHeader> {
  const fields = Object.entries(definition).map(([name, type]) => defineField(name, type));
  return {
    fields,
    encode: header => convert(owner, fields, header, formatField),
    decode: extFields => convert(owner, fields, extFields ?? NO_EXT_FIELDS, parseField),
  };
}

type LooseHeader = Readonly<Record<string, unknown>>;

const NO_EXT_FIELDS: LooseHeader = {};

const formatField = (field: HeaderField, value: unknown) => field.format(value);
const parseField = (field: HeaderField, value: unknown) => (typeof value === 'string' ? field.parse(value) : undefined);

/** Reads own properties only, so a field called like a method of `Object.prototype` is missing unless it is there. */
function convert<V>(
  owner: HeaderOwner,
  fields: readonly HeaderField[],
  from: LooseHeader,
  one: (field: HeaderField, value: unknown) => V | undefined,
): Record<string, V> {
  const result: Record<string, V> = {};
  for (const field of fields) {
    const value = Object.hasOwn(from, field.name) ? from[field.name] : undefined;
    if (value !== undefined && value !== null) {
      const converted = one(field, value);
      if (converted === undefined) throw wrongValue(owner, field, value);
      result[field.name] = converted;
    } else if (field.required) {
      throw headerError(owner, field, 'is missing');
    }
  }
  return result;
}

const SHOWN_CHARACTERS = 64;

function wrongValue(owner: HeaderOwner, field: HeaderField, value: unknown): RemotingCommandError {
  const wanted = field.values === undefined ? `of type ${field.type}` : `one of ${field.values.join(', ')}`;
  return headerError(owner, field, `must be ${wanted}, got ${describe(value)}`);
}

function describe(value: unknown): string {
  if (typeof value === 'number') return `number ${value}`;
  if (typeof value !== 'string') return typeof value;
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function headerError(owner: HeaderOwner, field: HeaderField, problem: string): RemotingCommandError {
  return new RemotingCommandError(`${owner.name}: field "${field.name}" ${problem}`, {
    requestCode: owner.requestCode,
  });
}
