import { type Checks, anObject, nonEmptyString, resolveOptions } from '../errors/options.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import type { RemotingServerOptions } from '../remoting/remoting-server-options.js';

/** What a server's serializer gets: the value that a handler answers with. */
export interface OutgoingAnswer {
  pattern: string;
  response: unknown;
}

/**
 * Turns a handler's value into the body of its response. Returns bytes, text, a whole `RemotingCommand`, or an
 * {@link OutgoingAnswer} whose `response` is then encoded as usual.
 */
export interface AnswerSerializer {
  serialize(answer: OutgoingAnswer): unknown;
}

/** Turns a request into what its handler gets: `{ data }`, or a Promise of it. */
export interface RequestDeserializer {
  deserialize(request: RemotingCommand, options: { pattern: string }): { data: unknown } | Promise<{ data: unknown }>;
}

/** Who may call a server that demands signatures. */
export interface ServerAclOptions {
  /** Secret keys by access key. */
  accounts: Readonly<Record<string, string>>;
}

/** Options of a {@link ServerRemoting} beside those of its {@link RemotingServerOptions}. */
export interface ServerRemotingOwnOptions {
  /** Name in metrics and health. @default 'default' */
  name: string;
  /** @default JSON, bytes as they are */
  serializer: AnswerSerializer | undefined;
  /** @default as the body mode of the handler says */
  deserializer: RequestDeserializer | undefined;
  /** Demands requests to be signed. @default no signatures */
  acl: ServerAclOptions | undefined;
}

/** Options of a {@link ServerRemoting}. */
export type ServerRemotingOptions = Partial<ServerRemotingOwnOptions & RemotingServerOptions>;

const defaults: ServerRemotingOwnOptions = Object.freeze({
  name: 'default',
  serializer: undefined,
  deserializer: undefined,
  acl: undefined,
});

const checks: Checks<ServerRemotingOwnOptions> = {
  name: nonEmptyString,
  serializer: anObject,
  deserializer: anObject,
  acl: anObject,
};

/** Splits the options: those of the Nest edge, checked, and those of the core, which checks them itself. */
export function splitServerOptions(given: ServerRemotingOptions): {
  own: Readonly<ServerRemotingOwnOptions>;
  core: Partial<RemotingServerOptions>;
} {
  const { name, serializer, deserializer, acl, ...core } = given;
  const own = resolveOptions('ServerRemoting options', checks, defaults, {
    name,
    serializer,
    deserializer,
    acl,
  } as Partial<ServerRemotingOwnOptions>);
  return { own, core };
}
