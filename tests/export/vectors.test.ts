import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ExportCheck } from '@chancery/kernel/export';
import { ledger, vectors } from './vectors.ts';

const folder = path.resolve(import.meta.dirname, '../vectors/export');

test.each(Object.keys(vectors))('%s is what is written today', (file) => {
  expect(readFileSync(path.join(folder, file), 'utf8')).toBe(vectors[file]);
});

test.each([
  ['whole.chancery', 'ledger'],
  ['streams.chancery', 'streams'],
])('%s verifies against its ledger id alone', (file, scope) => {
  const check = new ExportCheck(ledger);
  expect(check.push(readFileSync(path.join(folder, file))).ok).toBe(true);
  expect(check.finish()).toMatchObject({ ok: true, value: { scope } });
});
