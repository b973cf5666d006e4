import {
  aFunction,
  anObject,
  type Check,
  type Checks,
  nonEmptyString,
  resolveOptions,
  wholeNumber,
} from '../errors/options.js';
import { type RemotingLogger, silentLogger } from './logger.js';

/** Options of a {@link TopAddressing}. Source: Java `DefaultTopAddressing`, `MixAll.getWSAddr`. */
export interface TopAddressingOptions {
  /** Page with the addresses, `http:` or `https:`. @default `http://<domain>:8080/rocketmq/<subgroup>` */
  url: string | undefined;
  /** Host of the address server; one with a port keeps it. @default `rocketmq.namesrv.domain` of the environment, then `jmenv.tbsite.net` */
  domain: string | undefined;
  /** Last part of its path. @default `rocketmq.namesrv.domain.subgroup` of the environment, then `nsaddr` */
  subgroup: string | undefined;
  /** Unit whose name servers are wanted. @default none */
  unitName: string | undefined;
  /** Parameters of the query. @default none */
  parameters: Readonly<Record<string, string>>;
  /** Milliseconds until the address server must have answered. @default 3000 */
  timeoutMs: number;
  /** Milliseconds from `start()` to the first request. @default 10000 */
  firstFetchDelayMs: number;
  /** Milliseconds between the requests after it. @default 120000 */
  fetchIntervalMs: number;
  /** Where names such as `NAMESRV_ADDR` are looked up. @default process.env */
  environment: Readonly<Record<string, string | undefined>>;
  /** Told of changes and failures. @default nowhere */
  logger: RemotingLogger;
}

const LONGEST_MS = 2_147_483_647;
const milliseconds = wholeNumber(1, LONGEST_MS);

const defaults: TopAddressingOptions = Object.freeze({
  url: undefined,
  domain: undefined,
  subgroup: undefined,
  unitName: undefined,
  parameters: {},
  timeoutMs: 3000,
  firstFetchDelayMs: 10_000,
  fetchIntervalMs: 120_000,
  environment: process.env,
  logger: silentLogger,
});

const aWebAddress: Check = value =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? undefined
    : 'must be a URL that begins with http: or https:';

const texts: Check = value =>
  anObject(value) === undefined && Object.values(value as object).every(each => typeof each === 'string')
    ? undefined
    : 'must be an object of strings';

const aLogger: Check = value =>
  anObject(value) === undefined && aFunction((value as Record<string, unknown>)['warn']) === undefined
    ? undefined
    : 'must be a logger';

const checks: Checks<TopAddressingOptions> = {
  url: aWebAddress,
  domain: nonEmptyString,
  subgroup: nonEmptyString,
  unitName: nonEmptyString,
  parameters: texts,
  timeoutMs: milliseconds,
  firstFetchDelayMs: wholeNumber(0, LONGEST_MS),
  fetchIntervalMs: milliseconds,
  environment: anObject,
  logger: aLogger,
};

/** Names of the environment, the first one that is set counts: Java's system properties, then what a shell can set. */
const names = {
  addresses: ['rocketmq.namesrv.addr', 'NAMESRV_ADDR'],
  domain: ['rocketmq.namesrv.domain', 'ROCKETMQ_NAMESRV_DOMAIN'],
  subgroup: ['rocketmq.namesrv.domain.subgroup', 'ROCKETMQ_NAMESRV_DOMAIN_SUBGROUP'],
} as const;

/** Where addresses come from: text of the environment, or a page. */
export type AddressSource = { readonly text: string; readonly name: string } | { readonly url: URL };

/**
 * Fills in what is not given.
 *
 * @throws {OptionsError} naming all faults at once
 */
export function resolveTopAddressingOptions(given?: Partial<TopAddressingOptions>): Readonly<TopAddressingOptions> {
  return resolveOptions('TopAddressing options', checks, defaults, given);
}

/**
 * Where addresses come from: the address server that the options name, else what the environment lists, else the
 * address server of the environment or RocketMQ's own.
 */
export function addressSourceOf(options: Readonly<TopAddressingOptions>): AddressSource {
  const { url, domain, subgroup, environment } = options;
  const found = (of: keyof typeof names) => names[of].find(name => (environment[name] ?? '').trim() !== '');
  const valueOf = (of: keyof typeof names) => environment[found(of) ?? '']?.trim();
  const name = found('addresses');
  if (name !== undefined && url === undefined && domain === undefined) return { text: environment[name] ?? '', name };
  const host = domain ?? valueOf('domain') ?? 'jmenv.tbsite.net';
  const path = subgroup ?? valueOf('subgroup') ?? 'nsaddr';
  const page = url ?? `http://${host.includes(':') ? host : `${host}:8080`}/rocketmq/${path}`;
  return { url: withUnit(new URL(page), options) };
}

/** The unit follows the path, and `nofix` tells the address server so. */
function withUnit(page: URL, { unitName, parameters }: Readonly<TopAddressingOptions>): URL {
  const url = new URL(page);
  if (unitName !== undefined) {
    url.pathname += `-${unitName}`;
    url.searchParams.set('nofix', '1');
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}
