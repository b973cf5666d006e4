import { join } from 'node:path';
import { describe } from '@jest/globals';

/** The checkout: the tests are run from its root. */
const ROOT = process.cwd();

/** RocketMQ releases that every interop test runs against; scripts/fetch-rocketmq.mjs fetches the same. */
const ROCKETMQ_VERSIONS = ['4.9.7', '5.5.0'] as const;

export type RocketMQVersion = (typeof ROCKETMQ_VERSIONS)[number];

/** The class path of the official jars of a release. */
export const classPathOf = (version: RocketMQVersion): string => join(ROOT, 'build', 'rocketmq', version, 'lib', '*');

/** A Java program of test/interop/java, by its file name without the ending. */
export const javaSource = (name: string): string => join(ROOT, 'test', 'interop', 'java', `${name}.java`);

/** `describe` once a RocketMQ release, or skipped where global-setup.mjs found no Java or Maven. */
export const describeInterop = (name: string, suite: (version: RocketMQVersion) => void): void => {
  const run = process.env['INTEROP_SKIP_REASON'] === undefined ? describe : describe.skip;
  for (const version of ROCKETMQ_VERSIONS) run(`${name} (RocketMQ ${version})`, () => suite(version));
};
