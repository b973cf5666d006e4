import { spawnSync } from 'node:child_process';
import { fetchRocketMQ, ROCKETMQ_VERSIONS } from '../../scripts/fetch-rocketmq.mjs';

/** @param {string} command */
const runs = command => spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0;

const mustRun = [process.env.INTEROP_REQUIRED, process.env.CI].some(
  value => value !== undefined && !['', '0', 'false'].includes(value),
);

/**
 * Fetches the official jars, once before all specs. Without Java or Maven the specs are skipped with a printed reason,
 * or, where `CI` or `INTEROP_REQUIRED=1` is set, the run fails.
 */
// oxlint-disable-next-line import/no-default-export -- Jest asks for one
export default () => {
  const missing = [
    ...(runs('java') && runs('javac') ? [] : ['a Java development kit (17 or later)']),
    ...(runs('mvn') ? [] : ['Maven']),
  ].join(', ');
  if (missing !== '') {
    if (mustRun) throw new Error(`The interop tests are required here, but missing on the PATH: ${missing}.`);
    console.warn(`The interop tests are skipped, missing on the PATH: ${missing}.`);
    process.env.INTEROP_SKIP_REASON = missing;
    return;
  }
  for (const version of ROCKETMQ_VERSIONS) fetchRocketMQ(version);
};
