import { type Context, propagation, ROOT_CONTEXT, type TextMapGetter, type TextMapSetter } from '@opentelemetry/api';
import type { ExtFields, RemotingCommand } from '../protocol/remoting-command.js';

const TRACEPARENT = 'traceparent';

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

/**
 * Puts a context among the ext fields of a request by the global propagator. The user's own fields win; with a
 * `traceparent` of the user nothing is added. Their object is left as it is: it may belong to other requests too.
 */
export function injectContext(context: Context, request: RemotingCommand): void {
  const { extFields } = request;
  const own = extFields === undefined ? undefined : usersOwn(extFields);
  if (own?.[TRACEPARENT] !== undefined) {
    request.extFields = own;
    return;
  }
  const injected: ExtFields = {};
  propagation.inject(context, injected, setter);
  if (Object.keys(injected).length === 0) {
    request.extFields = own;
    return;
  }
  // the symbol first: V8 gives every object that gains a property after a spread a shape of its own, at 5 µs a call
  const fields: Carrier = { [INJECTED]: injected, ...injected, ...own };
  request.extFields = fields;
}

/** The context that came with a request; the root one where none did. */
export function extractContext(request: RemotingCommand): Context {
  const { extFields } = request;
  return extFields === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, extFields, getter);
}
