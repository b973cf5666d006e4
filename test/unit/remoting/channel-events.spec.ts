import { expect, test } from '@jest/globals';
import type { Channel } from '../../../src/remoting/channel.js';
import { ChannelEventQueue, MOST_CHANNEL_EVENTS } from '../../../src/remoting/channel-events.js';
import { RemotingStatistics } from '../../../src/remoting/statistics.js';

const channel = (remoteAddress: string): Channel => ({ remoteAddress }) as Channel;
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('more than 10,000 events that wait are dropped and counted; the others are told in order', async () => {
  const statistics = new RemotingStatistics();
  const told: string[] = [];
  const queue = new ChannelEventQueue(
    { onChannelConnect: address => void told.push(address) },
    statistics,
    () => undefined,
  );
  const count = MOST_CHANNEL_EVENTS + 5;
  for (let at = 0; at < count; at++) queue.put('CONNECT', channel(String(at)));
  expect(told).toEqual([]);
  expect(statistics.channelEventsDropped).toBe(5);
  expect(statistics.channelEvents.CONNECT).toBe(MOST_CHANNEL_EVENTS);
  while (told.length < MOST_CHANNEL_EVENTS) await turn();
  expect(told).toEqual(Array.from({ length: MOST_CHANNEL_EVENTS }, (_, at) => String(at)));
  queue.put('CONNECT', channel('again'));
  await turn();
  expect(told.at(-1)).toBe('again');
});

test('a listener that returns a Promise is awaited before the next event', async () => {
  const told: string[] = [];
  const listener = {
    onChannelConnect: async (address: string) => {
      told.push(`${address} begins`);
      await turn();
      told.push(`${address} ends`);
    },
  };
  const queue = new ChannelEventQueue(listener, new RemotingStatistics(), () => undefined);
  queue.put('CONNECT', channel('a'));
  queue.put('CLOSE', channel('a'));
  queue.put('CONNECT', channel('b'));
  while (told.length < 4) await turn();
  expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('what a listener throws is handed over and the next event told', async () => {
  const errors: unknown[] = [];
  const told: string[] = [];
  const boom = new Error('boom');
  const listener = {
    onChannelConnect: () => Promise.reject(boom),
    onChannelIdle: () => {
      throw boom;
    },
    onChannelClose: (address: string) => void told.push(address),
  };
  const queue = new ChannelEventQueue(listener, new RemotingStatistics(), error => errors.push(error));
  for (const type of ['CONNECT', 'IDLE', 'CLOSE'] as const) queue.put(type, channel('a'));
  while (told.length < 1) await turn();
  expect(errors).toEqual([boom, boom]);
});

test('without a listener events are counted and nothing is kept', () => {
  const statistics = new RemotingStatistics();
  const queue = new ChannelEventQueue(undefined, statistics, () => undefined);
  for (let at = 0; at < 20_000; at++) queue.put('CLOSE', channel('a'));
  expect([statistics.channelEvents.CLOSE, statistics.channelEventsDropped]).toEqual([20_000, 0]);
});
