import type { CoarseClock } from './clock.js';

const SLOTS = 1024;
const MASK = SLOTS - 1;

/** What can wait in a {@link DeadlineWheel}: the links are the wheel's own. */
export abstract class Deadline {
  /** @internal Tick at which it is due; −1 when it is in no wheel. */
  dueTick = -1;
  /** @internal The look of the clock that its time was counted from. */
  look = 0;
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

  /** @param tickMs how often deadlines are looked at, in milliseconds */
  constructor(
    private readonly clock: CoarseClock,
    private readonly tickMs = 20,
  ) {
    clock.onTooOld = ms => this.postpone(ms);
  }

  /** Deadlines that wait. */
  get size(): number {
    return this.waiting;
  }

  /** Calls `deadline.expire()` when `ms` milliseconds have passed. */
  add(deadline: Deadline, ms: number): void {
    const now = this.clock.now();
    if (this.timer === undefined) this.start(now);
    deadline.look = this.clock.looks;
    this.insert(deadline, Math.ceil((now - this.base + ms) / this.tickMs));
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

  /** Deadlines of the latest look were counted from a time that was over: they would come too early. */
  private postpone(ms: number): void {
    const { looks } = this.clock;
    this.forEach(each => {
      if (each.look !== looks) return;
      // its new slot may still come
      each.look = -1;
      const due = each.dueTick;
      this.delete(each);
      this.insert(each, due + Math.ceil(ms / this.tickMs));
    });
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
