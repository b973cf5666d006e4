const UNPRINTABLE = 'something that cannot be printed was thrown';

/**
 * What went wrong, in the words of whoever threw it. Looks for a message rather than for `Error`: what Node throws is no
 * `Error` of a sandbox such as Jest's.
 */
export function messageOf(error: unknown): string {
  try {
    return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  } catch {
    return UNPRINTABLE;
  }
}

/** What was thrown, as `TypeError: its message`. */
export function descriptionOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return UNPRINTABLE;
  }
}
