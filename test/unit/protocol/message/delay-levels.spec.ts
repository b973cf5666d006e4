import { describe, expect, it } from '@jest/globals';
import { OptionsError } from '../../../../src/errors/options.js';
import { DEFAULT_DELAY_LEVELS, delayMsOf, parseDelayLevels } from '../../../../src/protocol/message/delay-levels.js';
import { goldMessage } from './gold-messages.js';

describe('delay levels', () => {
  it('are those of a Java broker', () => {
    expect(DEFAULT_DELAY_LEVELS).toBe(goldMessage<{ text: string }>('delayLevels').text);
    const levels = parseDelayLevels();
    expect(levels).toHaveLength(18);
    expect([levels[0], levels[4], levels[17]]).toEqual([1000, 60_000, 7_200_000]);
  });

  it('go from 1 to the last one', () => {
    const levels = parseDelayLevels(' 2s  1d ');
    expect([-1, 0, 1, 2, 3].map(level => delayMsOf(level, levels))).toEqual([0, 0, 2000, 86_400_000, 86_400_000]);
  });

  it.each(['', '5', '5x', 's', '-1s', '1.5s', '1s,2s'])('are refused when they cannot be read: "%s"', text => {
    expect(() => parseDelayLevels(text)).toThrow(OptionsError);
  });
});
