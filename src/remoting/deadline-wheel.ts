import { type CoarseClock, READS_A_LOOK } from './clock.js';

const SLOTS = 1024;
const MASK = SLOTS - 1;

/** What can wait in a {@link DeadlineWheel}: the links are the wheel's own. */
export abstract class Deadline {
  /** @internal Tick at which it is due; −1 when it is in no wheel. */
  dueTick = -1;
  /** @internal */
  earlier: Deadline | undefined = undefined;
  /** @internal */
  later: Deadline | undefined = undefined;

  /** The time is over. Called once, never before its time, at most two ticks after it on a free event loop. */
  abstract expire(): void;
}

/**
 * Deadlines of all calls of one client or server: slots of one tick, each a linked list; one interval that runs only
 * while something waits.
 *
 * Adding and removing cost some nanoseconds where a timer a call would cost a hundred.
 */
export class DeadlineWheel {
  private readonly slots: (Deadline | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  private base = 0;
  private tick = 0;
  private waiting = 0;
  private timer: NodeJS.Timeout | undefined = undefined;
  /** Deadlines counted from the present look of the clock, and when they are due, in milliseconds since `base`. */
  private readonly fresh: (Deadline | undefined)[] = Array.from({ length: READS_A_LOOK }, () => undefined);
  private readonly freshDue = new Float64Array(READS_A_LOOK);
  private freshCount = 0;

  /** @param tickMs how often deadlines are looked at, in milliseconds */
  constructor(
    private readonly clock: CoarseClock,
    private readonly tickMs = 20,
  ) {
    clock.onLookOver = ageMs => this.postpone(ageMs);
  }

  /** Deadlines that wait. */
  get size(): number {
    return this.waiting;
  }

  /** Calls `deadline.expire()` when `ms` milliseconds have passed. */
  add(deadline: Deadline, ms: number): void {
    const now = this.clock.now();
    if (this.timer === undefined) this.start(now);
    const due = now - this.base + ms;
    const at = this.freshCount++;
    this.fresh[at] = deadline;
    this.freshDue[at] = due;
    this.insert(deadline, Math.ceil(due / this.tickMs));
  }

  private insert(deadline: Deadline, tick: number): void {
    // never into the slot that is being expired; NaN is due at once, where `Math.max` would make it wait for ever
    deadline.dueTick = tick > this.tick ? tick : this.tick + 1;
    const slot = deadline.dueTick & MASK;
    const head = this.slots[slot];
    deadline.earlier = undefined;
    deadline.later = head;
    if (head !== undefined) head.earlier = deadline;
    this.slots[slot] = deadline;
    this.waiting++;
  }

  /** Deadlines of this look were counted from a time up to `ageMs` ago: none may come before its own. */
  private postpone(ageMs: number): void {
    for (let at = 0; at < this.freshCount; at++) {
      const deadline = this.fresh[at];
      this.fresh[at] = undefined;
      if (deadline === undefined || deadline.dueTick < 0) continue;
      const tick = Math.ceil(((this.freshDue[at] ?? 0) + ageMs) / this.tickMs);
      if (tick <= deadline.dueTick) continue;
      this.delete(deadline);
      this.insert(deadline, tick);
    }
    this.freshCount = 0;
  }

  /** Takes a deadline out; one that is not in is left alone. */
  delete(deadline: Deadline): void {
    if (deadline.dueTick < 0) return;
    if (deadline.earlier === undefined) this.slots[deadline.dueTick & MASK] = deadline.later;
    else deadline.earlier.later = deadline.later;
    if (deadline.later !== undefined) deadline.later.earlier = deadline.earlier;
    deadline.earlier = undefined;
    deadline.later = undefined;
    deadline.dueTick = -1;
    // the interval stops itself at its next tick: no stop and start a call
    this.waiting--;
  }

  /** Visits every deadline that waits; it may be taken out meanwhile. */
  forEach(visit: (deadline: Deadline) => void): void {
    for (const head of this.slots) {
      const all: Deadline[] = [];
      for (let each = head; each !== undefined; each = each.later) all.push(each);
      for (const each of all) if (each.dueTick >= 0) visit(each);
    }
  }

  /** Stops the interval. Deadlines still in stay until they are taken out or the wheel is used again. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private start(now: number): void {
    // ticks go on from where they stood: deadlines that outlived stop() keep their slots
    this.base = now - this.tick * this.tickMs;
    this.timer = setInterval(() => this.advance(), this.tickMs);
  }

  private advance(): void {
    if (this.waiting === 0) {
      this.stop();
      return;
    }
    const target = Math.floor((performance.now() - this.base) / this.tickMs);
    // after a long stall one round over all slots finds whatever is due
    if (target - this.tick > SLOTS) this.tick = target - SLOTS;
    while (this.tick < target) {
      this.tick++;
      this.expireSlot(this.tick & MASK, target);
    }
  }

  private expireSlot(slot: number, target: number): void {
    const due: Deadline[] = [];
    for (let each = this.slots[slot]; each !== undefined; each = each.later) if (each.dueTick <= target) due.push(each);
    for (const each of due) {
      // one that expires may take others out
      if (each.dueTick < 0 || each.dueTick > target) continue;
      this.delete(each);
      each.expire();
    }
  }
}
