import { requestNameOf } from '../protocol/requests/index.js';
import { reservedCodeNames } from '../protocol/reserved-codes.js';

/** Names that users give to their own request codes: `{ 20001: 'ECHO' }`. */
export type RequestCodeNames = Readonly<Record<number, string>>;

/** Label of codes without a name and without a processor: peers can send any number, so these share one. */
export const OTHER_LABEL = '_OTHER';

/** The `code` label of request codes. It takes as many values as there are names and processors, whatever peers send. */
export class CodeLabels {
  private readonly served = new Set<number>();

  /** A code has a processor: from now on it has a label, even after the processor is gone. */
  noteServed(codes: Iterable<number>): void {
    for (const code of codes) this.served.add(code);
  }

  labelOf(code: number, names: RequestCodeNames): string {
    return (
      names[code] ??
      requestNameOf(code) ??
      reservedCodeNames.get(code) ??
      (this.served.has(code) ? String(code) : OTHER_LABEL)
    );
  }
}
