/** Values that {@link Code.COUNT} streams at most. */
export const MOST_VALUES = 100_000;
/** Milliseconds that {@link Code.DELAY} waits at most. */
export const LONGEST_DELAY_MS = 60_000;

/** Whether a value is a whole number from 0 to `most`. */
export const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

/** Whether a value is an array of finite numbers. */
export const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(each => Number.isFinite(each));
