import { Inject, type InjectionToken, type ModuleMetadata, type OptionalFactoryDependency } from '@nestjs/common';
import { anObject, type Checks, faultsOf, listOf, OptionsError, resolveOptions } from '../errors/options.js';
import type { BrokerOuterOptions } from '../broker-outer/broker-outer-options.js';
import { type ClientRemotingOptions, splitClientOptions, targetOf } from './client-remoting-options.js';
import { type ServerRemotingOptions, splitServerOptions } from './server-remoting-options.js';

/** Name of a client that is given none. */
export const DEFAULT_NAME = 'default';

/** Options of {@link RocketMQModule.forRoot}. */
export interface RocketMQModuleOptions {
  /** Clients to be injected by `@InjectClientRemoting(name)`. @default none */
  clients?: readonly ClientRemotingOptions[] | undefined;
  /** A server to be had by `app.get(ServerRemoting)`, for `connectMicroservice({ strategy })`. @default none */
  server?: ServerRemotingOptions | undefined;
  /** What a broker asks of name servers and other brokers, to be injected as `BrokerOuterAPI`. @default none */
  brokerOuter?: BrokerOuterOptions | undefined;
}

/** Options of {@link RocketMQModule.forRootAsync}. */
export interface RocketMQModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  /** Names of the clients that the factory gives: providers must be known before it runs. @default ['default'] */
  clients?: readonly string[];
  /** Whether the factory gives a server. @default false */
  server?: boolean;
  /** Whether the factory gives a `brokerOuter`. @default false */
  brokerOuter?: boolean;
  /** What the factory takes. */
  inject?: (InjectionToken | OptionalFactoryDependency)[];
  useFactory: (...dependencies: never[]) => RocketMQModuleOptions | Promise<RocketMQModuleOptions>;
}

/** Names of the clients. */
export const namesOf = ({ clients }: RocketMQModuleOptions): string[] =>
  (clients ?? []).map(client => client.name ?? DEFAULT_NAME);

const checks: Checks<RocketMQModuleOptions> = {
  clients: listOf(anObject),
  server: anObject,
  brokerOuter: anObject,
};

/** Faults of the parts, each with the part that it is of. */
function faultsOfParts({ clients = [], server }: RocketMQModuleOptions): string[] {
  const ofClients = clients.flatMap(client =>
    faultsOf(() => void targetOf(splitClientOptions(client).own, client.nameServers)).map(
      fault => `client "${client.name ?? DEFAULT_NAME}": ${fault}`,
    ),
  );
  const ofServer = server === undefined ? [] : faultsOf(() => void splitServerOptions(server));
  return [...ofClients, ...ofServer.map(fault => `server: ${fault}`)];
}

/** @throws {OptionsError} naming what is wrong of clients and server, and names that are used twice */
export function resolveModuleOptions(given: RocketMQModuleOptions): Readonly<Required<RocketMQModuleOptions>> {
  const defaults = { clients: [], server: undefined, brokerOuter: undefined };
  const resolved = resolveOptions<RocketMQModuleOptions>('RocketMQModule options', checks, defaults, given);
  const names = namesOf(resolved);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  const faults = [...twice.map(name => `two clients are named "${name}"`), ...faultsOfParts(resolved)];
  if (faults.length > 0) throw new OptionsError('RocketMQModule options', faults);
  return { clients: resolved.clients ?? [], server: resolved.server, brokerOuter: resolved.brokerOuter };
}

/** Token of a named client. */
export const clientRemotingToken = (name: string = DEFAULT_NAME): string => `nestjs-rocketmq/client-remoting/${name}`;

/** Injects a client of {@link RocketMQModule} by its name. */
export const InjectClientRemoting = (name: string = DEFAULT_NAME): ParameterDecorator & PropertyDecorator =>
  Inject(clientRemotingToken(name));
