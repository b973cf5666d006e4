import { type Check, type Checks, anObject, nonEmptyString } from '../errors/options.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { type RemotingServerOptions, resolveRemotingServerOptions } from '../remoting/remoting-server-options.js';
import { splitOptions } from './split-options.js';

/** What a server's serializer gets: the value that a handler answers with. */
export interface OutgoingAnswer {
  pattern: string;
  response: unknown;
}

/**
 * Turns a handler's value into the body of its response. Returns bytes, text, a whole `RemotingCommand`, or an
 * {@link OutgoingAnswer} whose `response` is then encoded as usual; or a Promise of it.
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
interface ServerRemotingOwnOptions {
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

/** What a {@link ServerRemoting} keeps: secrets go to the hook that needs them, where nobody prints them. */
export type ServerRemotingSettings = Omit<ServerRemotingOwnOptions, 'acl'>;

const accounts: Check = value => {
  const isTable = anObject(value) === undefined && Object.values(value as object).every(each => !nonEmptyString(each));
  return isTable ? undefined : 'must hold a secret key for each access key';
};

const checks: Checks<ServerRemotingOwnOptions> = {
  name: nonEmptyString,
  serializer: anObject,
  deserializer: anObject,
  acl: value => anObject(value) ?? accounts((value as Partial<ServerAclOptions>).accounts),
};

/**
 * Splits the options: those of the Nest edge, checked, and those of the core.
 *
 * @throws {OptionsError} naming all wrong options
 */
export function splitServerOptions(given: ServerRemotingOptions): {
  own: Readonly<ServerRemotingSettings>;
  acl: ServerAclOptions | undefined;
  core: Partial<RemotingServerOptions>;
} {
  const split = splitOptions('ServerRemoting options', checks, defaults, given, resolveRemotingServerOptions);
  const { acl, ...own } = split.own;
  return { own, acl, core: split.core };
}
