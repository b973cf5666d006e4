/**
 * Spans of one client or server that are under way. Who is to stop making spans still ends those that it began: it
 * leaves with the last one.
 */
export class Departure {
  private open = 0;
  private asked = false;

  /** @param leave runs once, when nothing is left to do */
  constructor(private readonly leave: () => void) {}

  /** Whether no span may begin any more. */
  get leaving(): boolean {
    return this.asked;
  }

  begun(): void {
    this.open++;
  }

  ended(): void {
    this.open--;
    if (this.asked && this.open === 0) this.leave();
  }

  /** Leaves now, or with the end of the last span. A second call changes nothing. */
  ask(): void {
    if (this.asked) return;
    this.asked = true;
    if (this.open === 0) this.leave();
  }
}
