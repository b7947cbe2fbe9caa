import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, read, root, sources, written } from './tree.ts';

const text = written.filter((file) => !/\.(png|ico|wasm|woff2|gz)$/.test(file));

describe('the tree', () => {
  test('has no note of work to come: do it, or say why not', () => {
    expect(linesWith(text, /\b(TO[D]O|FIXM[E]|XX[X]|HAC[K])\b/)).toEqual([]);
  });

  test('has no number of a task, an issue or a review: say the reason itself', () => {
    const number = /\b(issue|ticket|sprint|review|pull request|pr|gh|fixes|closes) ?[#-]\d+\b/i;
    expect(linesWith(text, number)).toEqual([]);
  });

  test('names no path of the machine it was written on', () => {
    expect(linesWith(text, /(?<=^|[\s"'`(=:])\/wor[k]\//)).toEqual([]);
    expect(text.filter((file) => read(file).includes(root))).toEqual([]);
  });

  test('names no host of a package registry: npm knows its own', () => {
    const lockfiles = files.filter((file) => path.basename(file) === 'package-lock.json');
    const host = /\b(registry|npm)\.[a-z0-9-]+\.(org|com|dev|io)\b/;
    expect(linesWith([...text, ...lockfiles], host)).toEqual([]);
  });

  test('has no test that is left out or runs alone', () => {
    const tests = sources.filter((file) => file.endsWith('.test.ts'));
    expect(linesWith(tests, /\b(describe|it|test)\.(only|todo)\(/)).toEqual([]);
  });

  test('has no file of status, plans or sessions', () => {
    const report = /(^|\/)(status|roadmap|sprint|plan|report|notes|changes?-summary)[^/]*\.md$/i;
    expect(files.filter((file) => report.test(file))).toEqual([]);
  });
});

function linesWith(among: readonly string[], pattern: RegExp): readonly string[] {
  return among.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
      ),
  );
}
