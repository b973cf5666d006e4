import { type Context, propagation, ROOT_CONTEXT, type TextMapGetter, type TextMapSetter } from '@opentelemetry/api';
import type { ExtFields, RemotingCommand } from '../protocol/remoting-command.js';

const TRACEPARENT = 'traceparent';
const W3C_FIELDS: ReadonlySet<string> = new Set([TRACEPARENT, 'tracestate', 'baggage']);

/** What we put among ext fields stands here too, so that it is not taken for the user's when the command is sent again. */
const INJECTED = Symbol('nestjs-rocketmq/injected');
type Carrier = ExtFields & { [INJECTED]?: ExtFields };

const setter: TextMapSetter<ExtFields> = {
  set(carrier, key, value) {
    carrier[key] = value;
  },
};

const getter: TextMapGetter<ExtFields> = {
  get: (carrier, key) => (Object.hasOwn(carrier, key) ? carrier[key] : undefined),
  keys: carrier => Object.keys(carrier),
};

/** The fields without those that we added. */
function usersOwn(fields: Carrier): ExtFields {
  const injected = fields[INJECTED];
  if (injected === undefined) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([key, value]) => injected[key] !== value));
}

/** The user's own fields, with nothing of us, where a context may be added; `false` where a traceparent of theirs is. */
function makeRoom(request: RemotingCommand): boolean {
  if (request.extFields === undefined) return true;
  request.extFields = usersOwn(request.extFields);
  return request.extFields[TRACEPARENT] === undefined;
}

/** Into an object of our own: that of the user may belong to other requests too. The user's fields win. */
function add(request: RemotingCommand, injected: ExtFields): void {
  // the symbol first: V8 gives every object that gains a property after a spread a shape of its own, at 5 µs a call
  const fields: Carrier = { [INJECTED]: injected, ...injected, ...request.extFields };
  request.extFields = fields;
}

/**
 * Puts a context among the ext fields of a request by the global propagator, unless a `traceparent` of the user is
 * there.
 */
export function injectContext(context: Context, request: RemotingCommand): void {
  if (!makeRoom(request)) return;
  const injected: ExtFields = {};
  propagation.inject(context, injected, setter);
  if (Object.keys(injected).length > 0) add(request, injected);
}

/** As {@link injectContext}, for a context that is all in its `traceparent`. */
export function injectTraceparent(traceparent: string, request: RemotingCommand): void {
  if (makeRoom(request)) add(request, { [TRACEPARENT]: traceparent });
}

/** Whether the global propagator is W3C's: then a context without state and baggage is its `traceparent`. */
export function propagatesW3C(): boolean {
  const fields = propagation.fields();
  return fields.includes(TRACEPARENT) && fields.every(field => W3C_FIELDS.has(field));
}

/** The context that came with a request; the root one where none did. */
export function extractContext(request: RemotingCommand): Context {
  const { extFields } = request;
  return extFields === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, extFields, getter);
}
