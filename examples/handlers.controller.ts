import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { Payload, RpcException } from '@nestjs/microservices';
import { ExtFields, RequestCode, ResponseCode } from 'nestjs-rocketmq';
import { from, type Observable } from 'rxjs';
import { isCount, isNumbers, LONGEST_DELAY_MS, MOST_VALUES } from './limits.js';
import { Code, NO_SUCH_ORDER } from './request-codes.js';

/** Serves the request codes: what a Java client, or ours, can call on REMOTING_PORT. */
@Controller()
export class HandlersController {
  private hits = 0;

  /** The body comes back byte for byte. */
  @RequestCode(Code.ECHO, { body: 'buffer' })
  echo(@Payload() body: Buffer | undefined): Buffer | undefined {
    return body;
  }

  /** The sum of a JSON array of numbers. */
  @RequestCode(Code.SUM, { body: 'json' })
  sum(@Payload() numbers: unknown): number {
    if (!isNumbers(numbers)) throw invalid('the body must be a JSON array of numbers');
    return numbers.reduce((sum, each) => sum + each, 0);
  }

  /** An error of the application: response code and remark for the caller. */
  @RequestCode(Code.FIND_ORDER)
  findOrder(): never {
    throw new RpcException({ code: NO_SUCH_ORDER, message: 'no such order' });
  }

  /** 1 to n, a value at a time; a caller that takes no streams gets n alone. */
  @RequestCode(Code.COUNT, { body: 'json' })
  count(@Payload() n: unknown): Observable<number> {
    if (!isCount(n, MOST_VALUES)) throw invalid(`the body must be a whole number from 0 to ${MOST_VALUES}`);
    return from(upTo(n));
  }

  /** Answers the milliseconds that it waited: those of the ext field `delayMs`. */
  @RequestCode(Code.DELAY)
  async delay(@ExtFields('delayMs') delayMs: string | undefined): Promise<number> {
    const ms = Number(delayMs);
    if (!isCount(ms, LONGEST_DELAY_MS)) throw invalid(`the ext field delayMs must be 0 to ${LONGEST_DELAY_MS}`);
    return delay(ms, ms);
  }

  /** An event: its caller waits for no answer. */
  @RequestCode(Code.HIT, { event: true })
  hit(): void {
    this.hits++;
  }

  /** How many of those events came. */
  @RequestCode(Code.HITS)
  countHits(): number {
    return this.hits;
  }
}

/** One value a turn of the event loop: other requests are served in between. */
async function* upTo(n: number): AsyncGenerator<number> {
  for (let value = 1; value <= n; value++) {
    yield value;
    await turn();
  }
}

const invalid = (message: string): RpcException => new RpcException({ code: ResponseCode.INVALID_PARAMETER, message });
