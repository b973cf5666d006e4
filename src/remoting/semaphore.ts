/** Somebody who waits for a permit. */
export interface PermitWaiter {
  /** The permit is the waiter's from now on, to be given back by `release()`. */
  grantPermit(): void;
}

interface Place {
  waiter: PermitWaiter;
  before: Place | undefined;
  behind: Place | undefined;
}

/**
 * Counts permits; who waits gets one in the order of arrival. Source: Java `Semaphore` with fairness, as
 * `NettyRemotingAbstract` uses it.
 */
export class Semaphore {
  private available: number;
  private first: Place | undefined = undefined;
  private last: Place | undefined = undefined;
  private readonly places = new Map<PermitWaiter, Place>();
  private granting = false;

  /** @param limit permits there are in all */
  constructor(readonly limit: number) {
    this.available = limit;
  }

  /** Permits that are free. */
  get availablePermits(): number {
    return this.available;
  }

  /** How many wait. */
  get queueLength(): number {
    return this.places.size;
  }

  /** Takes a permit if one is free and nobody waits for it. */
  tryAcquire(): boolean {
    if (this.available === 0 || this.first !== undefined) return false;
    this.available--;
    return true;
  }

  /** Queues up for a permit. */
  enqueue(waiter: PermitWaiter): void {
    const place: Place = { waiter, before: this.last, behind: undefined };
    if (this.last === undefined) this.first = place;
    else this.last.behind = place;
    this.last = place;
    this.places.set(waiter, place);
  }

  /** Leaves the queue. Returns whether the waiter was in it. */
  cancel(waiter: PermitWaiter): boolean {
    const place = this.places.get(waiter);
    if (place === undefined) return false;
    this.places.delete(waiter);
    if (place.before === undefined) this.first = place.behind;
    else place.before.behind = place.behind;
    if (place.behind === undefined) this.last = place.before;
    else place.behind.before = place.before;
    return true;
  }

  /** Gives a permit back, to the one who waits longest. */
  release(): void {
    this.available++;
    // a waiter that fails at once releases in here: a loop, so that a thousand of them need no thousand frames of stack
    if (this.granting) return;
    this.granting = true;
    try {
      while (this.first !== undefined && this.available > 0) {
        const { waiter } = this.first;
        this.cancel(waiter);
        this.available--;
        waiter.grantPermit();
      }
    } finally {
      this.granting = false;
    }
  }
}
