import { defineHeader, type HeaderFields, type HeaderSchema, type InferHeader } from './header-schema.js';

/** One row of a request table, as it is written. */
export interface RequestRow<Req extends HeaderFields = HeaderFields, Res extends HeaderFields = HeaderFields> {
  /** The request code: an int32 on the wire. */
  readonly code: number;
  /** What the request does, in one sentence. */
  readonly summary: string;
  /** Simple name of the Java class of the request header, where there is one. */
  readonly javaHeader?: string;
  /** Simple name of the Java class of the response header, where there is one. */
  readonly javaResponseHeader?: string;
  /** Fields of the request header; none by default. */
  readonly request?: Req;
  /** Fields of the response header; none by default. */
  readonly response?: Res;
}

/** One request code with all that is known about it: a row of a request table, ready for use. */
export interface RequestDefinition<Req, Res> extends Omit<RequestRow, 'request' | 'response'> {
  /** RocketMQ's name of the code, for example `PULL_MESSAGE`. */
  readonly name: string;
  /** The request header. */
  readonly request: HeaderSchema<Req>;
  /** The response header. */
  readonly response: HeaderSchema<Res>;
}

/** The request header of a definition. */
export type RequestHeader<D> = D extends RequestDefinition<infer Req, unknown> ? Req : never;

/** The response header of a definition. */
export type ResponseHeader<D> = D extends RequestDefinition<unknown, infer Res> ? Res : never;

type HeaderOf<R, Side extends 'request' | 'response'> = R extends { readonly [S in Side]: infer F extends HeaderFields }
  ? InferHeader<F>
  : Readonly<Record<string, never>>;
type DefinitionOf<R extends RequestRow> = RequestDefinition<HeaderOf<R, 'request'>, HeaderOf<R, 'response'>> & {
  readonly code: R['code'];
};

/** A group of request definitions by name. */
export type RequestDefinitions<R extends Readonly<Record<string, RequestRow>>> = {
  readonly [Name in keyof R]: DefinitionOf<R[Name]>;
};

/** Refuses what is no property of a row, which inference alone would let pass. */
type OnlyRowKeys<R> = { readonly [Key in Exclude<keyof R, keyof RequestRow>]: never };

/**
 * Defines one request, for example a code of one's own.
 *
 * @throws TypeError when the code is no int32 or a name cannot be a field's.
 */
export function defineRequest<const R extends RequestRow>(name: string, row: R & OnlyRowKeys<R>): DefinitionOf<R>;
export function defineRequest(name: string, row: RequestRow): RequestDefinition<unknown, unknown> {
  const { request = {}, response = {}, ...rest } = row;
  if ((row.code | 0) !== row.code) throw new TypeError(`${name}: request code ${row.code} is not an int32`);
  return {
    ...rest,
    name,
    request: defineHeader({ name: `${name} request`, requestCode: row.code }, request),
    response: defineHeader({ name: `${name} response`, requestCode: row.code }, response),
  };
}

/**
 * Defines a group of requests; each is named by its key.
 *
 * @throws TypeError as {@link defineRequest} does.
 */
export function defineRequests<const R extends Readonly<Record<string, RequestRow>>>(
  rows: R & { readonly [Name in keyof R]: OnlyRowKeys<R[Name]> },
): RequestDefinitions<R>;
export function defineRequests(
  rows: Readonly<Record<string, RequestRow>>,
): Record<string, RequestDefinition<unknown, unknown>> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, defineRequest(name, row)]));
}
