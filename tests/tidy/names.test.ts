import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sources, written } from './tree.ts';

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const kinds = /^(test|prop\.test|int\.test|node|browser|config|generated|d)$/;

describe('names', () => {
  test('of sources are kebab-case, with a known kind before the extension', () => {
    expect(sources.filter((file) => !isWellNamed(path.basename(file)))).toEqual([]);
  });

  test('of folders are kebab-case', () => {
    const folders = new Set(written.flatMap((file) => path.dirname(file).split('/')));
    const odd = [...folders].filter((name) => !/^\./.test(name) && !kebabCase.test(name));
    expect(odd).toEqual([]);
  });

  test('say what a file holds, not that it holds something', () => {
    const vague =
      /^(manager|helpers?|utils?|common|misc|engine|service|processor)\b|-(manager|helpers?|utils?|engine|service|processor)\b/;
    expect(sources.filter((file) => vague.test(path.basename(file)))).toEqual([]);
  });
});

function isWellNamed(name: string): boolean {
  const [stem = '', ...rest] = name.replace(/^\./, '').split('.');
  const kind = rest.slice(0, -1).join('.');
  return kebabCase.test(stem) && (kind === '' || kinds.test(kind));
}
