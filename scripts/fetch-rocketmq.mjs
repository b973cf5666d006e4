// Fetches the official RocketMQ jars into build/rocketmq/<version>/lib with the Maven of the PATH.
// Usage: node scripts/fetch-rocketmq.mjs [version…]; prints one lib folder a line.
// What is there already is not fetched again: a lib folder only appears once it is complete.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The versions that the interop tests prove: the last 4.x line still in use, and the newest 5.x. */
export const ROCKETMQ_VERSIONS = ['4.9.7', '5.5.0'];

const ARTIFACTS = ['rocketmq-namesrv', 'rocketmq-broker', 'rocketmq-tools', 'rocketmq-client'];
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const CACHE = join(dirname(dirname(fileURLToPath(import.meta.url))), 'build', 'rocketmq');

/** @param {string} version */
const pomOf = version => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>nestjs-rocketmq</groupId>
  <artifactId>interop-${version}</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${ARTIFACTS.map(
  name => `    <dependency>
      <groupId>org.apache.rocketmq</groupId>
      <artifactId>${name}</artifactId>
      <version>${version}</version>
    </dependency>`,
).join('\n')}
  </dependencies>
</project>
`;

/**
 * Makes sure that the jars of one RocketMQ version are on this machine.
 * @param {string} version such as 5.5.0
 * @returns {string} the folder that holds the jars
 */
export const fetchRocketMQ = version => {
  const home = join(CACHE, version);
  const lib = join(home, 'lib');
  if (existsSync(lib)) return lib;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'pom.xml'), pomOf(version));
  // Beside `lib` and renamed at the end: an interrupted download leaves nothing that looks complete.
  const partial = join(home, `lib.partial-${process.pid}`);
  const maven = spawnSync(
    'mvn',
    ['-q', '-B', '-f', join(home, 'pom.xml'), COPY_DEPENDENCIES, `-DoutputDirectory=${partial}`],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (maven.error !== undefined || maven.status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    throw new Error(
      `Maven could not fetch RocketMQ ${version} (${maven.error?.message ?? `exit code ${maven.status}`}); see its output above.`,
    );
  }
  renameSync(partial, lib);
  return lib;
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const versions = process.argv.slice(2);
  for (const version of versions.length === 0 ? ROCKETMQ_VERSIONS : versions) console.log(fetchRocketMQ(version));
}
