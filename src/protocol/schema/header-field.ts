import type { FieldType } from './field-types.js';

/**
 * One field of a request or response header, with all that is known about it before a value is: its name, its wire
 * type and its name as bytes in both header serializations.
 */
export interface HeaderField extends FieldType<unknown> {
  /** Name on the wire, as the Java class spells it (misspelt ones included). */
  readonly name: string;
  /** UTF-8 bytes of `"name":`, for headers in JSON. */
  readonly jsonKey: Uint8Array;
  /** UTF-8 bytes of the name, for headers in ROCKETMQ serialization. */
  readonly key: Uint8Array;
}

const utf8 = new TextEncoder();

/**
 * Names a field type.
 *
 * @throws TypeError when the name is empty or `__proto__`, which cannot be the key of a header object.
 */
export function defineField(name: string, field: FieldType<unknown>): HeaderField {
  if (name === '' || name === '__proto__') throw new TypeError(`"${name}" cannot be the name of a header field`);
  return { ...field, name, jsonKey: utf8.encode(`${JSON.stringify(name)}:`), key: utf8.encode(name) };
}
