/** Time-out of calls that name none, in milliseconds. Source: Java's clients, 3 s throughout. */
export const DEFAULT_TIMEOUT_MS = 3000;
