import { OptionsError } from '../../errors/options.js';

/** How long messages of each delay level wait, from level 1, as a broker without other configuration has it. */
export const DEFAULT_DELAY_LEVELS = '1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h';

const unitMs: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/**
 * Reads a table of delay levels. Source: Java broker option `messageDelayLevel`, `ScheduleMessageService`.
 *
 * @returns milliseconds, those of level 1 first
 * @throws {OptionsError} when a level is not a whole number with one of the units s, m, h, d
 */
export function parseDelayLevels(text: string = DEFAULT_DELAY_LEVELS): readonly number[] {
  return text
    .trim()
    .split(/\s+/)
    .map(level => {
      const unit = unitMs.get(level.slice(-1));
      const count = level.slice(0, -1);
      if (unit === undefined || !/^\d+$/.test(count)) {
        throw new OptionsError('messageDelayLevel', [
          `"${level}" must be a whole number and one of s, m, h, d, as in 10s`,
        ]);
      }
      return Number(count) * unit;
    });
}

/**
 * How long a message of this level waits, in milliseconds: 0 at level 0 or below, the last level's time above it.
 *
 * @param levels as {@link parseDelayLevels} gives them
 */
export function delayMsOf(level: number, levels: readonly number[]): number {
  return level <= 0 ? 0 : (levels[Math.min(level, levels.length) - 1] ?? 0);
}
