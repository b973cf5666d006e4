import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const there = (path: string): boolean => existsSync(new URL(path, root));

const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(new URL('docs/', root)).map(page => `docs/${page}`)];

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe.each(pages)('%s', page => {
  it('links to pages and headings that are there', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    for (const [link, path = '', anchor] of links) {
      const target = path === '' ? page : new URL(path, new URL(page, root)).pathname.slice(root.pathname.length);
      expect([link, there(target)]).toEqual([link, true]);
      if (anchor !== undefined) expect([link, anchorsOf(target).includes(anchor)]).toEqual([link, true]);
    }
  });
});

it('docs/architecture.md names files that are there', () => {
  const text = read('docs/architecture.md');
  const named = [...text.matchAll(/`((?:src|test|examples|bench|errors|protocol|remoting|transport)\/[\w./-]*)`/g)];
  expect(named.length).toBeGreaterThan(60);
  for (const [, path = ''] of named) {
    const file = /^(src|test|examples|bench)\//.test(path) ? path : `src/${path}`;
    expect([path, there(file)]).toEqual([path, true]);
  }
});

it('the file map of docs/architecture.md has every folder of src', () => {
  const text = read('docs/architecture.md');
  for (const { name } of readdirSync(new URL('src/', root), { withFileTypes: true }).filter(each => each.isDirectory()))
    expect([name, text.includes(`| \`src/${name}/`)]).toEqual([name, true]);
});
