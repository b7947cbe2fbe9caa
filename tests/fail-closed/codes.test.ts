import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusalCodes } from '@chancery/kernel/refusal';

const root = path.resolve(import.meta.dirname, '../..');

const files = ['packages', 'apps', 'tests'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => path.join(folder, file)),
);

const isTest = (file: string): boolean => /\.test\.ts$|^tests\/|\/testkit\//.test(file);
const textOf = (chosen: readonly string[]): string =>
  chosen.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n');

const lists = ['codes.ts', 'evidence-codes.ts', 'secret-codes.ts'].map((name) =>
  path.join('packages/kernel/src/refusal', name),
);
const sources = textOf(files.filter((file) => !isTest(file) && !lists.includes(file)));
const tests = textOf(files.filter(isTest));

describe.each(Object.keys(refusalCodes))('the refusal %s', (code) => {
  it('is made somewhere', () => {
    expect(sources.includes(`'${code}'`)).toBe(true);
  });

  it('is provoked by a test', () => {
    expect(tests.includes(`'${code}'`)).toBe(true);
  });
});
