import {
  type DataVersion,
  decodeDataVersion,
  encodeDataVersion,
  isSameDataVersion,
} from '../protocol/body/data-version.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { requests } from '../protocol/requests/index.js';
import { type CallOptions, type Calls, createRequest } from './calls.js';
import type { BrokerIdentity } from './registration.js';

const { QUERY_DATA_VERSION } = requests;

/** What a name server knows of the topics of a broker. */
export interface DataVersionOutcome {
  /** `host:port`. */
  readonly nameServer: string;
  /** Whether the broker must register there: the version is another one, or could not be learnt. */
  readonly changed: boolean;
  /** Version that the name server has; none where it does not know the broker. */
  readonly dataVersion?: DataVersion | undefined;
  /** Why it could not be learnt. */
  readonly error?: Error;
}

/** Makes requests that tell a name server the version of a broker's topics and ask whether it is its own. */
export function queryDataVersionMaker(broker: BrokerIdentity, version: DataVersion): () => RemotingCommand {
  return () => createRequest(QUERY_DATA_VERSION, broker, encodeDataVersion(version));
}

/** Compares versions with all name servers. Source: Java `BrokerOuterAPI.needRegister`. */
export async function queryDataVersion(
  calls: Calls,
  broker: BrokerIdentity,
  version: DataVersion,
  options: CallOptions,
): Promise<DataVersionOutcome[]> {
  const read = (response: RemotingCommand): Pick<DataVersionOutcome, 'changed' | 'dataVersion'> => {
    const { changed } = response.decodeHeader(QUERY_DATA_VERSION.response);
    const { body } = response;
    if (body === undefined || body.length === 0) return { changed };
    const dataVersion = decodeDataVersion(body);
    return { changed: changed || !isSameDataVersion(version, dataVersion), dataVersion };
  };
  const outcomes = await calls.tellAll(queryDataVersionMaker(broker, version), read, options);
  return outcomes.map(({ result, ...outcome }) => ({ changed: true, ...outcome, ...result }));
}
