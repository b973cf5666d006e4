import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const pathOf = (relative: string): string => fileURLToPath(new URL(relative, root));

const VERSION = '5.5.0';
const LIB = pathOf(`build/rocketmq/${VERSION}/lib`);

const missing = (command: string, versionFlag: string): boolean =>
  spawnSync(command, [versionFlag], { stdio: 'ignore' }).error !== undefined;

/** Fetches the official jars where they are not there yet; answers why Java cannot be measured, if it cannot. */
export const prepareJava = (): string | undefined => {
  if (missing('java', '-version')) return 'no `java` on the PATH';
  if (existsSync(LIB)) return undefined;
  if (missing('mvn', '-v')) return 'no `mvn` on the PATH to fetch the jars with';
  const fetched = spawnSync(process.execPath, [pathOf('scripts/fetch-rocketmq.mjs'), VERSION], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return fetched.status === 0 ? undefined : `the jars of RocketMQ ${VERSION} could not be fetched`;
};

/** Arguments of `java` for one end: `serve`, or `call PORT`. */
export const javaArguments = (...end: readonly string[]): string[] => [
  '-cp',
  [pathOf('bench/java'), `${LIB}/*`].join(delimiter),
  pathOf('bench/java/RemotingEcho.java'),
  ...end,
];
