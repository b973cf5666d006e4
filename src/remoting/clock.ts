const READS_A_LOOK = 64;
/** Readings that turn out to be older than this were too old to build a deadline on. */
const TOO_OLD_MS = 20;

/**
 * Milliseconds since the process started, looked up once a tick of the event loop and once in 64 readings: a call
 * reads it several times, and a look costs 50 ns.
 */
export class CoarseClock {
  /** How often it looked: readings with the same number are one value. */
  looks = 0;
  /** Told by how much the readings of the latest look may have been too old: something kept the tick from its end. */
  onTooOld: ((ms: number) => void) | undefined = undefined;
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
    if (this.tickBegun) this.judge(now);
    else process.nextTick(expire, this);
    this.tickBegun = true;
    this.value = now;
    this.readsLeft = READS_A_LOOK;
    this.looks++;
  }

  private judge(now: number): void {
    if (now - this.value > TOO_OLD_MS) this.onTooOld?.(now - this.value);
  }

  /** @internal The next reading looks. */
  expire(): void {
    this.judge(performance.now());
    this.tickBegun = false;
    this.readsLeft = 0;
  }
}

const expire = (clock: CoarseClock): void => clock.expire();
