import { requestNameOf } from '../protocol/requests/index.js';
import { reservedCodeNames } from '../protocol/reserved-codes.js';
import { OTHER_METHOD } from './span-names.js';

/**
 * `rpc.method` of request codes: the name that the user gave, RocketMQ's name, the number of a code that is our own,
 * `_OTHER` for all the rest. So there are few, whatever peers send.
 */
export class MethodNames {
  private readonly known = new Map<number, string>();

  /**
   * @param given names of the user by code
   * @param isOwn whether a code without a name is one of ours: it has a processor, or we call it
   */
  constructor(
    private readonly given: Readonly<Record<number, string>>,
    private readonly isOwn: (code: number) => boolean,
  ) {}

  of(code: number): string {
    return this.known.get(code) ?? this.learn(code);
  }

  private learn(code: number): string {
    const name = this.given[code] ?? requestNameOf(code) ?? reservedCodeNames.get(code);
    // what is none of ours may become so: it is not remembered
    if (name === undefined && !this.isOwn(code)) return OTHER_METHOD;
    const method = name ?? String(code);
    this.known.set(code, method);
    return method;
  }
}

/** Takes the first `limit` codes that it is asked for from a range as own, no others. */
export function firstOf(limit: number, from: number, to: number): (code: number) => boolean {
  const taken = new Set<number>();
  return code => {
    if (code < from || code > to || (taken.size >= limit && !taken.has(code))) return false;
    taken.add(code);
    return true;
  };
}
