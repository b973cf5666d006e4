/**
 * Where the core says what happens. Nest's `Logger` fits. Messages name addresses, codes and counts, never bodies,
 * ext fields or secrets.
 */
export interface RemotingLogger {
  error(message: string, ...details: unknown[]): void;
  warn(message: string, ...details: unknown[]): void;
  log(message: string, ...details: unknown[]): void;
  debug(message: string, ...details: unknown[]): void;
}

const nothing = (): void => undefined;

/** Says nothing. */
export const silentLogger: RemotingLogger = Object.freeze({
  error: nothing,
  warn: nothing,
  log: nothing,
  debug: nothing,
});

/** Passes everything on; a logger that throws costs its line, nothing else. */
export function guarded(logger: RemotingLogger): RemotingLogger {
  const pass =
    (level: keyof RemotingLogger) =>
    (message: string, ...details: unknown[]): void => {
      try {
        logger[level](message, ...details);
      } catch {
        // nowhere to say it
      }
    };
  return { error: pass('error'), warn: pass('warn'), log: pass('log'), debug: pass('debug') };
}

/** Lets one message of a kind through in `periodMs`, with how many were held back since. */
export class RateLimitedLog {
  private next = 0;
  private heldBack = 0;

  constructor(
    private readonly logger: RemotingLogger,
    private readonly level: keyof RemotingLogger,
    private readonly periodMs = 10_000,
  ) {}

  log(message: string): void {
    const now = performance.now();
    if (now < this.next) {
      this.heldBack++;
      return;
    }
    this.next = now + this.periodMs;
    this.logger[this.level](this.heldBack === 0 ? message : `${message} (${this.heldBack} more since the last line)`);
    this.heldBack = 0;
  }
}
