import { Buffer } from 'node:buffer';
import { messageOf } from '../errors/message-of.js';
import { MQBrokerError, MQClientError } from '../errors/response-errors.js';
import { RemotingCommand } from '../protocol/remoting-command.js';
import { requestNameOf } from '../protocol/requests/index.js';
import { isRetryableResponse, ResponseCode, responseNameOf } from '../protocol/response-codes.js';
import type { RequestDefinition } from '../protocol/schema/define-request.js';
import type { RemotingClient } from '../remoting/remoting-client.js';

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds from the call to its answer. @default the option `timeoutMs` of the API */
  timeoutMs?: number | undefined;
  /** Cancels the call. */
  signal?: AbortSignal | undefined;
}

/** Options of a call that may go without an answer. */
export interface OnewayOptions extends CallOptions {
  /** Whether no answer is wanted: the call is over when it is written. */
  oneway?: boolean | undefined;
}

/** What became of a call to one of several name servers. */
export interface NameServerOutcome<T = undefined> {
  /** `host:port`. */
  readonly nameServer: string;
  /** What it answered; none of a oneway call, or of one whose answer is empty. */
  readonly result?: T;
  /** Why there is no answer: an {@link MQBrokerError}, or what ended the call. */
  readonly error?: Error;
}

/**
 * A request of a row of the request table.
 *
 * @throws {RemotingCommandError} the header lacks a field or has a wrong one
 */
export const createRequest = <Req, Res>(
  row: RequestDefinition<Req, Res>,
  header?: Req,
  body?: Uint8Array,
): RemotingCommand => RemotingCommand.createRequestCommand(row, header, body);

/** Takes what is wanted out of an answer. */
export type Reader<T> = (response: RemotingCommand) => T;

/** Reads nothing: that the call succeeded is all. */
export const noAnswer: Reader<undefined> = () => undefined;

/** Reads the body. */
export function bodyBy<T>(decode: (body: Uint8Array) => T): Reader<T> {
  return response => decode(response.body ?? Buffer.alloc(0));
}

/** Java's client error code for a call that has no name server to go to. */
const NO_NAME_SERVER = 10_004;

/** How the outer API calls: every answer but SUCCESS is an error, which knows who gave it to what. */
export class Calls {
  private readonly answeredBy = new WeakMap<RemotingCommand, string>();

  constructor(
    private readonly client: RemotingClient,
    private readonly timeoutMs: number,
  ) {
    // a call to "a name server" learns here which one it was
    client.registerRPCHook({
      doAfterResponse: (address, _request, response) => {
        if (response !== undefined) this.answeredBy.set(response, address);
      },
    });
  }

  /**
   * Calls one peer.
   *
   * @param target `host:port`, or `null` for one of the name servers
   * @throws {MQBrokerError} the peer answered with another code than SUCCESS
   * @throws {MQClientError} its answer cannot be read
   * @throws {RemotingError} there is no answer
   */
  async ask<T>(
    target: string | null,
    request: RemotingCommand,
    read: Reader<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const { timeoutMs = this.timeoutMs, signal } = options;
    const response = await this.client.invokeSync(target, request, timeoutMs, { signal });
    const address = this.answeredBy.get(response) ?? target ?? undefined;
    const about = { address, requestCode: request.code };
    const name = requestNameOf(request.code) ?? String(request.code);
    if (response.code !== ResponseCode.SUCCESS) {
      const { code: responseCode, remark } = response;
      const answer = `${responseNameOf(responseCode) ?? 'response code'} (${responseCode})`;
      const message = `${address} answered ${name} with ${answer}: ${remark ?? 'no remark'}`;
      throw new MQBrokerError(message, {
        ...about,
        responseCode,
        remark,
        retryable: isRetryableResponse(responseCode),
      });
    }
    try {
      return read(response);
    } catch (cause) {
      const message = `the answer of ${address} to ${name} cannot be read: ${messageOf(cause)}`;
      throw new MQClientError(message, { ...about, cause });
    }
  }

  /** Calls one peer that need not answer, as {@link ask} does where it must; `undefined` without an answer. */
  async tell<T>(
    target: string | null,
    request: RemotingCommand,
    read: Reader<T>,
    options: OnewayOptions,
  ): Promise<T | undefined> {
    if (options.oneway !== true) return this.ask(target, request, read, options);
    const { timeoutMs = this.timeoutMs, signal } = options;
    await this.client.invokeOneway(target, request, timeoutMs, { signal });
    return undefined;
  }

  /**
   * Calls all name servers at the same time; one that fails delays no other one.
   *
   * @param make makes the request; each call needs one of its own
   * @returns one outcome a name server, in the order in which they are tried; none when none is known
   * @throws {RemotingCommandError} the request cannot be made
   */
  async tellAll<T>(
    make: () => RemotingCommand,
    read: Reader<T>,
    options: OnewayOptions,
  ): Promise<NameServerOutcome<T>[]> {
    const pairs = this.client.getNameServerAddressList().map(nameServer => ({ nameServer, request: make() }));
    return Promise.all(
      pairs.map(async ({ nameServer, request }) => {
        try {
          const result = await this.tell(nameServer, request, read, options);
          return result === undefined ? { nameServer } : { nameServer, result };
        } catch (error) {
          return { nameServer, error: error as Error };
        }
      }),
    );
  }

  /**
   * Calls all name servers as {@link tellAll} does, where all of them must do what is asked.
   *
   * @throws the error of the first that did not, the others' in its `cause`; {@link MQClientError} 10004 without any
   */
  async allMust(make: () => RemotingCommand, options: CallOptions = {}): Promise<void> {
    const outcomes = await this.tellAll(make, noAnswer, options);
    if (outcomes.length === 0) {
      const message = 'no name server address is known: call updateNameServerAddressList() or fetchNameServerAddr()';
      throw new MQClientError(message, { responseCode: NO_NAME_SERVER });
    }
    const failed = outcomes.flatMap(({ nameServer, error }) => (error === undefined ? [] : [{ nameServer, error }]));
    if (failed.length === 0) return;
    const [first] = failed;
    if (failed.length === 1 && first !== undefined) throw first.error;
    const which = failed.map(({ nameServer, error }) => `${nameServer}: ${messageOf(error)}`).join('; ');
    const cause = new AggregateError(failed.map(({ error }) => error));
    throw new MQClientError(`${failed.length} of ${outcomes.length} name servers failed: ${which}`, { cause });
  }
}
