import { spawnSync } from 'node:child_process';

const PROMTOOL = 'promtool';
const REQUIRED = process.env['CI'] !== undefined && process.env['CI'] !== '';

/** Whether promtool is there. Where it is not, tests say so and pass; in CI it is required. */
export function hasPromtool(): boolean {
  const there = spawnSync(PROMTOOL, ['--version']).error === undefined;
  if (there) return true;
  if (REQUIRED) throw new Error('promtool is required in CI: install Prometheus');
  console.warn('skipped: promtool is not installed, so nobody checked the exported metrics');
  return false;
}

/** What `promtool check metrics` has against the exported text; empty when nothing. */
export function promtoolFindings(exported: string): string {
  const { status, stdout, stderr } = spawnSync(PROMTOOL, ['check', 'metrics'], { input: exported, encoding: 'utf8' });
  return `${stdout}${stderr}${status === 0 ? '' : `exit code ${status}`}`;
}
