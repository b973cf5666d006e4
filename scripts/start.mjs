// npm start: builds what is missing or older than its sources, then runs the example in this process, so that
// signals reach it and its exit code is npm's.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** When a file, or the youngest below a folder, was changed; 0 where there is none. */
function changedAt(path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  return Math.max(found.mtimeMs, ...readdirSync(join(root, path)).map(each => changedAt(join(path, each))));
}

/** Compiles when a source is younger than what was made of it. What the compiler says goes to standard error. */
function build(output, sources, command) {
  if (changedAt(output) > Math.max(...sources.map(changedAt))) return;
  process.stderr.write(`Building ${sources[0]} …\n`);
  const [tool, ...args] = command;
  const { status, error } = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (error !== undefined) throw error;
  if (status === 0) return;
  // compilers write even where they find errors: that must not pass for built
  rmSync(join(root, output), { force: true });
  process.exit(status ?? 1);
}

build('dist/index.js', ['src', 'tsconfig.build.json', 'tsconfig.json'], ['@nestjs/cli/bin/nest.js', 'build']);
build(
  'build/examples/main.js',
  ['examples', 'tsconfig.examples.json', 'dist/index.d.ts'],
  ['typescript/bin/tsc', '-p', 'tsconfig.examples.json'],
);
await import(new URL('../build/examples/main.js', import.meta.url).href);
