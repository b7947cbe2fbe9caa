import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LedgerAudit } from '@chancery/kernel/audit';
import { ExportCheck, ExportReader } from '@chancery/kernel/export';
import { valueOf } from '@chancery/testkit/builders';
import { ledger, vectors } from './vectors.ts';

const folder = path.resolve(import.meta.dirname, '../vectors/export');

test.each(Object.keys(vectors))('%s is what is written today', (file) => {
  expect(readFileSync(path.join(folder, file), 'utf8')).toBe(vectors[file]);
});

test('what a destroyed key has sealed is told as erased, and nothing else is missing', () => {
  const check = new ExportReader();
  const records = valueOf(check.push(readFileSync(path.join(folder, 'erased.chancery'))));
  const entries = records.flatMap((record) => (record.type === 'entry' ? [record.entry] : []));
  const [first] = records;
  const checkpoints = first?.type === 'manifest' ? [first.manifest.note] : [];
  const audit = new LedgerAudit({ ledger, witnesses: [], quorum: 0 }, { checkpoints });
  audit.page(entries.map(({ stored }) => stored));
  const { ok, erased, missingContents, heads } = audit.finish();
  const sealed = new Set(entries.flatMap(({ blobs }) => [...blobs.keys()]));
  expect({ ok, erased, missingContents }).toEqual({
    ok: true,
    erased: sealed.size,
    missingContents: 0,
  });
  expect(heads).toHaveLength(1);
  expect(sealed.size).toBeGreaterThan(3);
});

test.each([
  ['whole.chancery', 'ledger'],
  ['streams.chancery', 'streams'],
  ['erased.chancery', 'ledger'],
  ['erased-streams.chancery', 'streams'],
])('%s verifies against its ledger id alone', (file, scope) => {
  const check = new ExportCheck(ledger);
  expect(check.push(readFileSync(path.join(folder, file))).ok).toBe(true);
  expect(check.finish()).toMatchObject({ ok: true, value: { scope } });
});
