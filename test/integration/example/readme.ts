import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './example-process.js';

const folder = join(root, 'build/readme');

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The code blocks of the README in a language. */
export const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, code = '']) => code);

const node = (...args: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};

/** Compiles all TypeScript of the README, each block a module of its own; says what the compiler finds. */
export function compileReadme(): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [at, code] of blocks('ts').entries()) writeFileSync(join(folder, `block${at}.ts`), code);
  const options = { extends: '../../tsconfig.examples.json', compilerOptions: { rootDir: '.', outDir: 'out' } };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...options, include: ['.'] }));
  return node('node_modules/typescript/bin/tsc', '-p', folder).output;
}

/** Runs a compiled block, with another port in place of 8888. */
export function runBlock(at: number, port: number): { status: number | null; output: string } {
  const file = join(folder, 'out', `block${at}.js`);
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('8888', String(port)));
  return node(file);
}
