import { createInterface } from 'node:readline';
import type { Contender } from './contender.js';
import { contenders } from './contenders.js';

/** The contender named on the command line of a server or client process. */
export const contenderOf = async (what = ''): Promise<Contender> => {
  const entry = contenders[what];
  if (entry?.load === undefined) throw new Error(`No contender ${what}.`);
  return entry.load();
};

/** Prints one line of JSON for the process that drives this one. */
export const say = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);

/** Answers every line of the driver; the process ends when its input does. */
export const answerLines = async (answer: (line: string) => object | Promise<object>): Promise<never> => {
  for await (const line of createInterface({ input: process.stdin })) say(await answer(line));
  process.exit(0);
};
