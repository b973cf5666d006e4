/** Readings that share one look. */
export const READS_A_LOOK = 64;

/**
 * Milliseconds since the process started, looked up once a tick of the event loop and once in 64 readings: a call
 * reads it several times, and a look costs 50 ns.
 */
export class CoarseClock {
  /**
   * Told how old the value is when it is given up: readings of it were too old by up to so many milliseconds. Comes
   * after at most 64 readings and before the tick is over.
   */
  onLookOver: ((ageMs: number) => void) | undefined = undefined;
  private value = 0;
  private readsLeft = 0;
  private tickBegun = false;

  /** Now, at most one tick or 64 readings old. */
  now(): number {
    if (this.readsLeft === 0) this.look();
    this.readsLeft--;
    return this.value;
  }

  private look(): void {
    const now = performance.now();
    if (this.tickBegun) this.onLookOver?.(now - this.value);
    else process.nextTick(expire, this);
    this.tickBegun = true;
    this.value = now;
    this.readsLeft = READS_A_LOOK;
  }

  /** @internal The next reading looks. */
  expire(): void {
    this.onLookOver?.(performance.now() - this.value);
    this.tickBegun = false;
    this.readsLeft = 0;
  }
}

const expire = (clock: CoarseClock): void => clock.expire();
