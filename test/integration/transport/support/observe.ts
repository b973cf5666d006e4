import type { Observable } from 'rxjs';

/** What came of an Observable: its values, and how it ended. */
export interface Observation {
  readonly values: unknown[];
  readonly error?: unknown;
}

/** Follows an Observable to its end. */
export const observe = (source: Observable<unknown>): Promise<Observation> =>
  new Promise(resolve => {
    const values: unknown[] = [];
    source.subscribe({
      next: value => values.push(value),
      error: (error: unknown) => resolve({ values, error }),
      complete: () => resolve({ values }),
    });
  });

/** A promise with its ends. */
export class Deferred<T = void> {
  resolve!: (value: T) => void;
  reject!: (error: unknown) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}
