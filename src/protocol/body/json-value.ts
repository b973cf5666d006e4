/** A value of fastjson's JSON, as it is read. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject | JsonMap;

/** An object whose keys are text; unquoted keys (`{0:"a"}`) come back as their text. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/**
 * An object that has a key which is an object or an array (`{{"queueId":3}:42}`). Such keys are compared by identity:
 * walk the entries.
 */
export type JsonMap = Map<JsonKey, JsonValue>;

/** A key of a {@link JsonMap}. */
export type JsonKey = string | JsonObject | JsonMap | JsonValue[];

/** What a JSON document may cost at most. */
export interface JsonLimits {
  /** Bytes of a body, characters of a text. Default: 16 MiB, the limit of a frame. */
  readonly maxLength?: number;
  /** Objects and arrays inside each other. Default: 128. */
  readonly maxDepth?: number;
}

/** The default of {@link JsonLimits.maxLength}. */
export const MAX_JSON_LENGTH: number = 16 * 1024 * 1024;

/** The default of {@link JsonLimits.maxDepth}. */
export const MAX_JSON_DEPTH = 128;
